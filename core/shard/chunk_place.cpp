// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/chunk_place.h"

#include "core/output/target/output_place.h"
#include "core/shard/block_file.h"
#include "core/shard/job_trouble.h"
#include "core/shard/merge_facts.h"
#include "core/support/file.h"
#include "core/support/file_sync.h"
#include "core/support/folder.h"
#include "core/support/hash_mix.h"
#include "core/support/path_text.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <system_error>

namespace packetloom {

namespace fs = std::filesystem;

namespace {

constexpr const char* placesFolder = "places";
constexpr std::size_t longestNote = 65536;

std::optional<std::string> readNote(const fs::path& path)
{
    const auto folder = Folder::open(path.parent_path());
    if (!folder)
        return std::nullopt;
    auto text = folder->read(path.filename(), longestNote);
    return text ? std::optional(*std::move(text)) : std::nullopt;
}

/// Those of which others use nothing.
void removeEmpty(const std::vector<fs::path>& innermostFirst)
{
    std::error_code ignored;
    for (const auto& folder : innermostFirst)
        fs::remove(folder, ignored);
}

} // namespace

Result<fs::path> chunkPlace(const Job& job, const fs::path& dataset)
{
    if (!job.output.format->isFolder())
        return jobError(JobTrouble::NoChunkFiles, job.folder, std::string(job.output.format->id));
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
Result<void> dropLost(const Job& job, const TaskId& merge)
{
    if (!lostChunks(job, merge))
        return {};
    const auto done = taskFolder(job, merge);
    const auto away = done.parent_path() / (".lost-" + uniqueName(merge));
    if (const auto error = renameToNew(done, away); error && lostChunks(job, merge))
        return Error{.code = Errc::Write, .detail = error.message(), .file = done};
    std::error_code ignored;
    fs::remove_all(away, ignored);
    return {};
}

// Each in a file of its own, named by its text, so that thousands of tasks leave one. No file is ever
// changed.
Result<void> notePlace(const Job& job, const fs::path& place)
{
    const auto notes = job.folder / placesFolder;
    const std::string text = pathText(place);
    std::error_code error;
    fs::create_directories(notes, error);
    for (std::uint32_t sum = crc32Of(text); !error; ++sum) { // the next one where two texts have one sum
        const auto note = notes / std::to_string(sum);
        const auto fresh = notes / ('.' + std::to_string(HashKey()(sum)));
        if (readNote(note) == text)
            return {};
        if (entryOf(note).kind != Entry::Kind::None)
            continue;
        auto file = File::create(fresh);
        auto written = file ? file->write(text) : Result<void>(file.error());
        if (written)
            written = file->close();
        if (written)
            error = renameToNew(fresh, note);
        std::error_code ignored;
        if (!written || error)
            fs::remove(fresh, ignored);
        if (!written)
            return written;
        if (!error || readNote(note) == text) // a reply may be lost (TaskFolder::commit())
            return {};
        if (error == std::errc::file_exists) // another task's, of another place
            error.clear();
    }
    return Error{.code = error == std::errc::no_space_on_device ? Errc::NoSpace : Errc::Write,
                 .detail = error.message(),
                 .file = notes};
}

std::set<fs::path> notedPlaces(const Job& job)
{
    std::set<fs::path> places;
    std::error_code error;
    for (fs::directory_iterator at(job.folder / placesFolder, error), end; !error && at != end;
         at.increment(error)) {
        if (pathText(at->path().filename()).starts_with('.'))
            continue;
        const auto text = readNote(at->path());
        if (text && entryOf(pathFromText(*text)).kind == Entry::Kind::Folder)
            places.insert(pathFromText(*text));
    }
    return places;
}

Result<ChunkFolder> ChunkFolder::begin(const fs::path& place, const TaskId& merge)
{
    std::error_code error;
    std::vector<fs::path> made;
    const auto folder = place / uniqueName(merge);
    // Whoever goes last takes the place away, now and then just before somebody else needs it.
    for (int tries = 0; tries < 10; ++tries) {
        for (auto above = place; entryOf(above).kind == Entry::Kind::None && above.has_relative_path();
             above = above.parent_path()) {
            if (std::ranges::find(made, above) == made.end())
                made.push_back(above);
        }
        fs::create_directories(place, error);
        if (!error)
            error = makeNewFolder(folder);
        if (!error)
            return ChunkFolder(folder, std::move(made));
        if (error != std::errc::no_such_file_or_directory)
            break;
    }
    removeEmpty(made);
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
    removeEmpty(madeAbove_);
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
