// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/chunk_place.h"

#include "core/output/target/output_place.h"
#include "core/shard/job_trouble.h"
#include "core/shard/merge_facts.h"
#include "core/support/file_sync.h"
#include "core/support/folder.h"

#include <string>
#include <system_error>

namespace packetloom {

namespace fs = std::filesystem;

Result<fs::path> chunkPlace(const Job& job, const fs::path& dataset)
{
    if (!job.output.format->isFolder())
        return jobError(JobTrouble::OtherOutput, job.folder, std::string(job.output.format->id));
    if (isInJob(job, dataset))
        return jobError(JobTrouble::OutputInJob, dataset);
    const auto target = outputPlace(dataset);
    if (!target)
        return target.error();
    auto name = fs::path(".").concat(target->filename().native());
    name += ".packetloom-job-" + job.id;
    return target->parent_path() / name;
}

std::optional<fs::path> chunksElsewhere(const Job& job, const TaskId& merge)
{
    if (!job.output.format->isFolder() ||
        entryOf(taskFolder(job, merge) / mergeFlowsFolder).kind == Entry::Kind::Folder)
        return std::nullopt;
    auto place = readChunkFolder(job, merge.number, merge.of);
    return place && !place->empty() ? std::optional(*std::move(place)) : std::nullopt;
}

std::optional<fs::path> lostChunks(const Job& job, const TaskId& merge)
{
    auto folder = chunksElsewhere(job, merge);
    if (folder && entryOf(*folder).kind == Entry::Kind::Folder)
        folder.reset();
    return folder;
}

// Another process may have put a good one there in between. Then that goes, and ours takes its place: nothing
// is lost but work.
void dropLost(const Job& job, const TaskId& merge)
{
    if (!lostChunks(job, merge))
        return;
    const auto done = taskFolder(job, merge);
    const auto away = done.parent_path() / (".lost-" + uniqueName(merge));
    std::error_code ignored;
    if (!renameToNew(done, away))
        fs::remove_all(away, ignored);
}

Result<ChunkFolder> ChunkFolder::begin(const fs::path& place, const TaskId& merge)
{
    std::error_code error;
    const auto folder = place / uniqueName(merge);
    // Whoever goes last takes the place away, now and then just before somebody else needs it.
    for (int tries = 0; tries < 10; ++tries) {
        fs::create_directories(place, error);
        if (!error)
            error = makeNewFolder(folder);
        if (!error)
            return ChunkFolder(folder);
        if (error != std::errc::no_such_file_or_directory)
            break;
    }
    return Error{.code = error == std::errc::no_space_on_device ? Errc::NoSpace : Errc::Write,
                 .detail = error.message(),
                 .file = place};
}

ChunkFolder::~ChunkFolder()
{
    if (path_.empty())
        return;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    fs::remove(path_.parent_path(), ignored); // unless others are in it
}

Result<void> ChunkFolder::sync()
{
    auto synced = syncTree(path_);
    if (synced)
        synced = syncFolder(path_.parent_path());
    if (synced)
        synced = syncFolder(path_.parent_path().parent_path());
    return synced;
}

} // namespace packetloom
