// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/group_key.h"

#include <algorithm>

namespace packetloom {
namespace {

struct Name
{
    GroupKey key;
    std::string_view name, longName;
};

// By key.
constexpr std::array<Name, groupKeyCount> names{{
    {GroupKey::Source, "src", "source"},
    {GroupKey::Destination, "dst", "destination"},
    {GroupKey::Address, "addr", "address"},
    {GroupKey::SourceSubnet, "srcnet", "source-subnet"},
    {GroupKey::DestinationSubnet, "dstnet", "destination-subnet"},
    {GroupKey::Subnet, "net", "subnet"},
    {GroupKey::Pair, "pair", "pair"},
    {GroupKey::SourcePort, "sport", "source-port"},
    {GroupKey::DestinationPort, "dport", "destination-port"},
    {GroupKey::Port, "port", "port"},
    {GroupKey::Protocol, "proto", "protocol"},
    {GroupKey::Service, "service", "service"},
    {GroupKey::State, "state", "state"},
    {GroupKey::Close, "close", "close"},
    {GroupKey::Reason, "reason", "reason"},
    {GroupKey::Flags, "flags", "flags"},
    {GroupKey::Time, "time", "time"},
}};
static_assert([] {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].key != static_cast<GroupKey>(i))
            return false;
    }
    return true;
}());

} // namespace

std::string_view groupKeyName(GroupKey key)
{
    return names[static_cast<std::size_t>(key)].name;
}

std::optional<GroupKey> groupKeyNamed(std::string_view name)
{
    const auto* const found = std::find_if(
        names.begin(), names.end(), [&](const Name& n) { return n.name == name || n.longName == name; });
    return found == names.end() ? std::nullopt : std::optional(found->key);
}

} // namespace packetloom
