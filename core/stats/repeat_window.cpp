// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/repeat_window.h"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t slots = std::size_t{4} * RepeatWindow::packets;

} // namespace

// The fingerprint's entry, or the free one that it may have.
RepeatWindow::Entry& RepeatWindow::place(Table& table, std::uint64_t fingerprint)
{
    const auto upper = static_cast<std::uint32_t>(fingerprint >> 32);
    for (std::size_t slot = fingerprint & (slots - 1);; slot = (slot + 1) & (slots - 1)) {
        Entry& entry = table[slot];
        if (entry.number == 0 || entry.upper == upper)
            return entry;
    }
}

void RepeatWindow::turn()
{
    std::swap(current_, before_);
    current_.assign(slots, Entry());
    inCurrent_ = 0;
}

void RepeatWindow::clear()
{
    for (Table* const table : {&current_, &before_})
        std::ranges::fill(*table, Entry());
    last_ = inCurrent_ = 0;
}

std::uint64_t RepeatWindow::add(std::span<const std::uint64_t> fingerprints)
{
    if (current_.empty()) {
        current_.resize(slots);
        before_.resize(slots);
    }
    std::uint64_t repeated = 0;
    for (const std::uint64_t fingerprint : fingerprints) {
        if (fingerprint == 0)
            continue;
        last_ += last_ + 1 != 0 ? 1 : 2; // 0 is for what is free
        Entry& here = place(current_, fingerprint);
        const std::uint32_t seen = here.number != 0 ? here.number : place(before_, fingerprint).number;
        repeated += static_cast<std::uint64_t>(seen != 0 && last_ - seen <= packets);
        here = {static_cast<std::uint32_t>(fingerprint >> 32), last_};
        if (++inCurrent_ == packets)
            turn();
    }
    return repeated;
}

} // namespace packetloom
