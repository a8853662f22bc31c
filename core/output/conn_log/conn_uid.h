// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <tsl/robin_map.h>

namespace packetloom {

/// The uids of the flows of a capture: "C" and 17 letters and digits, in the form of Zeek's. They are made of
/// both ends, the protocol and the time of the first packet, so a flow has the same one in every run, on
/// every machine, and in other outputs. Flows of which all of that is the same (a capture without times) are
/// told apart by their order.
class ConnUids
{
public:
    /// Of all flows of a capture in their order, also of those that are not written.
    std::string next(const ExactFlow& flow, std::string_view originator, std::string_view responder);

private:
    std::int64_t start_ = 0;
    tsl::robin_map<FlowKey, std::uint64_t, FlowKeyHash> seen_; ///< how many began just then
};

} // namespace packetloom
