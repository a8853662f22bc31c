// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/repeat_window.h"

namespace packetloom {

std::uint64_t RepeatWindow::add(std::span<const std::uint64_t> fingerprints)
{
    if (!table_ ||
        fingerprints.size() > ~std::uint32_t{0} - table_->last) // numbers are used up: a new window
        table_ = std::make_unique<Table>();
    Table& table = *table_;
    std::uint32_t last = table.last;
    std::uint64_t repeated = 0;
    for (const std::uint64_t fingerprint : fingerprints) {
        if (fingerprint == 0)
            continue;
        std::uint32_t& newest = table.newest[fingerprint % Table::chains];
        const std::uint32_t number = ++last, head = newest;
        // A packet that is just out of the window has its place until this one takes it.
        for (std::uint32_t at = head; number - at <= packets; at = table.before[at % packets]) {
            if (table.fingerprints[at % packets] == fingerprint) {
                ++repeated;
                break;
            }
        }
        table.before[number % packets] = head;
        table.fingerprints[number % packets] = fingerprint;
        newest = number;
    }
    table.last = last;
    return repeated;
}

} // namespace packetloom
