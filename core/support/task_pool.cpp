// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/task_pool.h"

#include <algorithm>
#include <system_error>

namespace packetloom {

TaskPool::TaskPool(unsigned threads)
{
    if (threads == 0)
        threads = std::max(std::thread::hardware_concurrency(), 1u);
    workers_.reserve(threads);
    try {
        for (unsigned i = 1; i < threads; ++i)
            workers_.emplace_back([this] { work(); });
    } catch (const std::system_error&) { // no more threads to be had: those that there are do it too
    }
}

TaskPool::~TaskPool()
{
    helpUntil([this] { return first_.empty() && normal_.empty(); });
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    available_.notify_all();
    for (auto& worker : workers_)
        worker.join();
}

void TaskPool::submit(Task task, Urgency urgency)
{
    const std::lock_guard lock(mutex_);
    (urgency == Urgency::First ? first_ : normal_).push_back(std::move(task));
    if (idleWorkers_ > 0)
        available_.notify_one();
    // A worker that was woken is idle until it has the lock, so others may need somebody else.
    if (ownerWaits_ && first_.size() + normal_.size() > idleWorkers_)
        changed_.notify_one();
}

bool TaskPool::runOne(std::unique_lock<std::mutex>& lock)
{
    auto& queue = first_.empty() ? normal_ : first_;
    if (queue.empty())
        return false;
    Task task = std::move(queue.front());
    queue.pop_front();
    lock.unlock();
    task();
    task = nullptr; // what it holds goes before anybody hears that it ended
    lock.lock();
    if (ownerWaits_)
        changed_.notify_one();
    return true;
}

void TaskPool::work()
{
    std::unique_lock lock(mutex_);
    for (;;) {
        if (runOne(lock))
            continue;
        if (ending_)
            return;
        ++idleWorkers_;
        available_.wait(lock);
        --idleWorkers_;
    }
}

} // namespace packetloom
