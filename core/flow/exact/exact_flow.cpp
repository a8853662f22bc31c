// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/exact_flow.h"

namespace packetloom {

std::string_view connStateName(ConnState state)
{
    constexpr std::array<std::string_view, connStateCount> names{
        "S0", "S1", "SF", "REJ", "S2", "S3", "RSTO", "RSTR", "RSTOS0", "RSTRH", "SH", "SHR", "OTH"};
    return names[static_cast<std::size_t>(state)];
}

std::string_view endReasonName(EndReason ending)
{
    constexpr std::array<std::string_view, endReasonCount> names{
        "capture_end", "closed", "reset", "attempt", "partial_close", "inactivity", "reused"};
    return names[static_cast<std::size_t>(ending)];
}

} // namespace packetloom
