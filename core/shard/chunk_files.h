// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// A chunk file as its merge task wrote it. Its bytes have no checksum: finish takes the file as it is, and
/// would have to read all of a dataset for that (docs/scale.md, 4).
struct ChunkFile
{
    std::string name;
    std::uint64_t bytes = 0;

    friend bool operator==(const ChunkFile&, const ChunkFile&) = default;
};

/// Those in a folder, by name. Error: Read.
Result<std::vector<ChunkFile>> chunkFilesIn(const std::filesystem::path& folder);

/// As a block of the merge task's facts.
std::string packedChunkFiles(const std::vector<ChunkFile>& files);
/// Nothing when it is none.
std::optional<std::vector<ChunkFile>> unpackedChunkFiles(std::string_view bytes);

} // namespace packetloom
