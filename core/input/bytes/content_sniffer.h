// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/support/result.h"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

namespace packetloom {

/// How many first bytes compressionOf() wants to see.
inline constexpr std::size_t compressionMagicBytes = 8;
/// None also for what this program was built without.
Compression compressionOf(std::string_view head);

/// Why a stream that begins so is no text: Empty, Utf16, or Binary with the name of a known format as its
/// detail ("zip", ...); nothing when it is text. Only certain signs in the first 64 bytes count: a
/// capture with odd bytes further on is still read. `file` is named in the error.
std::optional<Error> whyNoText(std::string_view head, const std::filesystem::path& file);

} // namespace packetloom
