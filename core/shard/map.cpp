// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/map.h"

#include "core/output/timearcs_v2/packets_csv.h"
#include "core/run/preflight.h"
#include "core/shard/job_trouble.h"
#include "core/shard/part_codec.h"
#include "core/shard/shard_route.h"
#include "core/shard/stretch.h"
#include "core/shard/task_folder.h"
#include "core/support/guard.h"

#include <algorithm>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t rowsAQuestion = 4096;

/// What is made of the rows of a map task.
class MapOutput
{
public:
    MapOutput(const Job& job, std::size_t task, bool parts, const std::filesystem::path& folder,
              const AddressTable& addresses)
        : addresses_(addresses),
          facts_(folder, mapFileName(job, task, mapFactsFile)),
          parts_(folder / mapPartsFile, mapFileName(job, task, mapPartsFile)),
          route_(job.seed, job.shards),
          encoders_(parts ? job.shards : 0)
    {
        csv_.open(folder / mapPacketsFile);
    }

    void add(const KeptRows& rows)
    {
        std::uint64_t row = rows.firstRow;
        for (const Packet& packet : rows.packets()) {
            stats_.addAny(packet);
            facts_.time(packet.timestamp);
            if (packet.isTcp())
                addTcp(packet, row);
            ++row;
        }
        order_.add(rows.packets());
        for (auto rest = rows.packets();
             !rest.empty();) { // a piece of text at a time, which stays in the cache
            const auto piece = rest.first(std::min(rest.size(), rowsAQuestion));
            text_.clear();
            appendPacketsCsv(piece, addresses_, text_);
            told_.packetsBytes += text_.text().size();
            told_.packetsSum = crc32Of(text_.text(), told_.packetsSum);
            csv_.append(text_.text());
            rest = rest.subspan(piece.size());
        }
    }
    void endChunk(const CaptureRows::ReadChunk& chunk)
    {
        told_.chunks.push_back(
            {chunk.rows, chunk.kept, std::exchange(newest_, std::nullopt), chunk.pastWindow});
    }
    [[nodiscard]] std::optional<Error> failure() const
    {
        if (csv_.failed())
            return csv_.error();
        if (facts_.failed())
            return facts_.error();
        return parts_.failed() ? std::optional(parts_.error()) : std::nullopt;
    }
    Result<void> finish(RunTotals totals)
    {
        for (std::size_t i = 0; i < encoders_.size(); ++i)
            endBlock(i);
        stats_.putInOrder();
        for (const AddressId id : stats_.inOrder())
            facts_.address({addresses_.text(id), stats_.counters(id)});
        for (const AddressId id : stats_.unique()) {
            if (!stats_.counters(id).seen())
                facts_.address({addresses_.text(id), std::nullopt});
        }
        told_.rows = totals.rows;
        told_.rejectedBy = totals.rejectedBy;
        told_.notIpBy = totals.notIpBy;
        told_.firstRejected = std::move(totals.firstRejected);
        told_.warnings = std::move(totals.warnings);
        told_.input = inputFacts(order_, totals.inputs.front().frames, addresses_);
        told_.flags = flags_.counts();
        if (auto closed = csv_.close(); !closed)
            return closed;
        if (auto closed = parts_.finish(); !closed)
            return closed;
        return facts_.finish(told_);
    }

private:
    void addTcp(const Packet& packet, std::uint64_t row)
    {
        stats_.addTcp(packet, row);
        flags_.add(packet.flags);
        ++told_.tcpPackets;
        newest_ = std::max(newest_.value_or(packet.timestamp), packet.timestamp);
        if (encoders_.empty())
            return;
        const std::size_t shard = route_.shardOf(packet, addresses_);
        encoders_[shard].add(packet, row, addresses_);
        if (encoders_[shard].full())
            endBlock(shard);
    }
    void endBlock(std::size_t shard)
    {
        PartEncoder& encoder = encoders_[shard];
        if (encoder.empty())
            return;
        const auto block = encoder.take();
        parts_.add(shard, block, {encoder.firstRow(), encoder.lastRow(), 0});
    }

    const AddressTable& addresses_;
    BufferedWriter csv_;
    MapFactsWriter facts_;
    BlockWriter parts_;
    ShardRoute route_;
    std::vector<PartEncoder> encoders_;
    TextBuffer text_;
    AddressStats stats_;
    FlagStats flags_;
    PacketOrder order_;
    MapFacts told_;
    std::optional<std::int64_t> newest_;
};

Result<void> readAll(CaptureRows& rows, std::vector<CaptureRows::ReadChunk>& chunks, MapOutput& output,
                     ProgressMeter& meter)
{
    const auto goOn = [&](std::size_t, std::uint64_t coming) { return meter.tick(coming); };
    for (;;) {
        auto piece = rows.next(goOn);
        if (!piece)
            return std::move(piece).error();
        if (!*piece)
            return {};
        if (!(*piece)->rows.empty())
            output.add((*piece)->rows);
        if (!chunks.empty())
            output.endChunk(chunks.back());
        chunks.clear();
        if (auto failure = output.failure())
            return *std::move(failure);
        rows.noteProgress(meter.progress());
    }
}

} // namespace

Result<void> writeMap(const Job& job, std::size_t number, const MapLimits& limits,
                      const std::filesystem::path& folder, const TaskContext& context)
{
    const MapTask& task = job.tasks[number];
    if (auto same = checkUnchanged(job.fileOf(task)); !same)
        return same;
    for (std::size_t i = job.options.inputs.size(); i < job.files.size(); ++i) {
        if (auto same = checkUnchanged(job.files[i]); !same)
            return same;
    }
    Options options = job.options;
    options.inputs = {job.options.inputs[task.input]};
    options.maxRecords = limits.maxRecords;
    ProgressMeter meter(context.heartbeat, options.memoryLimit);
    return meter.reason([&]() -> Result<void> {
        auto plan = preflight(options, &meter, context.stop);
        if (!plan)
            return whilePreparing(std::move(plan).error());
        meter.progress().bytesTotal = plan->bytesTotal;
        if (!task.isWhole()) {
            auto opened = openStretch(plan->inputs.front().spec, task, options.blockSize);
            if (!opened)
                return std::move(opened).error();
            plan->inputs.front().opened = *std::move(opened);
            meter.progress().bytesTotal = stretchBytes(job, task);
        }
        TaskPool pool(options.threads);
        AddressTable addresses;
        CaptureRows rows(options, *plan, addresses, pool);
        std::vector<CaptureRows::ReadChunk> chunks;
        rows.goOnFrom(limits.before);
        rows.noteChunks(chunks);
        MapOutput output(job, number, limits.parts, folder, addresses);
        if (auto read = readAll(rows, chunks, output, meter); !read)
            return read;
        if (auto same = checkUnchanged(job.fileOf(task)); !same)
            return same;
        RunTotals totals;
        rows.finish(totals);
        return output.finish(std::move(totals));
    }());
}

Result<void> runMapTask(const Job& job, std::size_t number, const TaskContext& context)
{
    return guarded([&]() -> Result<void> {
        const TaskId id{TaskKind::Map, number};
        if (number >= job.tasks.size())
            return whilePreparing(jobError(JobTrouble::NoSuchTask, job.folder, id.name()));
        if (taskIsDone(job, id))
            return {};
        auto folder = TaskFolder::begin(job, id);
        if (!folder)
            return std::move(folder).error();
        const MapLimits limits{.before = {}, .maxRecords = job.options.maxRecords, .parts = true};
        if (auto written = writeMap(job, number, limits, folder->path(), context); !written)
            return written;
        return folder->commit();
    });
}

} // namespace packetloom
