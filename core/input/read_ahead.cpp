// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/read_ahead.h"

namespace packetloom {

ReadAhead::ReadAhead(PieceReader& reader, TaskPool& pool, Recycler<PacketBatch>& batches,
                     std::uint64_t linesBefore)
    : reader_(reader),
      pool_(pool),
      batches_(batches),
      most_(2 + 2 * std::size_t{pool.threads()}),
      linesAfter_(linesBefore)
{
    submitRead();
}

ReadAhead::~ReadAhead()
{
    abandoned_ = true;
    pool_.helpUntil([this] { return running_ == 0; });
}

void ReadAhead::submitRead()
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
void ReadAhead::submit(TaskPool::Task work, TaskPool::Urgency urgency)
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

std::shared_ptr<ReadAhead::Slot> ReadAhead::addSlot()
{
    auto slot = std::make_shared<Slot>();
    const std::lock_guard lock(mutex_);
    slots_.push_back(slot);
    return slot;
}

void ReadAhead::finishReading(std::exception_ptr exception)
{
    const std::lock_guard lock(mutex_);
    exception_ = std::move(exception);
    ended_ = true;
}

void ReadAhead::readOne()
{
    try {
        auto batch = batches_.take();
        batch->clear();
        PieceReader::Work work;
        switch (reader_.read(*batch, work)) {
        case PieceReader::Piece::Work: {
            auto slot = addSlot();
            slot->batch = std::move(batch);
            submit([this, slot = std::move(slot), work = std::move(work)]() mutable {
                workOn(*slot, work);
                work = nullptr;
                slot->done = true;
            });
            ++added_;
            break;
        }
        case PieceReader::Piece::Packets: {
            const auto slot = addSlot();
            slot->batch = std::move(batch);
            slot->done = true;
            ++added_;
            break;
        }
        case PieceReader::Piece::Failed:
            error_ = reader_.error();
            [[fallthrough]];
        case PieceReader::Piece::End:
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

void ReadAhead::workOn(Slot& slot, PieceReader::Work& work)
{
    if (abandoned_)
        return;
    try {
        work(*slot.batch);
    } catch (...) {
        slot.exception = std::current_exception();
    }
}

Result<ReadAhead::Batch> ReadAhead::next()
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
