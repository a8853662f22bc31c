// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace packetloom {

/// Byte strings that grow at their ends, thousands at a time, in shared small blocks: the packets of the open
/// flows. Blocks of released chains are used again; memory follows what is held at once, not what has passed
/// through.
class PacketStore
{
public:
    struct Chain
    {
        static constexpr std::uint32_t none = ~std::uint32_t{0};
        std::uint32_t first = none;
        std::uint32_t last = none;
        std::uint64_t bytes = 0;
    };

    void append(Chain& chain, std::span<const std::uint8_t> bytes);
    /// Replaces `out` by the chain's bytes.
    void read(const Chain& chain, std::vector<std::uint8_t>& out) const;
    /// Makes the chain empty.
    void release(Chain& chain);
    /// Asks the processor to fetch what read() will read first.
    void prefetch(const Chain& chain) const;
    /// Bytes of memory held, free blocks included.
    [[nodiscard]] std::size_t capacityBytes() const { return slabs_.size() * sizeof(Slab); }

private:
    static constexpr std::size_t payload =
        60; // with the link 64 bytes: a cache line; a typical flow takes two or three
    struct Block
    {
        std::uint32_t next;
        std::uint8_t bytes[payload];
    };
    static constexpr std::size_t blocksPerSlab = 1024;
    struct Slab
    {
        Block blocks[blocksPerSlab];
    };

    Block& block(std::uint32_t number)
    {
        return slabs_[number / blocksPerSlab]->blocks[number % blocksPerSlab];
    }
    [[nodiscard]] const Block& block(std::uint32_t number) const
    {
        return slabs_[number / blocksPerSlab]->blocks[number % blocksPerSlab];
    }
    std::uint32_t allocate();

    std::vector<std::unique_ptr<Slab>> slabs_;
    /// Released blocks, the last one on top. Not linked in the blocks: those are cold when they come again.
    std::vector<std::uint32_t> free_;
    std::uint32_t fresh_ = 0; ///< blocks from here on were never used
};

} // namespace packetloom
