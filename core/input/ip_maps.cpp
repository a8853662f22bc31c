// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/ip_maps.h"

#include <utility>

namespace packetloom {

Result<const IpMap*> IpMaps::of(const std::filesystem::path& file, const IpMap::GoOn& goOn,
                                const StopEvent* stop)
{
    if (const auto known = maps_.find(file); known != maps_.end())
        return &known->second;
    auto map = file.empty() ? Result<IpMap>(IpMap()) : IpMap::load(file, goOn, stop);
    if (!map)
        return std::move(map).error();
    return &maps_.emplace(file, *std::move(map)).first->second;
}

} // namespace packetloom
