// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/packet_stream.h"

namespace packetloom {

PacketStream::PacketStream(std::unique_ptr<PacketReader> reader, const TimeWindow& window, TaskPool& pool,
                           Buffers& buffers)
    : reader_(std::move(reader)),
      window_(window),
      pool_(pool),
      buffers_(buffers),
      most_(2 + 2 * std::size_t{pool.threads()}),
      linesAfter_(reader_->headerLines())
{
    submitRead();
}

PacketStream::~PacketStream()
{
    abandoned_ = true;
    pool_.helpUntil([this] { return running_ == 0; });
}

void PacketStream::submitRead()
{
    {
        const std::lock_guard lock(mutex_);
        if (reading_ || ended_ || slots_.size() >= most_)
            return;
        reading_ = true;
    }
    submit(
        [this] {
            if (!abandoned_)
                readOne();
        },
        TaskPool::Urgency::First);
}

// Whoever destroys the stream waits for every task that was submitted, so a task that was not must not count.
void PacketStream::submit(TaskPool::Task work, TaskPool::Urgency urgency)
{
    TaskPool::Task task = [this, work = std::move(work)]() mutable {
        work();
        work = nullptr;
        --running_; // the last thing that touches *this
    };
    ++running_;
    try {
        pool_.submit(std::move(task), urgency);
    } catch (...) {
        --running_;
        throw;
    }
}

std::shared_ptr<PacketStream::Slot> PacketStream::addSlot()
{
    auto slot = std::make_shared<Slot>();
    const std::lock_guard lock(mutex_);
    slots_.push_back(slot);
    return slot;
}

void PacketStream::finishReading(std::exception_ptr exception)
{
    const std::lock_guard lock(mutex_);
    exception_ = std::move(exception);
    ended_ = true;
}

void PacketStream::readOne()
{
    try {
        auto block = buffers_.blocks.take();
        auto batch = buffers_.batches.take();
        batch->clear();
        const auto piece = reader_->nextPiece(window_, *block, *batch);
        batch->bytesOnDisk = reader_->source().bytesOnDisk();
        switch (piece) {
        case PacketReader::Piece::Text: {
            auto slot = addSlot();
            slot->batch = std::move(batch);
            submit([this, slot = std::move(slot), block = std::move(block)]() mutable {
                parse(*slot, *block);
                block.reset();
                slot->done = true;
            });
            ++added_;
            break;
        }
        case PacketReader::Piece::Rows: {
            const auto slot = addSlot();
            slot->batch = std::move(batch);
            slot->done = true;
            ++added_;
            break;
        }
        case PacketReader::Piece::Failed:
            error_ = reader_->error();
            [[fallthrough]];
        case PacketReader::Piece::End:
            finishReading(nullptr);
            break;
        }
        {
            const std::lock_guard lock(mutex_);
            reading_ = false;
        }
        submitRead();
    } catch (...) {
        finishReading(std::current_exception());
    }
}

void PacketStream::parse(Slot& slot, const TextBlock& block)
{
    if (abandoned_)
        return;
    try {
        buffers_.parsers.take()->parse(block, reader_->columns(), window_, *slot.batch, reader_->layout());
    } catch (...) {
        slot.exception = std::current_exception();
    }
}

Result<PacketStream::Batch> PacketStream::next()
{
    submitRead();
    pool_.helpUntil([this] { return added_ > taken_ || ended_; });
    linesBefore_ = linesAfter_;
    if (added_ == taken_) { // ended, and nothing can have come after that
        if (exception_)
            std::rethrow_exception(exception_);
        if (!error_)
            return Batch();
        error_->line = linesBefore_ + 1;
        return *error_;
    }
    std::shared_ptr<Slot> slot;
    {
        const std::lock_guard lock(mutex_);
        slot = std::move(slots_.front());
        slots_.pop_front();
    }
    ++taken_;
    submitRead();
    pool_.helpUntil([&] { return slot->done.load(); });
    if (slot->exception)
        std::rethrow_exception(slot->exception);
    linesAfter_ += slot->batch->lines;
    return std::move(slot->batch);
}

} // namespace packetloom
