// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet_batch.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace packetloom {

/// Some kept rows that follow each other and lie in one read chunk, their addresses resolved. Whoever needs
/// them longer than the call keeps the batch.
struct KeptRows
{
    std::shared_ptr<const PacketBatch> batch;
    std::size_t begin = 0, end = 0; ///< indexes into batch->packets and batch->places
    std::uint64_t firstRow = 0;     ///< number of the first among all kept rows, from 0
    std::size_t input = 0;          ///< index into Options::inputs
    std::uint64_t linesBefore = 0;  ///< lines of the file before the batch

    [[nodiscard]] bool empty() const { return begin == end; }
    [[nodiscard]] std::span<const Packet> packets() const
    {
        return std::span(batch->packets).subspan(begin, end - begin);
    }
    /// Where packets()[i] stood, from 1.
    [[nodiscard]] std::uint64_t line(std::size_t i) const
    {
        return linesBefore + batch->places[begin + i].line + 1;
    }
};

} // namespace packetloom
