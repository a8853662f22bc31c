// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/merge_facts.h"

namespace packetloom {
namespace {

enum Kind : std::uint64_t { factsKind = 1, chunkFilesKind };

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
    std::string bytes;
    const auto chunks = file->read(file->blocks().back(), bytes);
    if (!chunks)
        return chunks.error();
    auto files = unpackedChunkFiles(*chunks);
    if (!files || files->size() != facts.chunks)
        return file->damaged("chunk files are missing");
    facts.files = *std::move(files);
    return facts;
}

} // namespace packetloom
