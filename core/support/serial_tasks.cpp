// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/serial_tasks.h"

#include <atomic>
#include <deque>
#include <mutex>

namespace packetloom {

struct SerialTasks::State
{
    std::mutex mutex;
    std::deque<TaskPool::Task> waiting;
    bool running = false;
    std::exception_ptr exception;
    std::atomic<std::size_t> unfinished{0};
    std::atomic<bool> abandoned{false};
};

SerialTasks::SerialTasks(TaskPool& pool, std::size_t most)
    : pool_(pool), most_(most), state_(std::make_unique<State>())
{
}

SerialTasks::~SerialTasks()
{
    state_->abandoned = true;
    pool_.helpUntil([this] { return state_->unfinished == 0; });
}

void SerialTasks::push(TaskPool::Task task)
{
    pool_.helpUntil([this] { return state_->unfinished < most_; });
    throwAgain();
    bool begin = false;
    {
        const std::lock_guard lock(state_->mutex);
        state_->waiting.push_back(std::move(task));
        ++state_->unfinished;
        begin = !std::exchange(state_->running, true);
    }
    if (!begin)
        return;
    try {
        pool_.submit([this] { runAll(*state_); });
    } catch (...) { // out of memory: as if nobody had asked
        const std::lock_guard lock(state_->mutex);
        state_->waiting.clear();
        state_->running = false;
        state_->unfinished = 0;
        throw;
    }
}

// One task for all that is waiting: none has to be submitted on the way, which might fail.
void SerialTasks::runAll(State& state)
{
    for (bool more = true; more;) {
        TaskPool::Task task;
        {
            const std::lock_guard lock(state.mutex);
            task = std::move(state.waiting.front());
            state.waiting.pop_front();
        }
        try {
            if (!state.abandoned)
                task();
        } catch (...) {
            const std::lock_guard lock(state.mutex);
            state.exception = std::current_exception();
            state.abandoned = true;
        }
        task = nullptr;
        {
            const std::lock_guard lock(state.mutex);
            more = !state.waiting.empty();
            state.running = more;
        }
        --state.unfinished; // when there are no more, the last thing that touches the state
    }
}

void SerialTasks::throwAgain()
{
    std::exception_ptr exception;
    {
        const std::lock_guard lock(state_->mutex);
        exception = std::exchange(state_->exception, nullptr);
    }
    if (exception)
        std::rethrow_exception(exception);
}

bool SerialTasks::idleWithin(std::chrono::milliseconds time)
{
    return pool_.helpFor(time, [this] { return state_->unfinished == 0; });
}

void SerialTasks::finish()
{
    pool_.helpUntil([this] { return state_->unfinished == 0; });
    throwAgain();
}

} // namespace packetloom
