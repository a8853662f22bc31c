// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/packet_store.h"

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

void PacketStore::append(Chain& chain, std::span<const std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const std::size_t used = chain.bytes % payload;
        if (used == 0) { // no block yet, or the last one is full
            const auto number = allocate();
            block(number).next = Chain::none;
            if (chain.first == Chain::none)
                chain.first = number;
            else
                block(chain.last).next = number;
            chain.last = number;
        }
        const std::size_t n = std::min(bytes.size(), payload - used);
        std::memcpy(block(chain.last).bytes + used, bytes.data(), n);
        chain.bytes += n;
        bytes = bytes.subspan(n);
    }
}

void PacketStore::read(const Chain& chain, std::vector<std::uint8_t>& out) const
{
    out.resize(static_cast<std::size_t>(chain.bytes));
    std::uint32_t number = chain.first;
    for (std::size_t at = 0; at < out.size(); at += payload) {
        const Block& from = block(number);
        std::memcpy(out.data() + at, from.bytes, std::min(payload, out.size() - at));
        number = from.next;
    }
}

void PacketStore::release(Chain& chain)
{
    for (std::uint32_t number = chain.first; number != Chain::none; number = block(number).next)
        free_.push_back(number);
    chain = {};
}

void PacketStore::prefetch(const Chain& chain) const
{
#ifdef __GNUC__
    if (chain.first != Chain::none)
        __builtin_prefetch(&block(chain.first));
#else
    static_cast<void>(chain);
#endif
}

} // namespace packetloom
