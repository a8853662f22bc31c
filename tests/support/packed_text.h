// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom::test {

/// A member (or frame, or stream, or archive with one file) of this kind, with a checksum. Empty where the
/// library is not there.
std::string packed(std::string_view text, Compression compression);

/// A ZIP with these files, in a way of the format: deflated or not, sizes and checksum before the data or
/// behind it.
struct ZippedFile
{
    std::string name, text;
    bool deflated = true, sizesBehind = false;
};
std::string zipped(const std::vector<ZippedFile>& files);

/// All that can be read of a file, packed or not: up to its end, or to where it breaks.
std::string readableBytes(const std::filesystem::path& file);

/// Text without a quote or a line end that no compression makes much smaller.
std::string noise(std::size_t bytes);

} // namespace packetloom::test
