// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/shard/block_file.h"

#include <array>
#include <cstdint>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

namespace packetloom::test {

/// A block of a file, in memory.
struct HeldBlock
{
    std::uint64_t kind = 0;
    std::array<std::uint64_t, 3> tags{};
    std::string payload;
};

inline std::vector<HeldBlock> blocksOf(const std::filesystem::path& path, const BlockFileName& name)
{
    const auto file = BlockReader::open(path, name);
    if (!file)
        throw std::runtime_error("no blocks: " + file.error().detail);
    std::vector<HeldBlock> blocks;
    std::string bytes;
    for (const auto& block : file->blocks()) {
        const auto payload = file->read(block, bytes);
        if (!payload)
            throw std::runtime_error("no block: " + payload.error().detail);
        blocks.push_back({block.kind, block.tags, std::string(*payload)});
    }
    return blocks;
}

/// With right checksums, whatever the blocks hold. Replaces the file.
inline void writeBlocks(const std::filesystem::path& path, const BlockFileName& name,
                        const std::vector<HeldBlock>& blocks)
{
    std::filesystem::remove(path);
    BlockWriter file(path, name);
    for (const auto& block : blocks)
        file.add(block.kind, block.payload, block.tags);
    if (auto written = file.finish(); !written)
        throw std::runtime_error("not written: " + written.error().detail);
}

} // namespace packetloom::test
