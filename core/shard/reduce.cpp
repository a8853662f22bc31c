// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/reduce.h"

#include "core/flow/flow_tracker.h"
#include "core/shard/cut.h"
#include "core/shard/exact/exact_reduce.h"
#include "core/shard/flow_file.h"
#include "core/shard/job_trouble.h"
#include "core/shard/part_codec.h"
#include "core/shard/task_folder.h"
#include "core/support/guard.h"

#include <numeric>

namespace packetloom {
namespace {

constexpr std::size_t flowsAQuestion = 256;

class Reduction
{
public:
    Reduction(const Job& job, std::size_t shard, const Cut& cut, const std::filesystem::path& folder,
              ProgressMeter& meter)
        : job_(job),
          shard_(shard),
          cut_(cut),
          meter_(meter),
          tracker_(job.options.flowTimeoutSeconds, folder),
          flows_(folder, flowFileName(job, shard), addresses_)
    {
    }

    Result<void> run()
    {
        for (std::size_t i = 0; i < cut_.tasks.size(); ++i) {
            if (cut_.tasks[i].chunks.empty())
                continue;
            if (auto read = readTask(i); !read)
                return read;
        }
        meter_.progress().phase = Phase::OpenFlows;
        flows_.judgedAt(cut_.chunks);
        number();
        if (auto handed = handOver(tracker_.open()); !handed)
            return handed;
        return flows_.finish();
    }

private:
    Result<void> readTask(std::size_t number)
    {
        const CutTask& task = cut_.tasks[number];
        const auto folder = taskFolder(job_, {TaskKind::Map, number});
        const auto file = BlockReader::open(folder / mapPartsFile, mapFileName(job_, number, mapPartsFile));
        if (!file)
            return file.error();
        PartDecoder decoder(addresses_);
        std::size_t chunk = 0;
        std::uint64_t chunkEnd = task.chunks.front().kept;
        for (const auto& block : file->blocks()) {
            if (block.kind != shard_ || block.tags[0] >= task.rows)
                continue;
            const auto payload = file->read(block, bytes_, PartDecoder::slack);
            if (!payload)
                return payload.error();
            if (!decoder.decode(*payload, rows_) || rows_.rows.empty() || rows_.rows.back() != block.tags[1])
                return file->damaged("a block is none");
            for (std::size_t i = 0; i < rows_.rows.size() && rows_.rows[i] < task.rows; ++i) {
                while (rows_.rows[i] >= chunkEnd) {
                    if (auto judged = judge(task, chunk); !judged)
                        return judged;
                    chunkEnd += task.chunks[++chunk].kept;
                }
                tracker_.add(rows_.packets[i], task.firstRow + rows_.rows[i]);
            }
            if (auto goes = goOn(); !goes)
                return goes;
        }
        for (; chunk < task.chunks.size(); ++chunk) {
            if (auto judged = judge(task, chunk); !judged)
                return judged;
        }
        return {};
    }
    Result<void> judge(const CutTask& task, std::size_t chunk)
    {
        const auto newest = task.chunks[chunk].newest;
        if (!newest)
            return {};
        flows_.judgedAt(task.firstChunk + chunk);
        number();
        return handOver(tracker_.complete(*newest));
    }
    void number()
    {
        const auto rows = tracker_.takeUnnumbered();
        flows_.opened(rows);
        std::vector<std::uint64_t> numbers(rows.size());
        std::iota(numbers.begin(), numbers.end(), numbered_ + 1);
        numbered_ += rows.size();
        tracker_.setNumbers(numbers);
    }
    Result<void> handOver(const std::vector<FlowTracker::Slot>& slots)
    {
        for (std::size_t i = 0; i < slots.size(); ++i) {
            tracker_.prefetch(slots, i);
            if (!tracker_.handOver(slots[i], flows_))
                return *flows_.failure();
            if (i % flowsAQuestion != 0)
                continue;
            if (auto goes = goOn(); !goes)
                return goes;
        }
        return {};
    }
    Result<void> goOn()
    {
        if (tracker_.failure())
            return *tracker_.failure();
        Progress& progress = meter_.progress();
        progress.flows = tracker_.openedFlows();
        progress.openFlows = tracker_.openFlows();
        progress.addresses = addresses_.size() - 1;
        if (!meter_.tick(tracker_.growth(flowsAQuestion)))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        return {};
    }

    const Job& job_;
    std::size_t shard_;
    const Cut& cut_;
    ProgressMeter& meter_;
    AddressTable addresses_;
    FlowTracker tracker_;
    FlowFileWriter flows_;
    std::uint64_t numbered_ = 0;
    std::string bytes_;
    PartRows rows_;
};

} // namespace

Result<void> runReduceTask(const Job& job, std::size_t shard, const TaskContext& context)
{
    return guarded([&]() -> Result<void> {
        const TaskId id{TaskKind::Reduce, shard};
        if (shard >= job.shards)
            return whilePreparing(jobError(JobTrouble::NoSuchTask, job.folder, id.name()));
        if (taskIsDone(job, id))
            return {};
        const auto cut = readCut(job);
        if (!cut)
            return ofOtherTasks(cut.error());
        auto folder = TaskFolder::begin(job, id);
        if (!folder)
            return std::move(folder).error();
        ProgressMeter meter(context.heartbeat, job.options.memoryLimit);
        const auto reduce = [&] {
            return job.output.needsExactFlows() ? reduceExact(job, shard, *cut, folder->path(), meter)
                                                : Reduction(job, shard, *cut, folder->path(), meter).run();
        };
        if (auto done = meter.reason(reduce()); !done)
            return done;
        return folder->commit();
    });
}

} // namespace packetloom
