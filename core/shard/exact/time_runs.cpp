// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/time_runs.h"

#include "core/support/zigzag.h"

namespace packetloom {

void TimeRuns::writeFirst(const AddressTable& addresses, BlockWriter& file)
{
    const auto write = [&](const LateRows::Row& one) {
        if (encoder_.empty())
            blockFirst_ = one.packet.timestamp;
        encoder_.add(one.packet, one.row, addresses, one.extras);
        written_ = one.packet.timestamp;
        if (encoder_.full())
            endBlock(file);
    };
    if (held_.empty() || late_.before(held_.front().packet.timestamp, held_.front().row)) {
        write(late_.take());
        --lateCount_;
    } else {
        write(held_.front());
        held_.pop_front();
    }
}

void TimeRuns::endRun(const AddressTable& addresses, BlockWriter& file)
{
    while (!held_.empty() || !late_.empty())
        writeFirst(addresses, file);
    endBlock(file);
    encoder_ = PartEncoder(PartPackets::OfAll);
    newest_ = written_ = never;
    ++run_;
}

void TimeRuns::endBlock(BlockWriter& file)
{
    if (encoder_.empty())
        return;
    const auto block = encoder_.take();
    file.add(part_, block, {run_, zigzag(blockFirst_, 0), zigzag(written_, 0)});
}

} // namespace packetloom
