// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/timearcs_v2/chunk_writer.h"
#include "core/run/collector.h"
#include "core/run/options.h"
#include "core/run/output.h"
#include "core/shard/block_file.h"
#include "core/shard/merge_facts.h"

#include <filesystem>
#include <memory>
#include <optional>

namespace packetloom {

/// Flows of a stretch of a dataset, into chunk files and a piece of the index: of all that a dataset has only
/// these.
class MergeOutput final : public Output
{
public:
    /// Chunk files go into the folder `chunks`, the index into `folder`; both exist. A chunk file begins with
    /// `firstFlow`.
    MergeOutput(const std::filesystem::path& folder, const std::filesystem::path& chunks,
                std::uint64_t firstFlow, const AddressTable& addresses, const Options& options)
        : flows_(chunks),
          first_(firstFlow),
          perChunk_(static_cast<std::uint64_t>(options.flowsPerChunk)),
          addresses_(addresses),
          style_(options.style)
    {
        facts_.firstFlow = firstFlow;
        index_.open(folder / mergeIndexFile);
    }

    void packets(const KeptRows&) override {}
    std::unique_ptr<OutputPart> part(std::uint64_t firstFlow) override
    {
        return std::make_unique<Part>(*this, firstFlow);
    }
    [[nodiscard]] bool standsAlone(std::uint64_t firstFlow) const override
    {
        return firstFlow % perChunk_ == 0;
    }
    std::optional<Error> failure() override
    {
        return index_.failed() ? std::optional(index_.error()) : std::nullopt;
    }
    Result<void> finish(const RunFigures&) override { return finish(); }
    [[nodiscard]] Size size() const override
    {
        return {.chunks = facts_.chunks, .files = facts_.chunks, .bytes = facts_.bytes};
    }

    Result<void> finish()
    {
        if (openChunk_) {
            const std::uint64_t before = openChunk_->bytesWritten();
            if (auto error = ChunkWriter::endChunk(*openChunk_, style_))
                return *std::move(error);
            facts_.bytes += openChunk_->bytesWritten() - before;
            openChunk_ = nullptr;
        }
        return index_.close();
    }
    [[nodiscard]] const MergeFacts& facts() const { return facts_; }

private:
    class Part final : public OutputPart
    {
    public:
        Part(MergeOutput& all, std::uint64_t firstFlow)
            : all_(all),
              chunks_(all.flows_, all.first_ + firstFlow, all.perChunk_, all.addresses_, all.style_,
                      all.tools_, std::move(all.openChunk_))
        {
        }

        void flow(const CompletedFlow& flow, const FlowLife& life) override { chunks_.write(flow, life); }
        std::optional<Error> finish() override { return chunks_.finish(); }
        void commit() override { all_.take(chunks_); }

    private:
        MergeOutput& all_;
        ChunkWriter chunks_;
    };

    void take(const ChunkWriter& chunks)
    {
        const auto text = chunks.index().text();
        index_.append(text);
        facts_.indexBytes += text.size();
        facts_.indexSum = crc32Of(text, facts_.indexSum);
        facts_.flows += chunks.flows();
        facts_.chunks += chunks.chunksBegun();
        facts_.bytes += chunks.bytes();
        openChunk_ = chunks.openChunk();
    }

    std::filesystem::path flows_;
    std::uint64_t first_, perChunk_;
    const AddressTable& addresses_;
    JsonStyle style_;
    BufferedWriter index_;
    ChunkWriter::Tools tools_;
    std::shared_ptr<BufferedWriter> openChunk_; ///< a chunk that is not complete, if any
    MergeFacts facts_;
};

/// Nothing is counted: the map tasks did.
class MergeCollector final : public Collector
{
public:
    std::vector<ShardCollector*> shards() override { return {}; }
};

} // namespace packetloom
