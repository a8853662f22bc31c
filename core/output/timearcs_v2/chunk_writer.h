// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/timearcs_v2/flow_json.h"
#include "core/support/recycler.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace packetloom {

/// Writes some flows that follow each other into their chunk files, and their entries of the index as text.
/// Chunk files do not depend on each other, so several writers may work side by side.
class ChunkWriter
{
public:
    /// What writers of one dataset share; any of their threads takes and gives back.
    struct Tools
    {
        Recycler<BufferedWriter> files;
        Recycler<TextBuffer> texts;
    };

    /// `openChunk` is the file that the first flow goes on with, if it does not begin one. `addresses` and
    /// `tools` must outlive the writer.
    ChunkWriter(std::filesystem::path folder, std::uint64_t firstFlow, std::uint64_t flowsPerChunk,
                const AddressTable& addresses, JsonStyle style, Tools& tools,
                std::shared_ptr<BufferedWriter> openChunk, const FlowEngine& engine = defaultFlowEngine());

    void write(const CompletedFlow& flow, const FlowLife& life);
    /// After the last flow.
    std::optional<Error> finish();

    /// A chunk that is not full: its file, still open. It ends with endChunk().
    [[nodiscard]] std::shared_ptr<BufferedWriter> openChunk() const { return file_; }
    static std::optional<Error> endChunk(BufferedWriter& file, JsonStyle style);

    [[nodiscard]] const TextBuffer& index() const { return *index_; }
    [[nodiscard]] std::uint64_t flows() const { return next_ - first_; }
    [[nodiscard]] std::uint64_t chunksBegun() const { return chunksBegun_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }

private:
    void beginChunk();
    void nameChunk();

    std::filesystem::path folder_;
    std::uint64_t first_, next_; ///< numbers of flows
    std::uint64_t flowsPerChunk_;
    JsonStyle style_;
    Tools& tools_;
    FlowJson json_;
    std::shared_ptr<BufferedWriter> file_; ///< none between two chunks
    std::string chunkName_;
    std::shared_ptr<TextBuffer> index_;
    std::uint64_t chunksBegun_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t bytesBefore_ = 0; ///< that the file's writer had written before it came here
    std::optional<Error> error_;
};

} // namespace packetloom
