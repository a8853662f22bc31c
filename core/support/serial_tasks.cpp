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
    ++state_->unfinished;
    bool begin = false;
    {
        const std::lock_guard lock(state_->mutex);
        state_->waiting.push_back(std::move(task));
        begin = !std::exchange(state_->running, true);
    }
    if (begin)
        pool_.submit([this] { runOne(*state_); });
}

void SerialTasks::runOne(State& state)
{
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
    bool more = false;
    {
        const std::lock_guard lock(state.mutex);
        more = !state.waiting.empty();
        state.running = more;
    }
    if (more)
        pool_.submit([this] { runOne(*state_); });
    --state.unfinished; // the last thing that touches *this
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

void SerialTasks::finish()
{
    pool_.helpUntil([this] { return state_->unfinished == 0; });
    throwAgain();
}

} // namespace packetloom
