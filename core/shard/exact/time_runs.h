// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/model/packet.h"
#include "core/model/packet_extras.h"
#include "core/run/late_rows.h"
#include "core/shard/block_file.h"
#include "core/shard/part_codec.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <utility>

namespace packetloom {

/// Writes the packets of one part in runs, each in the order of time, then of rows: what was in that order
/// becomes one run, also where packets come late by as many as are held back. A run stands alone: a decoder
/// begins anew with it. Its blocks have the kind of the part, and as tags the run and the times of their
/// first and last packet (zigzag).
class TimeRuns
{
public:
    /// At most so many packets of a part are held back, and none before one came late.
    TimeRuns(std::uint64_t part, std::size_t held, std::shared_ptr<ExtrasPacker> packer = {})
        : part_(part), mostHeld_(held), encoder_(PartPackets::OfAll, std::move(packer))
    {
    }

    void add(const Packet& packet, const PacketExtras& extras, std::uint64_t row,
             const AddressTable& addresses, BlockWriter& file)
    {
        if (packet.timestamp < written_) {
            endRun(addresses, file);
            disordered_ = true;
        }
        if (!disordered_) {
            write(packet, extras, row, addresses, file);
            return;
        }
        const LateRows::Row one{.packet = packet, .extras = extras, .row = row};
        if (packet.timestamp < newest_) {
            late_.add(one);
            ++lateCount_;
        } else {
            newest_ = packet.timestamp;
            held_.push_back(one);
        }
        while (held_.size() + lateCount_ > mostHeld_)
            writeFirst(addresses, file);
    }
    /// After the last packet.
    void finish(const AddressTable& addresses, BlockWriter& file) { endRun(addresses, file); }

private:
    static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();

    void write(const Packet& packet, const PacketExtras& extras, std::uint64_t row,
               const AddressTable& addresses, BlockWriter& file)
    {
        if (encoder_.empty())
            blockFirst_ = packet.timestamp;
        encoder_.add(packet, row, addresses, extras);
        written_ = packet.timestamp;
        if (encoder_.full())
            endBlock(file);
    }
    void writeFirst(const AddressTable& addresses, BlockWriter& file);
    void endRun(const AddressTable& addresses, BlockWriter& file);
    void endBlock(BlockWriter& file);

    std::uint64_t part_, run_ = 0;
    std::size_t mostHeld_;
    bool disordered_ = false; ///< one came late
    PartEncoder encoder_;
    std::deque<LateRows::Row> held_; ///< in the order of time
    LateRows late_;
    std::size_t lateCount_ = 0;
    std::int64_t newest_ = never;  ///< time of the last of held_
    std::int64_t written_ = never; ///< of the last packet that was written of the run
    std::int64_t blockFirst_ = 0;  ///< of the first one in the block at hand
};

} // namespace packetloom
