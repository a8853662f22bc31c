// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/task_pool.h"

#include <QTest>
#include <atomic>

namespace packetloom::test {

/// Test data: pools without a thread of their own, with one, and with more than most processors have cores.
inline void poolSizes()
{
    QTest::addColumn<unsigned>("threads");
    for (const unsigned threads : {1u, 2u, 8u})
        QTest::addRow("%u", threads) << threads;
}

/// A pool some of whose threads are kept busy until its owner works on tasks.
class BusyPool
{
public:
    BusyPool(unsigned threads, unsigned busy) : pool_(threads)
    {
        for (unsigned i = 0; i < busy; ++i)
            pool_.submit([this] { hold(); });
        waitUntilHeld(busy);
    }
    TaskPool& pool() { return pool_; }
    /// What a busy thread does; also for a task of the test.
    void hold()
    {
        ++held_;
        while (!released_)
            std::this_thread::yield();
    }
    /// Does not work on tasks.
    void waitUntilHeld(unsigned threads) const
    {
        while (held_ < threads)
            std::this_thread::yield();
    }
    /// Only when all threads but the owner's are busy.
    void releaseWhenTheOwnerHelps()
    {
        pool_.submit([this] { released_ = true; }, TaskPool::Urgency::First);
    }

private:
    std::atomic<unsigned> held_{0};
    std::atomic<bool> released_{false};
    TaskPool pool_; ///< last: its tasks use the others
};

} // namespace packetloom::test
