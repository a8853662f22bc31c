// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/serial_tasks.h"
#include "tests/core/support/pool_sizes.h"

#include <QTest>
#include <algorithm>
#include <stdexcept>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;
using namespace std::chrono_literals;

class SerialTasksTest : public QObject
{
    Q_OBJECT

private slots:
    void oneAtATimeInOrder_data();
    void oneAtATimeInOrder();
    void pushWorksAlongAtTheLimit();
    void finishThrows_data();
    void finishThrows();
    void pushThrows_data();
    void pushThrows();
    void nobodyNeedsToCatch_data();
    void nobodyNeedsToCatch();
    void whatHasNotBegunIsLeftOut_data();
    void whatHasNotBegunIsLeftOut();
    void whatRunsIsWaitedFor();
};

void SerialTasksTest::oneAtATimeInOrder_data()
{
    poolSizes();
}

void SerialTasksTest::oneAtATimeInOrder()
{
    QFETCH(unsigned, threads);
    TaskPool pool(threads);
    constexpr int count = 500, most = 4;
    std::vector<int> order; // without a lock: one task at a time
    std::atomic<int> running{0}, together{0}, ended{0};
    SerialTasks tasks(pool, most);
    tasks.finish(); // of nothing
    for (int i = 0; i < count; ++i) {
        tasks.push([&, i] {
            together = std::max(together.load(), ++running);
            order.push_back(i);
            if (i % 50 == 0)
                std::this_thread::sleep_for(500us);
            --running;
            ++ended;
        });
        QVERIFY(i + 1 - ended <= most);
        if (i % 100 == 77) {
            tasks.finish();
            QCOMPARE(ended.load(), i + 1);
        }
    }
    tasks.finish();
    QCOMPARE(together.load(), 1);
    QCOMPARE(order.size(), std::size_t{count});
    QVERIFY(std::is_sorted(order.begin(), order.end()));
}

void SerialTasksTest::pushWorksAlongAtTheLimit()
{
    TaskPool pool(1);
    SerialTasks tasks(pool, 2);
    int ended = 0;
    for (int i = 0; i < 6; ++i) {
        tasks.push([&] { ++ended; });
        QVERIFY(i + 1 - ended <= 2);
        QVERIFY(i >= 2 || ended == 0); // there is room: nobody has to work
    }
    tasks.finish();
    QCOMPARE(ended, 6);
}

void SerialTasksTest::finishThrows_data()
{
    poolSizes();
}

void SerialTasksTest::finishThrows()
{
    QFETCH(unsigned, threads);
    BusyPool busy(threads, threads - 1); // so that no push() comes after the exception
    int before = 0, after = 0;
    SerialTasks tasks(busy.pool(), 10);
    tasks.push([&] { ++before; });
    tasks.push([] { throw std::runtime_error("two"); });
    tasks.push([&] { ++after; });
    busy.releaseWhenTheOwnerHelps();
    QByteArray thrown;
    try {
        tasks.finish();
    } catch (const std::runtime_error& error) {
        thrown = error.what();
    }
    QCOMPARE(thrown, QByteArray("two"));
    QCOMPARE(before, 1);
    QCOMPARE(after, 0); // what would have gone on from a broken state
    tasks.finish();     // told once
}

void SerialTasksTest::pushThrows_data()
{
    poolSizes();
}

void SerialTasksTest::pushThrows()
{
    QFETCH(unsigned, threads);
    TaskPool pool(threads);
    int after = 0;
    SerialTasks tasks(pool, 1); // every push waits for the task before
    tasks.push([] { throw std::runtime_error("one"); });
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, tasks.push([&] { ++after; }));
    tasks.finish();
    QCOMPARE(after, 0);
}

void SerialTasksTest::nobodyNeedsToCatch_data()
{
    poolSizes();
}

void SerialTasksTest::nobodyNeedsToCatch()
{
    QFETCH(unsigned, threads);
    TaskPool pool(threads);
    SerialTasks tasks(pool, 10);
    tasks.push([] { throw std::runtime_error("lost"); });
}

void SerialTasksTest::whatHasNotBegunIsLeftOut_data()
{
    poolSizes();
}

void SerialTasksTest::whatHasNotBegunIsLeftOut()
{
    QFETCH(unsigned, threads);
    BusyPool busy(threads, threads - 1);
    std::atomic<int> ran{0};
    const auto held = std::make_shared<int>(1);
    {
        SerialTasks tasks(busy.pool(), 100);
        for (int i = 0; i < 10; ++i)
            tasks.push([&ran, held] { ++ran; });
        busy.releaseWhenTheOwnerHelps();
    }
    QCOMPARE(ran.load(), 0);
    QCOMPARE(held.use_count(), 1L); // what they held is gone with them
}

void SerialTasksTest::whatRunsIsWaitedFor()
{
    for (const unsigned threads : {2u, 8u}) {
        BusyPool busy(threads, threads - 2);
        std::atomic<bool> ended{false};
        std::atomic<int> others{0};
        {
            SerialTasks tasks(busy.pool(), 100);
            tasks.push([&] {
                busy.hold();
                std::this_thread::sleep_for(5ms);
                ended = true;
            });
            busy.waitUntilHeld(threads - 1);
            for (int i = 0; i < 10; ++i)
                tasks.push([&] { ++others; });
            busy.releaseWhenTheOwnerHelps();
        }
        QVERIFY(ended);
        QCOMPARE(others.load(), 0);
    }
}

QTEST_APPLESS_MAIN(SerialTasksTest)
#include "serial_tasks_test.moc"
