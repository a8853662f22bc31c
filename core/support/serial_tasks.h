// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/task_pool.h"

#include <chrono>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>
#include <utility>

namespace packetloom {

/// Tasks that run one after the other in the order in which they were pushed, beside their owner: for work
/// that keeps something in order and need not be waited for.
class SerialTasks
{
public:
    /// push() waits (and works along) while so many have not ended.
    SerialTasks(TaskPool& pool, std::size_t most);
    SerialTasks(const SerialTasks&) = delete;
    SerialTasks& operator=(const SerialTasks&) = delete;
    /// What has not begun is left out; what runs is waited for.
    ~SerialTasks();

    /// Throws what a task before threw, once; what is pushed after a task threw is left out.
    void push(TaskPool::Task task);
    /// Works on the pool's tasks until all have ended, or about so long. Whether all have.
    bool idleWithin(std::chrono::milliseconds time);
    /// Until all have ended. Throws what a task threw.
    void finish();

private:
    struct State;
    static void runAll(State& state);
    void throwAgain();

    TaskPool& pool_;
    std::size_t most_;
    std::unique_ptr<State> state_;
};

} // namespace packetloom
