// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/prefetch.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace packetloom {

/// Slot numbers by hash: an open-addressing table of eight bytes an entry, which the library's tables are not
/// used for because they cannot be asked to fetch what a look-up will need. Keys stay where the slots are;
/// the caller compares them. Hashes must come from a keyed hash: chains of equal ones are walked in full.
class SlotTable
{
public:
    using Slot = std::uint32_t;

    /// Asks the processor to fetch where the look-up of this hash begins.
    void prefetch(std::uint64_t hash) const
    {
        if (!entries_.empty())
            prefetchLines(&entries_[home(low(hash))], sizeof(Entry));
    }
    /// The first slot with this hash, whose key may be another one's: for prefetching it. `none` if there is
    /// none.
    [[nodiscard]] Slot guess(std::uint64_t hash) const
    {
        return find(hash, [](Slot) { return true; });
    }
    /// The slot with this hash for which `same(slot)` holds, or `none`.
    template <class Same>
    [[nodiscard]] Slot find(std::uint64_t hash, const Same& same) const
    {
        if (entries_.empty())
            return none;
        for (std::size_t at = home(low(hash)); entries_[at].slot != none; at = next(at)) {
            if (entries_[at].hash == low(hash) && same(entries_[at].slot))
                return entries_[at].slot;
        }
        return none;
    }
    /// A slot that is not there yet, and not `none`.
    void insert(std::uint64_t hash, Slot slot)
    {
        if (2 * (size_ + 1) > entries_.size())
            grow();
        put({low(hash), slot});
        ++size_;
    }
    /// A slot that is there.
    void erase(std::uint64_t hash, Slot slot)
    {
        std::size_t gap = home(low(hash));
        while (entries_[gap].slot != slot)
            gap = next(gap);
        // What follows without a gap and would not be found across the new one moves into it.
        for (std::size_t at = next(gap); entries_[at].slot != none; at = next(at)) {
            const std::size_t wanted = home(entries_[at].hash);
            if (((at - wanted) & mask()) >= ((at - gap) & mask())) {
                entries_[gap] = entries_[at];
                gap = at;
            }
        }
        entries_[gap] = {};
        --size_;
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    /// See growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        return 2 * (size_ + more) <= entries_.size()
                   ? 0
                   : 2 * std::uint64_t{std::bit_ceil(size_ + more)} * sizeof(Entry);
    }
    /// visit(slot), in no particular order.
    template <class Visit>
    void forEach(const Visit& visit) const
    {
        for (const Entry& entry : entries_) {
            if (entry.slot != none)
                visit(entry.slot);
        }
    }

    static constexpr Slot none = ~Slot{0};

private:
    struct Entry
    {
        std::uint32_t hash = 0;
        Slot slot = none;
    };

    static std::uint32_t low(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }
    [[nodiscard]] std::size_t mask() const { return entries_.size() - 1; }
    [[nodiscard]] std::size_t home(std::uint32_t hash) const { return hash & mask(); }
    [[nodiscard]] std::size_t next(std::size_t at) const { return (at + 1) & mask(); }

    void put(Entry entry)
    {
        std::size_t at = home(entry.hash);
        while (entries_[at].slot != none)
            at = next(at);
        entries_[at] = entry;
    }
    void grow()
    {
        constexpr std::size_t fewest = 1024;
        std::vector<Entry> before(std::max(fewest, 2 * entries_.size()));
        before.swap(entries_);
        for (const Entry& entry : before) {
            if (entry.slot != none)
                put(entry);
        }
    }

    std::vector<Entry> entries_; ///< a power of two, at most half of them taken
    std::size_t size_ = 0;
};

} // namespace packetloom
