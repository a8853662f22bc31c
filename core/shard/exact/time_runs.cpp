// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/time_runs.h"

#include "core/support/zigzag.h"

namespace packetloom {

void TimeRuns::writeFirst(const AddressTable& addresses, BlockWriter& file)
{
    if (held_.empty() || late_.before(held_.front().packet.timestamp, held_.front().row)) {
        const LateRows::Row one = late_.take();
        --lateCount_;
        write(one.packet, one.extras, one.row, addresses, file);
    } else {
        const LateRows::Row& one = held_.front();
        write(one.packet, one.extras, one.row, addresses, file);
        held_.pop_front();
    }
}

void TimeRuns::endRun(const AddressTable& addresses, BlockWriter& file)
{
    while (!held_.empty() || !late_.empty())
        writeFirst(addresses, file);
    endBlock(file);
    encoder_.beginAnew();
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
