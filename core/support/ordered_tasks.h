// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/task_pool.h"

#include <atomic>
#include <deque>
#include <exception>
#include <memory>
#include <optional>
#include <utility>

namespace packetloom {

/// Tasks that run side by side and whose results are taken in the order in which they were pushed: the shape
/// of every parallel stage. Bounded by its owner, who looks at size() before pushing. Not for several owners.
template <class T>
class OrderedTasks
{
public:
    explicit OrderedTasks(TaskPool& pool) : pool_(pool) {}
    OrderedTasks(const OrderedTasks&) = delete;
    OrderedTasks& operator=(const OrderedTasks&) = delete;
    /// What has not begun is left out; what runs is waited for.
    ~OrderedTasks()
    {
        abandoned_ = true;
        pool_.helpUntil([this] { return running_ == 0; });
    }

    /// `work` is called once, on any of the pool's threads. It may throw: pop() throws it again.
    template <class Work>
    void push(Work work)
    {
        auto place = std::make_shared<Pending>();
        // std::function copies; what a task holds may be movable only
        auto shared = std::make_shared<Work>(std::move(work));
        TaskPool::Task task = [this, place, shared = std::move(shared)]() mutable {
            try {
                if (!abandoned_)
                    place->result.emplace((*shared)());
            } catch (...) {
                place->exception = std::current_exception();
            }
            shared.reset();
            place->done = true;
            place.reset();
            --running_; // the last thing that touches *this
        };
        places_.push_back(std::move(place));
        ++running_;
        try {
            pool_.submit(std::move(task));
        } catch (...) { // out of memory: as if nobody had asked
            --running_;
            places_.pop_back();
            throw;
        }
    }
    [[nodiscard]] std::size_t size() const { return places_.size(); }
    [[nodiscard]] bool empty() const { return places_.empty(); }
    /// Whether pop() would not wait.
    [[nodiscard]] bool ready() const { return !places_.empty() && places_.front()->done; }
    /// Works on tasks until pop() would not wait, or about so long. Not when empty().
    bool waitFor(std::chrono::milliseconds time)
    {
        return pool_.helpFor(time, [this] { return places_.front()->done.load(); });
    }
    /// The oldest result. Works on tasks until it is there.
    T pop()
    {
        const auto place = std::move(places_.front());
        places_.pop_front();
        pool_.helpUntil([&] { return place->done.load(); });
        if (place->exception)
            std::rethrow_exception(place->exception);
        return *std::move(place->result);
    }

private:
    struct Pending
    {
        std::optional<T> result;
        std::exception_ptr exception;
        std::atomic<bool> done{false};
    };

    TaskPool& pool_;
    std::deque<std::shared_ptr<Pending>> places_;
    std::atomic<std::size_t> running_{0}; ///< pushed, not ended
    std::atomic<bool> abandoned_{false};
};

} // namespace packetloom
