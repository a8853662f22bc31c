// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/chunk_writer.h"

namespace packetloom {

ChunkWriter::ChunkWriter(std::filesystem::path folder, std::uint64_t firstFlow, std::uint64_t flowsPerChunk,
                         const AddressTable& addresses, JsonStyle style, Tools& tools,
                         std::shared_ptr<BufferedWriter> openChunk, const FlowEngine& engine)
    : folder_(std::move(folder)),
      first_(firstFlow),
      next_(firstFlow),
      flowsPerChunk_(flowsPerChunk),
      style_(style),
      tools_(tools),
      json_(addresses, style, engine),
      file_(std::move(openChunk)),
      index_(tools.texts.take())
{
    index_->clear();
    if (file_) {
        bytesBefore_ = file_->bytesWritten();
        nameChunk();
    }
}

void ChunkWriter::nameChunk()
{
    auto digits = std::to_string(next_ / flowsPerChunk_);
    if (digits.size() < 5)
        digits.insert(0, 5 - digits.size(), '0');
    chunkName_ = "chunk_" + digits + ".json";
}

void ChunkWriter::beginChunk()
{
    file_ = tools_.files.take();
    bytesBefore_ = file_->bytesWritten();
    nameChunk();
    file_->open(folder_ / chunkName_);
    file_->append('[');
    ++chunksBegun_;
}

void ChunkWriter::write(const CompletedFlow& flow, const FlowLife& life)
{
    if (error_)
        return;
    const std::uint64_t inChunk = next_ % flowsPerChunk_;
    if (inChunk == 0)
        beginChunk();
    else
        file_->append(',');
    file_->append(lineBreak(style_, 0));
    json_.writeFlow(flow, life, *file_);
    if (next_ > 0)
        index_->append(',');
    index_->append(lineBreak(style_, 0));
    json_.writeIndexEntry(flow, life, {chunkName_, inChunk}, *index_);
    ++next_;
    if (file_->failed())
        error_ = file_->error();
    if (next_ % flowsPerChunk_ == 0) {
        auto ended = endChunk(*file_, style_);
        if (!error_)
            error_ = std::move(ended);
        bytes_ += file_->bytesWritten() - bytesBefore_;
        file_ = nullptr;
    }
}

std::optional<Error> ChunkWriter::endChunk(BufferedWriter& file, JsonStyle style)
{
    file.append(lineBreak(style, 0));
    file.append(']');
    auto closed = file.close();
    return closed ? std::nullopt : std::optional(std::move(closed).error());
}

std::optional<Error> ChunkWriter::finish()
{
    if (file_)
        bytes_ += file_->bytesWritten() - bytesBefore_;
    return error_;
}

} // namespace packetloom
