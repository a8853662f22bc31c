// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"
#include "core/model/packet_extras.h"

#include <cstdint>
#include <limits>
#include <queue>
#include <utility>
#include <vector>

namespace packetloom {

/// Rows that came too late for the order of time, until their turn among those that follow each other in it.
class LateRows
{
public:
    struct Row
    {
        Packet packet;
        PacketExtras extras;
        std::uint64_t hash = 0, row = 0;
        bool fromHigh = false;
    };

    void add(const Row& row) { rows_.push(row); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    /// Whether the first of them is before that packet, which has that number.
    [[nodiscard]] bool before(std::int64_t timestamp, std::uint64_t row) const
    {
        return !rows_.empty() &&
               std::pair(rows_.top().packet.timestamp, rows_.top().row) < std::pair(timestamp, row);
    }
    Row take()
    {
        const Row first = rows_.top();
        rows_.pop();
        return first;
    }

private:
    struct Later
    {
        bool operator()(const Row& a, const Row& b) const
        {
            return std::pair(a.packet.timestamp, a.row) > std::pair(b.packet.timestamp, b.row);
        }
    };
    std::priority_queue<Row, std::vector<Row>, Later> rows_;
};

} // namespace packetloom
