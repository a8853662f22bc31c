// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"

#include <array>
#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace packetloom {

/// Which addresses are in any kept packet, noted by many threads at once. A byte an address, because it is
/// looked at twice a packet.
class AddressMarks
{
public:
    /// Makes room for so many addresses. One thread; what others note must have been made room for before.
    void makeRoom(std::size_t addresses)
    {
        while (room_ < addresses) {
            const std::size_t size = firstSegment << used_;
            segments_[used_++] = std::make_unique<std::atomic<std::uint8_t>[]>(size);
            room_ += size;
        }
    }
    void note(AddressId id)
    {
        auto& mark = at(index(id));
        if (mark.load(std::memory_order_relaxed) == 0)
            mark.store(1, std::memory_order_relaxed);
    }
    /// visit(id) of those that were noted, by number, when nobody notes any more.
    template <class Visit>
    void forEach(const Visit& visit) const
    {
        for (std::size_t i = 0; i < room_; ++i) {
            if (at(i).load(std::memory_order_relaxed) != 0)
                visit(static_cast<AddressId>(i));
        }
    }

private:
    static constexpr std::size_t firstSegment = 4096; // each is twice as long as the one before

    [[nodiscard]] std::atomic<std::uint8_t>& at(std::size_t i) const
    {
        const std::size_t from1 = i / firstSegment + 1;
        const auto segment = static_cast<std::size_t>(std::bit_width(from1 / 2));
        return segments_[segment][i - firstSegment * ((std::size_t{1} << segment) - 1)];
    }

    std::array<std::unique_ptr<std::atomic<std::uint8_t>[]>, 32> segments_;
    std::size_t used_ = 0;
    std::size_t room_ = 0;
};

} // namespace packetloom
