// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/group_table.h"
#include "core/model/address_table.h"

#include <cstddef>
#include <optional>
#include <string>

namespace packetloom {

/// "10.0.0.0/24".
std::string subnetText(const Subnet& subnet);

/// A value for machines: addresses and words as they stand (hostile text), "a <-> b" of a pair, subnets,
/// the dataset's words of states, ports, times in microseconds. Empty for what has none.
std::string groupValueText(const GroupValue& value, const AddressTable& addresses);

/// What leaves the flows or packets of a group, as a filter to be read by parseFilter(): "initiator ==
/// 10.0.0.0/24 and flow(dport == 443)". Of flows it leaves the packets of these flows, both ways, and no
/// others. Where texts of addresses mean the same it leaves those of all of them. Nothing where the language
/// has no way to say it, as of a text that is not UTF-8.
std::optional<std::string> groupFilter(const GroupTable& table, std::size_t group,
                                       const AddressTable& addresses);

/// The same of one value that flows have.
std::optional<std::string> flowGroupFilter(const GroupValue& value, const GroupSteps& steps,
                                           const AddressTable& addresses);

} // namespace packetloom
