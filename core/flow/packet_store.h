// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
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
    static constexpr std::size_t payload = 60; // with the link 64 bytes: a cache line
    /// What may be written at once through room().
    static constexpr std::size_t mostAtOnce = 56;
    struct Chain
    {
        static constexpr std::uint32_t none = ~std::uint32_t{0};
        std::uint32_t first = none;
        std::uint32_t last = none;
        std::uint64_t bytes = 0;
        /// The last bytes, fewer than a block: they are where the chain is, so that growing it touches
        /// nothing else, and what is short never needs a block.
        std::array<std::uint8_t, payload + mostAtOnce> tail; // not initialised

        Chain() {} // NOLINT(modernize-use-equals-default): that would initialise the tail
        [[nodiscard]] std::size_t tailBytes() const { return static_cast<std::size_t>(bytes % payload); }
        void clear()
        {
            first = last = none;
            bytes = 0;
        }
    };

    void append(Chain& chain, std::span<const std::uint8_t> bytes);
    /// Where up to mostAtOnce bytes may be written that grow() then adds: append() without a copy.
    static std::uint8_t* room(Chain& chain) { return chain.tail.data() + chain.tailBytes(); }
    void grow(Chain& chain, std::size_t written)
    {
        const std::size_t tail = chain.tailBytes() + written;
        chain.bytes += written;
        if (tail >= payload)
            endBlock(chain);
    }
    /// The chain's bytes, in `out`, whose size does not matter; codecSlack bytes may be read behind them.
    std::span<const std::uint8_t> read(const Chain& chain, std::vector<std::uint8_t>& out) const;
    /// Makes the chain empty.
    void release(Chain& chain);
    /// Asks the processor to fetch what read() will read first.
    void prefetch(const Chain& chain) const;
    /// Bytes of memory held, free blocks included.
    [[nodiscard]] std::size_t capacityBytes() const { return slabs_.size() * sizeof(Slab); }

private:
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
    void endBlock(Chain& chain);

    std::vector<std::unique_ptr<Slab>> slabs_;
    /// Released blocks, the last one on top. Not linked in the blocks: those are cold when they come again.
    std::vector<std::uint32_t> free_;
    std::uint32_t fresh_ = 0; ///< blocks from here on were never used
};

} // namespace packetloom
