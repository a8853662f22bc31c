// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/merge_facts.h"

#include "core/support/path_text.h"

#include <algorithm>
#include <utility>

namespace packetloom {
namespace {

enum Kind : std::uint64_t { factsKind = 1, chunkFilesKind, chunkFolderKind };

/// Nothing where there is no block of that kind.
Result<std::optional<std::string>> blockOf(const BlockReader& file, Kind kind)
{
    const auto block = std::ranges::find(file.blocks(), std::uint64_t{kind}, &BlockEntry::kind);
    if (block == file.blocks().end())
        return std::optional<std::string>();
    std::string bytes;
    const auto payload = file.read(*block, bytes);
    if (!payload)
        return payload.error();
    return std::optional(std::string(*payload));
}

Result<std::filesystem::path> chunkFolderOf(const BlockReader& file)
{
    const auto text = blockOf(file, chunkFolderKind);
    if (!text)
        return text.error();
    return *text ? pathFromText(**text) : std::filesystem::path();
}

} // namespace

BlockFileName mergeFactsName(const Job& job, std::size_t number, std::size_t of)
{
    return {job.id, TaskId{TaskKind::Merge, number, of}.name() + ' ' + std::string(mergeFactsFile)};
}

Result<void> writeMergeFacts(const Job& job, std::size_t number, std::size_t of, const MergeFacts& facts,
                             const std::filesystem::path& folder)
{
    BytesOut out;
    for (const std::uint64_t count : {facts.firstFlow, facts.flows, facts.chunks, facts.bytes,
                                      facts.indexBytes, std::uint64_t{facts.indexSum}, facts.tally.byTimeout})
        out.count(count);
    for (const auto count : facts.tally.closeTypes)
        out.count(count);
    for (const auto count : facts.tally.invalidReasons)
        out.count(count);
    BlockWriter file(folder / mergeFactsFile, mergeFactsName(job, number, of));
    file.add(factsKind, out.bytes());
    file.add(chunkFilesKind, packedChunkFiles(facts.files));
    if (!facts.folder.empty())
        file.add(chunkFolderKind, pathText(facts.folder));
    return file.finish();
}

Result<MergeFacts> readMergeFacts(const Job& job, std::size_t number, std::size_t of)
{
    MergeFacts facts;
    const auto file = readFirstFacts(job, number, of, [&](BytesIn& in) {
        for (auto* const count :
             {&facts.firstFlow, &facts.flows, &facts.chunks, &facts.bytes, &facts.indexBytes})
            *count = in.count();
        facts.indexSum = static_cast<std::uint32_t>(in.count());
        facts.tally.byTimeout = in.count();
        for (auto& count : facts.tally.closeTypes)
            count = in.count();
        for (auto& count : facts.tally.invalidReasons)
            count = in.count();
    });
    if (!file)
        return file.error();
    const auto chunks = blockOf(*file, chunkFilesKind);
    if (!chunks)
        return chunks.error();
    auto files = unpackedChunkFiles(chunks->value_or(""));
    if (!files || files->size() != facts.chunks)
        return file->damaged("chunk files are missing");
    facts.files = *std::move(files);
    auto folder = chunkFolderOf(*file);
    if (!folder)
        return std::move(folder).error();
    facts.folder = *std::move(folder);
    return facts;
}

Result<std::filesystem::path> readChunkFolder(const Job& job, std::size_t number, std::size_t of)
{
    const auto file = BlockReader::open(taskFolder(job, {TaskKind::Merge, number, of}) / mergeFactsFile,
                                        mergeFactsName(job, number, of));
    return file ? chunkFolderOf(*file) : Result<std::filesystem::path>(file.error());
}

} // namespace packetloom
