// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/exact_row_flows.h"

#include "core/analysis/flow_members.h"
#include "core/support/ordered_tasks.h"
#include "core/support/task_pool.h"

#include <mutex>
#include <span>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t blocksATask = 16;

} // namespace

Result<RowFlowsPtr> ExactRowFlows::make(const ExactFlows& flows, const PacketSpool& spool, StopFlag stop)
{
    auto made = std::make_shared<RowFlows>();
    made->sequences_.resize(2 * flows.size());
    made->sent_.resize(2 * flows.size());
    for (std::size_t i = 0; i < flows.size(); ++i) {
        const ExactFlow flow = flows.flow(i);
        for (std::size_t side = 0; side < flow.sides.size(); ++side) {
            const bool high = (side == ExactFlow::originator) == flow.originatorIsHigh;
            made->sequences_[2 * i + (high ? 1 : 0)] = flow.sides[side].firstSequence;
            made->sent_[2 * i + (high ? 1 : 0)] = flow.sides[side].firstSequence >= 0 ? 1 : 0;
        }
    }
    auto file = File::temporary(spool.folder());
    if (!file)
        return std::move(file).error();
    made->file_ = *std::move(file);
    const FlowMembers members(flows);
    std::mutex writing; // see File::writeAt()
    const auto work = [&](std::size_t begin, std::size_t end) -> Result<void> {
        PacketSpool::Reader reader(spool);
        std::vector<std::uint32_t> written;
        for (std::size_t block = begin; block < end; ++block) {
            if (stopped(stop))
                return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
            if (auto loaded = reader.load(block, PacketSpool::Protocol | PacketSpool::Ends |
                                                     PacketSpool::Time | PacketSpool::Extras);
                !loaded)
                return loaded;
            const std::size_t before = written.size();
            written.resize(before + reader.packets().size());
            members.flowsOf(reader.packets(), reader.extras(), reader.firstRow(),
                            std::span(written).subspan(before));
        }
        const std::lock_guard lock(writing);
        return made->file_.writeAt(
            begin * PacketSpool::blockRows * sizeof(std::uint32_t),
            {reinterpret_cast<const char*>(written.data()), written.size() * sizeof(std::uint32_t)});
    };
    TaskPool pool(0);
    OrderedTasks<Result<void>> tasks(pool);
    for (std::size_t begin = 0; begin < spool.blocks();) {
        const std::size_t end = std::min(begin + blocksATask, spool.blocks());
        tasks.push([&work, begin, end] { return work(begin, end); });
        begin = end;
        if (tasks.size() > 2 * std::size_t{pool.threads()}) {
            if (auto done = tasks.pop(); !done)
                return std::move(done).error();
        }
    }
    while (!tasks.empty()) {
        if (auto done = tasks.pop(); !done)
            return std::move(done).error();
    }
    return RowFlowsPtr(std::move(made));
}

} // namespace packetloom
