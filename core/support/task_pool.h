// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace packetloom {

/// Threads that work on short tasks. The thread that owns the pool is one of them: it works along while it
/// waits (helpUntil()), so a pool of one thread has no thread of its own and runs the same tasks in the same
/// order every time. Tasks must not throw and must not wait for each other.
class TaskPool
{
public:
    using Task = std::function<void()>;
    /// What others wait for goes before what only waits for itself: reading ahead before all else.
    enum class Urgency : unsigned char { Normal, First };

    /// `threads` in all, the owner's included; 0 asks the hardware. Fewer where the system gives no more.
    explicit TaskPool(unsigned threads);
    TaskPool(const TaskPool&) = delete;
    TaskPool& operator=(const TaskPool&) = delete;
    /// Runs what was submitted, then joins.
    ~TaskPool();

    void submit(Task task, Urgency urgency = Urgency::Normal);
    /// Works on tasks until `done()`. What it looks at may change only in tasks, or on the calling thread.
    template <class Done>
    void helpUntil(const Done& done)
    {
        std::unique_lock lock(mutex_);
        while (!done()) {
            if (runOne(lock))
                continue;
            ownerWaits_ = true;
            changed_.wait(lock);
            ownerWaits_ = false;
        }
    }
    /// The same, but not for longer than `time`, if no task takes longer. Whether it is done.
    template <class Done>
    bool helpFor(std::chrono::milliseconds time, const Done& done)
    {
        const auto until = std::chrono::steady_clock::now() + time;
        std::unique_lock lock(mutex_);
        while (!done()) {
            if (std::chrono::steady_clock::now() >= until)
                return false;
            if (runOne(lock))
                continue;
            ownerWaits_ = true;
            changed_.wait_until(lock, until);
            ownerWaits_ = false;
        }
        return true;
    }
    [[nodiscard]] unsigned threads() const { return static_cast<unsigned>(workers_.size()) + 1; }

private:
    /// Unlocks for as long as the task runs. False when there is none.
    bool runOne(std::unique_lock<std::mutex>& lock);
    void work();

    std::mutex mutex_;
    std::condition_variable changed_;   ///< for the owner: a task ended, or came and no worker was free
    std::condition_variable available_; ///< for workers: a task came
    std::deque<Task> first_, normal_;
    std::size_t idleWorkers_ = 0;
    bool ownerWaits_ = false;
    bool ending_ = false;
    std::vector<std::thread> workers_;
};

} // namespace packetloom
