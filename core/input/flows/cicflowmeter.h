// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/flows/flow_table_format.h"

namespace packetloom {

/// The CSV of CICFlowMeter, in the spelling of its early versions ("Source IP", "Total Fwd Packets", ...) and
/// of later ones ("Src IP", "Tot Fwd Pkts", ...). Dates may begin with the day or the month: the whole file
/// is looked at.
bool recogniseCicFlowMeter(std::string_view head);
Result<std::unique_ptr<FlowSource>> openCicFlowMeter(FlowTableBytes bytes);

inline constexpr FlowTableFormat cicflowmeterFormat{"cicflowmeter", "CICFlowMeter CSV", recogniseCicFlowMeter,
                                                    openCicFlowMeter};

} // namespace packetloom
