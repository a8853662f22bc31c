// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/packet_store.h"

#include "core/flow/packet_codec.h"
#include "core/support/prefetch.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace packetloom {

std::uint32_t PacketStore::allocate()
{
    if (!free_.empty()) {
        const auto number = free_.back();
        free_.pop_back();
        return number;
    }
    if (fresh_ == Chain::none)
        throw std::length_error("too many packets in open flows");
    if (fresh_ % blocksPerSlab == 0)
        slabs_.push_back(std::make_unique_for_overwrite<Slab>());
    return fresh_++;
}

// The first bytes of the tail are a block; what follows becomes the tail.
void PacketStore::endBlock(Chain& chain)
{
    const auto number = allocate();
    Block& filled = block(number);
    filled.next = Chain::none;
    std::memcpy(filled.bytes, chain.tail.data(), payload);
    std::memcpy(chain.tail.data(), chain.tail.data() + payload, mostAtOnce);
    if (chain.first == Chain::none)
        chain.first = number;
    else
        block(chain.last).next = number;
    chain.last = number;
}

void PacketStore::append(Chain& chain, std::span<const std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const std::size_t n = std::min(bytes.size(), mostAtOnce);
        std::memcpy(room(chain), bytes.data(), n);
        grow(chain, n);
        bytes = bytes.subspan(n);
    }
}

// Whole blocks are copied, also the last one: lengths that are known make no calls.
std::span<const std::uint8_t> PacketStore::read(const Chain& chain, std::vector<std::uint8_t>& out) const
{
    const auto size = static_cast<std::size_t>(chain.bytes);
    if (out.size() < size + payload + codecSlack)
        out.resize(size + payload + codecSlack);
    std::uint8_t* to = out.data();
    for (std::uint32_t number = chain.first; number != Chain::none; to += payload) {
        const Block& from = block(number);
        number = from.next;
        if (number != Chain::none)
            prefetchLines(&block(number), sizeof(Block));
        std::memcpy(to, from.bytes, payload);
    }
    std::memcpy(to, chain.tail.data(), payload);
    return std::span(out).first(size);
}

void PacketStore::release(Chain& chain)
{
    for (std::uint32_t number = chain.first; number != Chain::none; number = block(number).next)
        free_.push_back(number);
    chain.clear();
}

void PacketStore::prefetch(const Chain& chain) const
{
    if (chain.first != Chain::none)
        prefetchLines(&block(chain.first), sizeof(Block));
}

} // namespace packetloom
