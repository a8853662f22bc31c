// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/ip_map.h"

#include <filesystem>
#include <map>

namespace packetloom {

/// The IP maps of several inputs, each read once. What it gives out stays where it is as long as the maps
/// live, also when they are moved.
class IpMaps
{
public:
    /// The map in `file`; one without addresses where there is no name. Never null. Errors: those of
    /// IpMap::load().
    Result<const IpMap*> of(const std::filesystem::path& file, const IpMap::GoOn& goOn = {},
                            const StopEvent* stop = nullptr);

private:
    std::map<std::filesystem::path, IpMap> maps_;
};

} // namespace packetloom
