// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet_batch.h"
#include "core/support/recycler.h"
#include "core/support/result.h"
#include "core/support/task_pool.h"

#include <atomic>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

namespace packetloom {

/// What reads an input piece by piece, for ReadAhead.
class PieceReader
{
public:
    PieceReader() = default;
    PieceReader(const PieceReader&) = delete;
    PieceReader& operator=(const PieceReader&) = delete;
    virtual ~PieceReader() = default;

    /// What makes packets of a piece; any thread, beside that of other pieces.
    using Work = std::function<void(PacketBatch&)>;
    enum class Piece : std::uint8_t {
        Work,    ///< `work` was set
        Packets, ///< they are in the batch
        End,
        Failed, ///< see error()
    };
    /// The next piece, thousands of rows. `batch` is empty. One thread at a time.
    virtual Piece read(PacketBatch& batch, Work& work) = 0;
    /// After Piece::Failed; the line is set by others.
    [[nodiscard]] virtual Error error() const = 0;
};

/// The batches of one input in file order, read ahead and worked on by a pool's threads: one task at a time
/// reads (or inflates) pieces, and each is made into packets by a task of its own. So much is read ahead and
/// no more.
class ReadAhead
{
public:
    using Batch = std::shared_ptr<PacketBatch>;

    /// All must outlive it. The first piece begins behind `linesBefore` lines.
    ReadAhead(PieceReader& reader, TaskPool& pool, Recycler<PacketBatch>& batches, std::uint64_t linesBefore);
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;
    ~ReadAhead();

    /// The next batch, its addresses not resolved; null at the end. Errors: those of the reader; the line is
    /// that of the row that could not be read.
    Result<Batch> next();
    /// Lines before the batch that next() gave last.
    [[nodiscard]] std::uint64_t linesBefore() const { return linesBefore_; }

private:
    struct Slot
    {
        Batch batch;
        std::exception_ptr exception;
        std::atomic<bool> done{false};
    };

    void readOne();
    void workOn(Slot& slot, PieceReader::Work& work);
    std::shared_ptr<Slot> addSlot();
    void submitRead();
    void submit(TaskPool::Task work, TaskPool::Urgency urgency = TaskPool::Urgency::Normal);
    void finishReading(std::exception_ptr exception);

    PieceReader& reader_; ///< the reading task's, while there is one
    TaskPool& pool_;
    Recycler<PacketBatch>& batches_;
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
