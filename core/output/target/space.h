// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/json_style.h"

#include <cstdint>
#include <filesystem>

namespace packetloom {

/// About how many bytes a dataset of so many packets takes: what generated and recorded captures took (a
/// packet is in packets.csv once and in its flow's JSON twice), rounded up.
constexpr std::uint64_t estimatedDatasetBytes(std::uint64_t packets, JsonStyle style)
{
    return packets * (style == JsonStyle::Compact ? 600u : 950u);
}

/// Bytes that are free for this user where `folder` is, or will be; the largest number when that is not
/// known.
std::uint64_t availableBytes(const std::filesystem::path& folder);

/// Whether the file system there has no entry left for another file, however many bytes are free. False where
/// that is not known.
bool hasNoRoomForFiles(const std::filesystem::path& folder);

} // namespace packetloom
