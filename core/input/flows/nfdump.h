// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/flows/flow_table_format.h"

namespace packetloom {

/// `nfdump -o csv`: the columns of 1.6 (ts, te, td, sa, ...), which a summary follows, and those of 1.7
/// (firstSeen, duration, proto, srcAddr, ...). A record of NetFlow is one direction of a connection (RFC
/// 3954), and is shown so. Times are local to where nfdump ran, and do not say it.
bool recogniseNfdump(std::string_view head);
Result<std::unique_ptr<FlowSource>> openNfdump(FlowTableBytes bytes);

inline constexpr FlowTableFormat nfdumpFormat{"nfdump", "nfdump CSV", recogniseNfdump, openNfdump};

} // namespace packetloom
