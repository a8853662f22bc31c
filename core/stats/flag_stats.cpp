// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/flag_stats.h"

namespace packetloom {

std::size_t FlagStats::indexOf(const TcpFlags& flags)
{
    const FlagTypeName name(flags);
    const auto [found, added] = byName_.try_emplace(std::string(name.text()), counts_.size());
    if (added)
        counts_.push_back({std::string(name.text()), 0});
    return found->second;
}

bool FlagStats::restore(std::string_view name, std::uint64_t packets)
{
    if (!byName_.try_emplace(std::string(name), counts_.size()).second)
        return false;
    counts_.push_back({std::string(name), packets});
    return true;
}

void FlagStats::append(const FlagStats& later)
{
    for (const Count& count : later.counts_) {
        const auto [found, added] = byName_.try_emplace(count.name, counts_.size());
        if (added)
            counts_.push_back(count);
        else
            counts_[found->second].packets += count.packets;
    }
}

void FlagStats::clear()
{
    counts_.clear();
    byName_.clear();
    byByte_.fill(0);
}

void FlagStats::add(const TcpFlags& flags)
{
    const bool plain = flags.origin == TcpFlags::Origin::Value && flags.bits >= 0 && flags.bits < 256;
    if (!plain) {
        ++counts_[indexOf(flags)].packets;
        return;
    }
    std::size_t& known = byByte_[static_cast<std::size_t>(flags.bits)];
    if (known == 0)
        known = indexOf(flags) + 1;
    ++counts_[known - 1].packets;
}

} // namespace packetloom
