// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/task_pool.h"
#include "tests/core/support/pool_sizes.h"

#include <QTest>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;
using namespace std::chrono_literals;

class TaskPoolTest : public QObject
{
    Q_OBJECT

private slots:
    void oneThreadHelpsUntilAllIsDone();
    void helpsUntilOthersAreDone_data();
    void helpsUntilOthersAreDone();
    void helpsForSoLong_data();
    void helpsForSoLong();
    void helpsForSoLongThoughOthersWork();
    void tasksSubmitTasks_data();
    void tasksSubmitTasks();
    void urgentOnesGoFirst();
    void theEndRunsWhatIsLeft_data();
    void theEndRunsWhatIsLeft();
    void whatATaskHoldsGoesBeforeItHasEnded_data();
    void whatATaskHoldsGoesBeforeItHasEnded();
};

void TaskPoolTest::oneThreadHelpsUntilAllIsDone()
{
    TaskPool pool(1);
    QCOMPARE(pool.threads(), 1u);
    const auto owner = std::this_thread::get_id();
    std::vector<int> order;
    bool here = true;
    for (int i = 0; i < 5; ++i)
        pool.submit([&, i] {
            order.push_back(i);
            here = here && std::this_thread::get_id() == owner;
        });
    QVERIFY(order.empty()); // there is no other thread
    pool.helpUntil([&] { return order.size() == 2; });
    QCOMPARE(order, (std::vector<int>{0, 1})); // and no task too many
    pool.helpUntil([&] { return order.size() == 5; });
    QCOMPARE(order, (std::vector<int>{0, 1, 2, 3, 4}));
    QVERIFY(here);
    pool.helpUntil([] { return true; }); // nothing to do, nothing to wait for
    QVERIFY(TaskPool(0).threads() >= 1);
}

void TaskPoolTest::helpsUntilOthersAreDone_data()
{
    poolSizes();
}

// The owner is woken by the last task whoever ran it.
void TaskPoolTest::helpsUntilOthersAreDone()
{
    QFETCH(unsigned, threads);
    TaskPool pool(threads);
    QCOMPARE(pool.threads(), threads);
    for (int round = 0; round < 300; ++round) {
        std::atomic<int> ended{0};
        const int count = round % 12;
        for (int i = 0; i < count; ++i)
            pool.submit([&] { ++ended; });
        if (round % 3 == 0) // so that they may all be done before
            std::this_thread::yield();
        pool.helpUntil([&] { return ended == count; });
        QCOMPARE(ended.load(), count);
    }
}

void TaskPoolTest::helpsForSoLong_data()
{
    poolSizes();
}

void TaskPoolTest::helpsForSoLong()
{
    QFETCH(unsigned, threads);
    TaskPool pool(threads);
    const auto begin = std::chrono::steady_clock::now();
    QVERIFY(!pool.helpFor(20ms, [] { return false; }));
    QVERIFY(std::chrono::steady_clock::now() - begin >= 20ms);
    QVERIFY(pool.helpFor(0ms, [] { return true; }));
    std::atomic<bool> done{false};
    pool.submit([&] { done = true; });
    QVERIFY(pool.helpFor(60s, [&] { return done.load(); }));
    QVERIFY(std::chrono::steady_clock::now() - begin < 60s);
}

void TaskPoolTest::helpsForSoLongThoughOthersWork()
{
    BusyPool busy(2, 1);
    bool ended = false;
    QVERIFY(!busy.pool().helpFor(10ms, [&] { return ended; }));
    busy.pool().submit([&] { ended = true; });
    QVERIFY(busy.pool().helpFor(60s, [&] { return ended; })); // the owner's own work
    busy.releaseWhenTheOwnerHelps();
}

void TaskPoolTest::tasksSubmitTasks_data()
{
    poolSizes();
}

void TaskPoolTest::tasksSubmitTasks()
{
    QFETCH(unsigned, threads);
    TaskPool pool(threads);
    std::atomic<int> ended{0};
    std::function<void(int)> tree = [&](int depth) {
        if (depth > 0) {
            pool.submit([&, depth] { tree(depth - 1); });
            pool.submit([&, depth] { tree(depth - 1); }, TaskPool::Urgency::First);
        }
        ++ended;
    };
    pool.submit([&] { tree(9); });
    pool.helpUntil([&] { return ended == 1023; });
    QCOMPARE(ended.load(), 1023);
}

void TaskPoolTest::urgentOnesGoFirst()
{
    TaskPool pool(1);
    QByteArray order;
    const auto task = [&](char name) { return [&order, name] { order.push_back(name); }; };
    pool.submit(task('a'));
    pool.submit(task('b'));
    pool.submit(task('F'), TaskPool::Urgency::First);
    pool.submit(task('c'));
    pool.submit(
        [&] {
            order.push_back('G');
            pool.submit(task('d'));
            pool.submit(task('H'), TaskPool::Urgency::First); // before what has waited for longer
        },
        TaskPool::Urgency::First);
    pool.helpUntil([&] { return order.size() == 7; });
    QCOMPARE(order, QByteArray("FGHabcd"));
}

void TaskPoolTest::theEndRunsWhatIsLeft_data()
{
    poolSizes();
}

void TaskPoolTest::theEndRunsWhatIsLeft()
{
    QFETCH(unsigned, threads);
    std::atomic<int> ended{0};
    {
        TaskPool pool(threads);
        for (int i = 0; i < 50; ++i)
            pool.submit([&] {
                std::this_thread::sleep_for(50us);
                pool.submit([&] { ++ended; });
            });
    }
    QCOMPARE(ended.load(), 50);
}

void TaskPoolTest::whatATaskHoldsGoesBeforeItHasEnded_data()
{
    poolSizes();
}

// Whoever waits for a task may then take its objects away.
void TaskPoolTest::whatATaskHoldsGoesBeforeItHasEnded()
{
    QFETCH(unsigned, threads);
    TaskPool pool(threads);
    for (int i = 0; i < 100; ++i) {
        std::atomic<bool> gone{false};
        std::shared_ptr<int> object(new int(i), [&](const int* p) {
            delete p;
            gone = true;
        });
        pool.submit([object = std::move(object)] {});
        pool.helpUntil([&] { return gone.load(); }); // no later task is there to wake the owner
        QVERIFY(gone);
    }
}

QTEST_APPLESS_MAIN(TaskPoolTest)
#include "task_pool_test.moc"
