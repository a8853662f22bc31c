// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/prefetch.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace packetloom {

/// Slot numbers by hash: an open-addressing table of about twelve bytes an entry, which the library's tables
/// are not used for because they cannot be asked to fetch what a look-up will need. Keys stay where the slots
/// are; the caller compares them. Hashes must come from a keyed hash: chains of equal ones are walked in
/// full. The table is cut into parts by the hash, each of which grows by itself: what is copied while it
/// grows is small, and little is there twice.
class SlotTable
{
public:
    using Slot = std::uint32_t;

    /// Asks the processor to fetch where the look-up of this hash begins.
    void prefetch(std::uint64_t hash) const
    {
        const Part& part = partOf(low(hash));
        if (part.places > 0)
            prefetchLines(&part.entries[part.home(low(hash))], sizeof(Entry));
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
        const Part& part = partOf(low(hash));
        if (part.places == 0)
            return none;
        for (std::uint32_t at = part.home(low(hash)); part.entries[at].slot != none; at = part.next(at)) {
            if (part.entries[at].hash == low(hash) && same(part.entries[at].slot))
                return part.entries[at].slot;
        }
        return none;
    }
    /// A slot that is not there yet, and not `none`.
    void insert(std::uint64_t hash, Slot slot)
    {
        Part& part = parts_[low(hash) >> partShift];
        if (part.full(1))
            part.grow();
        part.put({low(hash), slot});
        ++part.taken;
        ++size_;
    }
    /// A slot that is there.
    void erase(std::uint64_t hash, Slot slot)
    {
        Part& part = parts_[low(hash) >> partShift];
        std::uint32_t gap = part.home(low(hash));
        while (part.entries[gap].slot != slot)
            gap = part.next(gap);
        // What follows without a gap and would not be found across the new one moves into it.
        for (std::uint32_t at = part.next(gap); part.entries[at].slot != none; at = part.next(at)) {
            const std::uint32_t wanted = part.home(part.entries[at].hash);
            if (part.steps(wanted, at) >= part.steps(gap, at)) {
                part.entries[gap] = part.entries[at];
                gap = at;
            }
        }
        part.entries[gap] = {};
        --part.taken;
        --size_;
    }
    [[nodiscard]] std::size_t size() const { return size_; }
    /// See growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        const std::size_t each = 2 * (more / partCount) + 1; // hashes do not fall evenly
        std::uint64_t places = 0, twice = 0;
        for (const Part& part : parts_) {
            if (!part.full(each))
                continue;
            places += std::max(part.larger(), 2 * (std::uint64_t{part.taken} + each)) - part.places;
            twice = std::max(twice, std::uint64_t{part.places});
        }
        return (places + twice) * sizeof(Entry);
    }

    /// visit(slot), in no particular order.
    template <class Visit>
    void forEach(const Visit& visit) const
    {
        for (const Part& part : parts_) {
            for (std::uint32_t at = 0; at < part.places; ++at) {
                if (part.entries[at].slot != none)
                    visit(part.entries[at].slot);
            }
        }
    }

    static constexpr Slot none = ~Slot{0};

private:
    struct Entry
    {
        std::uint32_t hash = 0;
        Slot slot = none;
    };
    static constexpr unsigned partBits = 6, partShift = 32 - partBits;
    static constexpr std::size_t partCount = std::size_t{1} << partBits;

    /// Entries in order of their hashes but for those that are shoved on, so growing reads and writes from
    /// the one end to the other.
    struct Part
    {
        std::unique_ptr<Entry[]> entries;
        std::uint32_t places = 0;
        std::uint32_t taken = 0; ///< at most three quarters

        [[nodiscard]] std::uint32_t home(std::uint32_t hash) const
        {
            return static_cast<std::uint32_t>(std::uint64_t{hash << partBits} * places >> 32);
        }
        [[nodiscard]] std::uint32_t next(std::uint32_t at) const { return at + 1 == places ? 0 : at + 1; }
        [[nodiscard]] std::uint32_t steps(std::uint32_t from, std::uint32_t to) const
        {
            return to >= from ? to - from : to + places - from;
        }
        [[nodiscard]] bool full(std::size_t more) const
        {
            return 4 * (std::uint64_t{taken} + more) > 3 * std::uint64_t{places};
        }
        [[nodiscard]] std::uint64_t larger() const
        {
            constexpr std::uint32_t fewest = 16, doubles = 2048; // a large one grows by a quarter
            return places < doubles ? std::max(fewest, 2 * places) : std::uint64_t{places} + places / 4;
        }
        void put(Entry entry)
        {
            std::uint32_t at = home(entry.hash);
            while (entries[at].slot != none)
                at = next(at);
            entries[at] = entry;
        }
        void grow()
        {
            const auto before = std::move(entries);
            const std::uint32_t count = places;
            const std::uint64_t now = larger();
            entries = std::make_unique<Entry[]>(static_cast<std::size_t>(now));
            places = static_cast<std::uint32_t>(now);
            for (std::uint32_t i = 0; i < count; ++i) {
                if (before[i].slot != none)
                    put(before[i]);
            }
        }
    };

    static std::uint32_t low(std::uint64_t hash) { return static_cast<std::uint32_t>(hash); }
    [[nodiscard]] const Part& partOf(std::uint32_t hash) const { return parts_[hash >> partShift]; }

    std::array<Part, partCount> parts_;
    std::size_t size_ = 0;
};

} // namespace packetloom
