// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/ordered_tasks.h"
#include "tests/core/support/pool_sizes.h"

#include <QTest>
#include <random>
#include <stdexcept>
#include <string>

using namespace packetloom;
using namespace packetloom::test;
using namespace std::chrono_literals;

class OrderedTasksTest : public QObject
{
    Q_OBJECT

private slots:
    void resultsComeInOrder_data();
    void resultsComeInOrder();
    void theLastMayEndFirst_data();
    void theLastMayEndFirst();
    void readyWithoutWaiting();
    void popThrowsWhatATaskThrew_data();
    void popThrowsWhatATaskThrew();
    void whatHasNotBegunIsLeftOut_data();
    void whatHasNotBegunIsLeftOut();
    void whatRunsIsWaitedFor();
};

void OrderedTasksTest::resultsComeInOrder_data()
{
    poolSizes();
}

void OrderedTasksTest::resultsComeInOrder()
{
    QFETCH(unsigned, threads);
    TaskPool pool(threads);
    OrderedTasks<std::unique_ptr<int>> tasks(pool); // what a task holds and gives may be movable only
    std::mt19937 random(1);
    constexpr int count = 400;
    int pushed = 0;
    for (int popped = 0; popped < count; ++popped) {
        for (; pushed < count && tasks.size() < 20; ++pushed) {
            const std::chrono::microseconds pause(random() % 200);
            tasks.push([number = std::make_unique<int>(pushed), pause]() mutable {
                std::this_thread::sleep_for(pause);
                return std::move(number);
            });
        }
        if (popped % 3 == 0) {
            QVERIFY(tasks.waitFor(60s));
            QVERIFY(tasks.ready());
        }
        QCOMPARE(*tasks.pop(), popped);
    }
    QVERIFY(tasks.empty());
    QVERIFY(!tasks.ready());
}

void OrderedTasksTest::theLastMayEndFirst_data()
{
    poolSizes();
}

void OrderedTasksTest::theLastMayEndFirst()
{
    QFETCH(unsigned, threads);
    TaskPool pool(threads);
    OrderedTasks<int> tasks(pool);
    std::atomic<bool> lastEnded{threads == 1}; // a thread alone cannot do it
    tasks.push([&] {
        while (!lastEnded)
            std::this_thread::yield();
        return 0;
    });
    for (int i = 1; i < 10; ++i)
        tasks.push([&, i] {
            if (i == 9)
                lastEnded = true;
            return i;
        });
    for (int i = 0; i < 10; ++i)
        QCOMPARE(tasks.pop(), i);
}

void OrderedTasksTest::readyWithoutWaiting()
{
    TaskPool pool(1); // nothing runs unless the owner helps
    OrderedTasks<int> tasks(pool);
    tasks.push([] { return 1; });
    tasks.push([] { return 2; });
    QVERIFY(!tasks.ready());
    QCOMPARE(tasks.size(), std::size_t{2});
    QVERIFY(tasks.waitFor(60s));
    QVERIFY(tasks.ready());
    QCOMPARE(tasks.pop(), 1);
    QVERIFY(!tasks.ready());
    QVERIFY(!tasks.waitFor(0ms));
    QCOMPARE(tasks.pop(), 2);
}

void OrderedTasksTest::popThrowsWhatATaskThrew_data()
{
    poolSizes();
}

void OrderedTasksTest::popThrowsWhatATaskThrew()
{
    QFETCH(unsigned, threads);
    TaskPool pool(threads);
    OrderedTasks<int> tasks(pool);
    for (int i = 0; i < 9; ++i)
        tasks.push([i] {
            if (i % 3 == 1)
                throw std::runtime_error(std::to_string(i));
            return i;
        });
    for (int i = 0; i < 9; ++i) { // one that fails costs no other
        QByteArray thrown;
        int result = -1;
        try {
            result = tasks.pop();
        } catch (const std::runtime_error& error) {
            thrown = error.what();
        }
        QCOMPARE(result, i % 3 == 1 ? -1 : i);
        QCOMPARE(thrown, i % 3 == 1 ? QByteArray::number(i) : QByteArray());
    }
}

void OrderedTasksTest::whatHasNotBegunIsLeftOut_data()
{
    poolSizes();
}

void OrderedTasksTest::whatHasNotBegunIsLeftOut()
{
    QFETCH(unsigned, threads);
    BusyPool busy(threads, threads - 1);
    std::atomic<int> ran{0};
    const auto held = std::make_shared<int>(1);
    {
        OrderedTasks<int> tasks(busy.pool());
        for (int i = 0; i < 10; ++i)
            tasks.push([&ran, held] { return ++ran; });
        busy.releaseWhenTheOwnerHelps();
    }
    QCOMPARE(ran.load(), 0);
    QCOMPARE(held.use_count(), 1L); // what they held is gone with them
}

void OrderedTasksTest::whatRunsIsWaitedFor()
{
    for (const unsigned threads : {2u, 8u}) {
        BusyPool busy(threads, threads - 2);
        std::atomic<bool> ended{false};
        std::atomic<int> others{0};
        {
            OrderedTasks<int> tasks(busy.pool());
            tasks.push([&] {
                busy.hold();
                std::this_thread::sleep_for(5ms);
                ended = true;
                return 0;
            });
            busy.waitUntilHeld(threads - 1);
            for (int i = 0; i < 10; ++i)
                tasks.push([&] { return ++others; });
            busy.releaseWhenTheOwnerHelps();
        }
        QVERIFY(ended);
        QCOMPARE(others.load(), 0);
    }
}

QTEST_APPLESS_MAIN(OrderedTasksTest)
#include "ordered_tasks_test.moc"
