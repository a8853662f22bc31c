// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/cut.h"

#include "core/shard/part_codec.h"
#include "core/shard/task_folder.h"

#include <algorithm>
#include <utility>

namespace packetloom {
namespace {

/// The newest time of the packets of rows from `begin` to before `end` of a map task.
Result<std::optional<std::int64_t>> newestOf(const Job& job, std::size_t task, std::uint64_t begin,
                                             std::uint64_t end)
{
    const auto folder = taskFolder(job, {TaskKind::Map, task});
    const auto file = BlockReader::open(folder / mapPartsFile, mapFileName(job, task, mapPartsFile));
    if (!file)
        return file.error();
    const auto of = job.output.needsExactFlows() ? PartPackets::OfAll : PartPackets::OfTcp;
    std::optional<std::int64_t> newest;
    PartRows rows;
    std::string bytes;
    for (std::size_t shard = 0; shard < job.shards; ++shard) { // a block needs those before it of its part
        AddressTable addresses;
        std::optional<PartDecoder> decoder;
        std::uint64_t run = 0; // of all packets: those of its run
        for (const auto& block : file->blocks()) {
            if (block.kind != shard || (of == PartPackets::OfTcp && block.tags[0] >= end))
                continue;
            if (of == PartPackets::OfAll && std::exchange(run, block.tags[0]) != block.tags[0])
                decoder.reset();
            if (!decoder)
                decoder.emplace(addresses, of);
            const auto payload = file->read(block, bytes, PartDecoder::slack);
            if (!payload)
                return payload.error();
            if (!decoder->decode(*payload, rows))
                return file->damaged("a block is none");
            for (std::size_t r = 0; r < rows.rows.size(); ++r) {
                const std::int64_t time = rows.packets[r].timestamp;
                if (rows.rows[r] >= begin && rows.rows[r] < end)
                    newest = std::max(newest.value_or(time), time);
            }
        }
    }
    return newest;
}

} // namespace

Cut cutOf(const Job& job, std::vector<std::vector<MapChunk>> chunks)
{
    Cut cut;
    CaptureRows::Before state;
    const auto most = static_cast<std::uint64_t>(job.options.maxRecords);
    const auto chunkRows = static_cast<std::uint64_t>(job.options.readChunkRows);
    bool enough = false;
    std::optional<std::size_t> leftFile;
    for (std::size_t i = 0; i < job.tasks.size(); ++i) {
        CutTask task;
        task.firstRow = cut.rows;
        task.firstChunk = cut.chunks;
        task.before = state;
        task.maxRecords = most > 0 ? static_cast<std::int64_t>(most - cut.rows) : 0;
        const bool pastBefore = state.pastWindow;
        auto& own = chunks[i];
        task.wanted = !enough && leftFile != job.tasks[i].input;
        bool left = false;
        for (std::size_t c = 0; task.wanted && c < own.size(); ++c) {
            MapChunk chunk = own[c];
            state.pastWindow = pastBefore || chunk.pastWindow;
            if (most > 0 && chunk.kept >= most - cut.rows - task.rows) {
                chunk.kept = most - cut.rows - task.rows;
                enough = true;
            }
            state.skippedChunks = chunk.kept == 0 ? state.skippedChunks + 1 : 0;
            task.rows += chunk.kept;
            task.chunks.push_back(chunk);
            if (enough)
                break;
            if (chunk.rows == chunkRows && state.pastWindow &&
                state.skippedChunks >= CaptureRows::skippedChunksBeforeStop) {
                leftFile = job.tasks[i].input;
                left = task.before.skippedChunks > 0 || task.before.pastWindow; // by what it does not know
                break;
            }
        }
        // Behind its last row it may have met the end of the file, and something to warn of there.
        task.cut = task.wanted && (task.chunks.size() < own.size() || left || (enough && task.firstRow > 0));
        cut.rows += task.rows;
        cut.chunks += task.chunks.size();
        cut.tasks.push_back(std::move(task));
    }
    return cut;
}

Result<Cut> readCut(const Job& job)
{
    std::vector<std::vector<MapChunk>> chunks;
    for (std::size_t i = 0; i < job.tasks.size(); ++i) {
        const TaskId id{TaskKind::Map, i};
        if (auto done = checkDone(job, id); !done)
            return std::move(done).error();
        const auto reader = MapFactsReader::open(taskFolder(job, id), mapFileName(job, i, mapFactsFile));
        if (!reader)
            return reader.error();
        auto facts = reader->facts();
        if (!facts)
            return std::move(facts).error();
        chunks.push_back(std::move(facts->chunks));
    }
    Cut cut = cutOf(job, std::move(chunks));
    for (std::size_t i = 0; i < cut.tasks.size(); ++i) {
        CutTask& task = cut.tasks[i];
        if (!task.cut || task.chunks.empty() || task.chunks.back().kept == 0)
            continue;
        auto newest = newestOf(job, i, task.rows - task.chunks.back().kept, task.rows);
        if (!newest)
            return std::move(newest).error();
        task.chunks.back().newest = *newest;
    }
    return cut;
}

} // namespace packetloom
