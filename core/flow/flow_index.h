// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/prefetch.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace packetloom {

/// Slots of open flows by the hash of their keys: a hash table with linear probing that holds eight bytes a
/// bucket and compares keys where the flows are. A library's table would do, but for candidate() and
/// prefetch(): the table of a capture does not fit into the processor's nearer caches, and a third of the
/// time a packet took was waiting for it.
class FlowIndex
{
public:
    using Slot = std::uint32_t;
    using Hash = std::uint32_t;

    static Hash fold(std::uint64_t hash) { return static_cast<Hash>(hash ^ hash >> 32); }

    /// The slot with this hash for which `same(slot)` holds.
    template <class Same>
    [[nodiscard]] std::optional<Slot> find(Hash hash, const Same& same) const
    {
        for (std::size_t at = hash & mask_; buckets_[at].used; at = (at + 1) & mask_) {
            if (buckets_[at].hash == hash && same(slotOf(buckets_[at])))
                return slotOf(buckets_[at]);
        }
        return std::nullopt;
    }
    /// Some slot with this hash, most likely the wanted one.
    [[nodiscard]] std::optional<Slot> candidate(Hash hash) const
    {
        return find(hash, [](Slot) { return true; });
    }
    void prefetch(Hash hash) const { packetloom::prefetch(&buckets_[hash & mask_]); }

    /// A slot that is not there.
    void insert(Hash hash, Slot slot);
    /// A slot that is there with this hash.
    void erase(Hash hash, Slot slot);
    [[nodiscard]] std::size_t size() const { return size_; }
    /// In no particular order.
    [[nodiscard]] std::vector<Slot> slots() const;

private:
    // The slot is kept plus one, so that 0 is free: `used`.
    struct Bucket
    {
        Hash hash = 0;
        std::uint32_t used = 0;
    };
    static Slot slotOf(const Bucket& bucket) { return bucket.used - 1; }
    void grow();

    std::vector<Bucket> buckets_ = std::vector<Bucket>(1024); ///< a power of two, at most half of them used
    std::size_t mask_ = 1023;
    std::size_t size_ = 0;
};

} // namespace packetloom
