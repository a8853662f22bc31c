// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/time_window.h"
#include "core/input/csv/block_parser.h"
#include "core/input/csv/packet_reader.h"
#include "core/input/packet_source.h"
#include "core/support/recycler.h"
#include "core/support/task_pool.h"

#include <atomic>
#include <deque>
#include <exception>
#include <memory>
#include <mutex>

namespace packetloom {

/// The rows of one capture in file order, read ahead and parsed on a pool's threads: one task at a time reads
/// (or inflates) blocks, and each block is parsed by a task of its own. So much is read ahead and no more.
class PacketStream final : public PacketSource
{
public:
    using Batch = std::shared_ptr<PacketBatch>;
    /// What streams of one run share, so that each file uses the memory of the one before.
    struct Buffers
    {
        Recycler<TextBlock> blocks;
        Recycler<PacketBatch> batches;
        Recycler<BlockParser> parsers;
    };

    /// `reader` has read its header. `pool` and `buffers` must outlive the stream.
    PacketStream(std::unique_ptr<PacketReader> reader, const TimeWindow& window, TaskPool& pool,
                 Buffers& buffers);
    PacketStream(const PacketStream&) = delete;
    PacketStream& operator=(const PacketStream&) = delete;
    ~PacketStream() override;

    /// The next batch, its addresses not resolved; null at the end. Errors: Read, Inflate, InflateEnd; the
    /// line is that of the row that could not be read.
    Result<Batch> next() override;
    /// Lines before the batch that next() gave last.
    [[nodiscard]] std::uint64_t linesBefore() const override { return linesBefore_; }
    /// After the end: what happened to the file meanwhile.
    [[nodiscard]] InputChange change() const override { return reader_->source().change(); }
    /// After the end: see ByteSource::ignoredFrom().
    [[nodiscard]] std::optional<std::uint64_t> ignoredFrom() const override
    {
        return reader_->source().ignoredFrom();
    }

private:
    struct Slot
    {
        Batch batch;
        std::exception_ptr exception;
        std::atomic<bool> done{false};
    };

    void readOne();
    void parse(Slot& slot, const TextBlock& block);
    std::shared_ptr<Slot> addSlot();
    void submitRead();
    void submit(TaskPool::Task work, TaskPool::Urgency urgency = TaskPool::Urgency::Normal);
    void finishReading(std::exception_ptr exception);

    std::unique_ptr<PacketReader> reader_; ///< the reading task's, while there is one
    const TimeWindow window_;
    TaskPool& pool_;
    Buffers& buffers_;
    std::size_t most_; ///< batches ahead

    std::mutex mutex_; ///< for the following
    std::deque<std::shared_ptr<Slot>> slots_;
    bool reading_ = false; ///< a reading task is queued or runs
    std::optional<Error> error_;
    std::exception_ptr exception_;

    std::atomic<std::size_t> added_{0}; ///< slots, so far
    std::size_t taken_ = 0;
    std::atomic<bool> ended_{false};
    std::atomic<bool> abandoned_{false};
    std::atomic<std::size_t> running_{0}; ///< tasks queued or running
    std::uint64_t linesBefore_ = 0, linesAfter_ = 0;
};

} // namespace packetloom
