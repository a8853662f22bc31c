// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/flows/flow_table_format.h"

namespace packetloom {

/// `ra -c ,` of Argus, with its line of names, in the spelling of ra (StartTime, SrcAddr, ...) or of rasql
/// and many published data sets (stime, saddr, ...).
bool recogniseArgus(std::string_view head);
Result<std::unique_ptr<FlowSource>> openArgus(FlowTableBytes bytes);

inline constexpr FlowTableFormat argusFormat{"argus", "Argus ra CSV", recogniseArgus, openArgus};

} // namespace packetloom
