// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/exact_reduce.h"

#include "core/flow/exact/exact_tracker.h"
#include "core/shard/exact/exact_flow_file.h"
#include "core/shard/exact/flow_sorter.h"
#include "core/shard/exact/timed_rows.h"
#include "core/shard/map_facts.h"
#include "core/shard/task_folder.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace packetloom {
namespace {

constexpr std::size_t flowsAQuestion = 4096;
constexpr std::size_t tableAhead = 12, placeAhead = 8, connectionAhead = 5,
                      judgedAhead = 2; // packets fetched before their turn

class ExactReduction
{
public:
    ExactReduction(const Job& job, const std::filesystem::path& folder, ProgressMeter& meter)
        : meter_(meter),
          sorter_(folder, addresses_, [&meter] { return meter.tick(); }),
          tracker_(job.options.exact,
                   [this](const Connection& flow, EndReason ending) { sorter_.add(flow.flow(ending)); })
    {
        tracker_.setBroadcast(addresses_.intern("255.255.255.255"));
    }

    AddressTable& addresses() { return addresses_; }

    Result<void> track(TimedRows& packets)
    {
        for (;;) {
            if (auto read = packets.next(rows_); !read)
                return read;
            if (rows_.rows.empty())
                return {};
            trackRows();
            if (sorter_.failure())
                return *sorter_.failure();
            Progress& progress = meter_.progress();
            progress.packets += rows_.rows.size();
            progress.flows = tracker_.openedFlows();
            progress.openFlows = tracker_.openFlows();
            progress.addresses = addresses_.size() - 1;
            if (!meter_.tick(tracker_.growth(flowsAQuestion)))
                return cancelled();
        }
    }
    Result<void> finish(std::int64_t newest, ExactFlowWriter& file)
    {
        meter_.progress().phase = Phase::OpenFlows;
        bool goesOn = true;
        tracker_.finish(newest, [&] { return goesOn = goesOn && meter_.tick(); });
        if (!goesOn)
            return cancelled();
        if (auto sorted = sorter_.finish(file); !sorted)
            return sorted;
        return file.finish();
    }

private:
    static Error cancelled() { return {.code = Errc::Cancelled, .detail = {}, .file = {}}; }

    void trackRows()
    {
        routed_.clear();
        for (std::size_t i = 0; i < rows_.rows.size(); ++i) {
            bool fromHigh = false;
            if (const auto key = ConnectionKey::of(rows_.packets[i], rows_.extras[i], fromHigh))
                routed_.push_back({*key, hash_(*key), i, fromHigh});
        }
        for (std::size_t i = 0; i < routed_.size(); ++i) {
            if (i + tableAhead < routed_.size()) {
                tracker_.prefetch(routed_[i + tableAhead].hash);
                tracker_.prefetchPlace(routed_[i + placeAhead].hash);
                tracker_.prefetchConnection(routed_[i + connectionAhead].hash);
                tracker_.prefetchJudged(routed_[i + judgedAhead].hash);
            }
            const auto& [key, hash, at, fromHigh] = routed_[i];
            tracker_.add(key, hash, fromHigh, rows_.packets[at], rows_.extras[at], rows_.rows[at]);
        }
    }

    struct Routed
    {
        ConnectionKey key;
        std::uint64_t hash;
        std::size_t at;
        bool fromHigh;
    };

    ProgressMeter& meter_;
    AddressTable addresses_;
    FlowSorter sorter_;
    ExactTracker tracker_;
    ConnectionKeyHash hash_;
    PartRows rows_;
    std::vector<Routed> routed_;
};

/// The runs that the map tasks have of a part, as far as they count.
Result<std::vector<TimedRun>> runsOfPart(const Job& job, std::size_t shard, const Cut& cut)
{
    std::vector<TimedRun> runs;
    for (std::size_t i = 0; i < cut.tasks.size(); ++i) {
        const CutTask& task = cut.tasks[i];
        if (task.rows == 0)
            continue;
        const auto file = BlockReader::open(taskFolder(job, {TaskKind::Map, i}) / mapPartsFile,
                                            mapFileName(job, i, mapPartsFile));
        if (!file)
            return file.error();
        for (auto& run : runsOf(*file, shard)) {
            run.firstRow = task.firstRow;
            run.rows = task.rows;
            runs.push_back(std::move(run));
        }
    }
    return runs;
}

} // namespace

BlockFileName exactFlowsName(const Job& job, std::size_t shard)
{
    return {job.id, TaskId{TaskKind::Reduce, shard}.name() + ' ' + std::string(exactFlowsFile)};
}

Result<void> reduceExact(const Job& job, std::size_t shard, const Cut& cut,
                         const std::filesystem::path& folder, ProgressMeter& meter)
{
    auto runs = runsOfPart(job, shard, cut);
    if (!runs)
        return std::move(runs).error();
    auto newest = std::numeric_limits<std::int64_t>::min();
    for (const auto& task : cut.tasks) {
        for (const auto& chunk : task.chunks)
            newest = std::max(newest, chunk.newest.value_or(newest));
    }
    ExactReduction reduction(job, folder, meter);
    TimedRows packets(*std::move(runs), reduction.addresses(), folder, [&meter] { return meter.tick(); });
    if (auto tracked = reduction.track(packets); !tracked)
        return tracked;
    ExactFlowWriter file(folder / exactFlowsFile, exactFlowsName(job, shard), reduction.addresses());
    return reduction.finish(newest, file);
}

} // namespace packetloom
