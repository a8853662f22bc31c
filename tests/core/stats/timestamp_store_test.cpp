// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/timestamp_store.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <limits>
#include <random>
#include <span>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;
using Timestamps = std::vector<std::int64_t>;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

Timestamps walk(TimestampStore& store)
{
    Timestamps all;
    const auto walked = store.forEach([&](std::span<const std::int64_t> batch) {
        all.insert(all.end(), batch.begin(), batch.end());
        return true;
    });
    return walked ? all : Timestamps{-1, -1, -1};
}

Timestamps someTimestamps(std::size_t count)
{
    std::mt19937_64 random(12);
    Timestamps all;
    std::int64_t now = 1'257'254'615'000'000;
    for (std::size_t i = 0; i < count; ++i) {
        now += static_cast<std::int64_t>(random() % 10'000) - 500;
        all.push_back(random() % 20 == 0 ? static_cast<std::int64_t>(random()) : now);
    }
    return all;
}

} // namespace

class TimestampStoreTest : public QObject
{
    Q_OBJECT

private slots:
    void nothing();
    void inTheOrderOfAdding_data();
    void inTheOrderOfAdding();
    void theEndsOf64Bits_data();
    void theEndsOf64Bits();
    void moreAfterAWalk();
    void stopsEarly_data();
    void stopsEarly();
    void skipsWhatItIsTold_data();
    void skipsWhatItIsTold();
    void skipsAllOrNothing_data();
    void skipsAllOrNothing();
    void leavesNothing();
    void noFolderToSpillInto();
    void noFolderNeededInMemory();
};

void TimestampStoreTest::nothing()
{
    const TestFolder folder;
    TimestampStore store(folder.path());
    QCOMPARE(store.count(), std::uint64_t{0});
    QVERIFY(walk(store).empty());
}

void TimestampStoreTest::inTheOrderOfAdding_data()
{
    QTest::addColumn<quint64>("limit");
    QTest::addColumn<quint64>("count");
    for (const quint64 limit : {quint64{1}, quint64{16}, quint64{1000}, quint64{65536}, quint64{100'000},
                                quint64{TimestampStore::defaultMemoryLimit}}) {
        for (const quint64 count : {quint64{1}, quint64{7}, quint64{50'000}}) {
            if (limit == 1 && count > 1000)
                continue; // a write a packet
            QTest::addRow("%llu of memory, %llu timestamps", static_cast<unsigned long long>(limit),
                          static_cast<unsigned long long>(count))
                << limit << count;
        }
    }
}

void TimestampStoreTest::inTheOrderOfAdding()
{
    QFETCH(quint64, limit);
    QFETCH(quint64, count);
    const TestFolder folder;
    TimestampStore store(folder.path(), static_cast<std::size_t>(limit));
    const auto all = someTimestamps(static_cast<std::size_t>(count));
    for (const auto timestamp : all)
        store.add(timestamp);
    QCOMPARE(store.count(), std::uint64_t{count});
    QCOMPARE(store.minimum(), *std::min_element(all.begin(), all.end()));
    QCOMPARE(store.maximum(), *std::max_element(all.begin(), all.end()));
    QVERIFY(walk(store) == all);
    QVERIFY(walk(store) == all); // again
}

void TimestampStoreTest::theEndsOf64Bits_data()
{
    QTest::addColumn<quint64>("limit");
    QTest::newRow("in memory") << quint64{1000};
    QTest::newRow("spilled") << quint64{1};
}

void TimestampStoreTest::theEndsOf64Bits()
{
    QFETCH(quint64, limit);
    const TestFolder folder;
    TimestampStore store(folder.path(), static_cast<std::size_t>(limit));
    const Timestamps all{least, most, 0, most, least, -1, least, 1, most, most};
    for (const auto timestamp : all)
        store.add(timestamp);
    QCOMPARE(store.minimum(), least);
    QCOMPARE(store.maximum(), most);
    QVERIFY(walk(store) == all);
    TimestampStore one(folder.path(), static_cast<std::size_t>(limit));
    one.add(least);
    QCOMPARE(one.minimum(), least);
    QCOMPARE(one.maximum(), least);
}

void TimestampStoreTest::moreAfterAWalk()
{
    const TestFolder folder;
    TimestampStore store(folder.path(), 10);
    Timestamps all;
    for (const auto timestamp : someTimestamps(200)) {
        store.add(timestamp);
        all.push_back(timestamp);
        QVERIFY(walk(store) == all);
    }
}

void TimestampStoreTest::stopsEarly_data()
{
    theEndsOf64Bits_data();
}

void TimestampStoreTest::stopsEarly()
{
    QFETCH(quint64, limit);
    const TestFolder folder;
    TimestampStore store(folder.path(), static_cast<std::size_t>(limit) * 30'000);
    const auto all = someTimestamps(100'000);
    for (const auto timestamp : all)
        store.add(timestamp);
    int calls = 0;
    Timestamps seen;
    const auto walked = store.forEach([&](std::span<const std::int64_t> batch) {
        seen.insert(seen.end(), batch.begin(), batch.end());
        return ++calls < 2;
    });
    QVERIFY(!walked);
    QCOMPARE(walked.error().code, Errc::Cancelled);
    QCOMPARE(calls, 2);
    QVERIFY(!seen.empty() && seen.size() < all.size());
    QVERIFY(std::equal(seen.begin(), seen.end(), all.begin()));
    QVERIFY(walk(store) == all); // the next walk starts anew
}

void TimestampStoreTest::skipsWhatItIsTold_data()
{
    QTest::addColumn<quint64>("limit");
    QTest::addColumn<int>("count");
    for (const quint64 limit : {quint64{80}, quint64{20'000}, quint64{TimestampStore::defaultMemoryLimit}}) {
        for (const int count : {1, 4095, 4096, 4097, 30'000})
            QTest::addRow("%llu of memory, %d timestamps", static_cast<unsigned long long>(limit), count)
                << limit << count;
    }
}

// What is skipped and what is visited follow each other and are everything, and a range told is that of the
// timestamps whose place it takes.
void TimestampStoreTest::skipsWhatItIsTold()
{
    QFETCH(quint64, limit);
    QFETCH(int, count);
    const TestFolder folder;
    TimestampStore store(folder.path(), static_cast<std::size_t>(limit));
    const auto all = someTimestamps(static_cast<std::size_t>(count));
    for (const auto timestamp : all)
        store.add(timestamp);
    for (const unsigned rarity : {1u, 2u, 3u, 1000u}) {
        std::mt19937_64 random(rarity);
        std::size_t at = 0, skipped = 0, visited = 0;
        bool right = true;
        const auto walked = store.forEach(
            [&](std::span<const std::int64_t> batch) {
                right = right && batch.size() <= all.size() - at &&
                        std::equal(batch.begin(), batch.end(), all.begin() + static_cast<std::ptrdiff_t>(at));
                at += batch.size();
                visited += batch.size();
                return right;
            },
            [&](std::int64_t minimum, std::int64_t maximum, std::uint64_t some) {
                const auto begin = all.begin() + static_cast<std::ptrdiff_t>(at);
                right = right && some > 0 && some <= all.size() - at;
                if (right) {
                    const auto [low, high] =
                        std::minmax_element(begin, begin + static_cast<std::ptrdiff_t>(some));
                    right = *low == minimum && *high == maximum;
                }
                if (random() % rarity != 0)
                    return false;
                at += some;
                skipped += some;
                return true;
            });
        QVERIFY(walked);
        QVERIFY(right);
        QCOMPARE(skipped + visited, all.size());
        QCOMPARE(at, all.size());
    }
    QVERIFY(walk(store) == all); // a walk that skips changes nothing
}

void TimestampStoreTest::skipsAllOrNothing_data()
{
    theEndsOf64Bits_data();
}

void TimestampStoreTest::skipsAllOrNothing()
{
    QFETCH(quint64, limit);
    const TestFolder folder;
    TimestampStore store(folder.path(), static_cast<std::size_t>(limit) * 100);
    const Timestamps all{least, most, 0, -1};
    for (int i = 0; i < 25'000; ++i)
        store.add(all[static_cast<std::size_t>(i) % all.size()]);
    std::uint64_t skipped = 0;
    std::size_t visited = 0;
    bool right = true;
    const auto count = [&](std::span<const std::int64_t> batch) {
        visited += batch.size();
        return true;
    };
    QVERIFY(store.forEach(count, [&](std::int64_t minimum, std::int64_t maximum, std::uint64_t some) {
        right = right && minimum <= maximum && (some < 4 || (minimum == least && maximum == most));
        skipped += some;
        return true;
    }));
    QVERIFY(right);
    QVERIFY(skipped > 20'000); // nearly all is in blocks
    QCOMPARE(skipped + visited, std::uint64_t{25'000});
    visited = 0;
    QVERIFY(store.forEach(count, [](auto, auto, auto) { return false; }));
    QCOMPARE(visited, std::size_t{25'000});
    // Stopping is stopping, also between blocks that are skipped.
    bool skipNext = false;
    const auto stopped =
        store.forEach([](auto) { return false; }, [&](auto, auto, auto) { return skipNext = !skipNext; });
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, Errc::Cancelled);
}

void TimestampStoreTest::leavesNothing()
{
    const TestFolder folder;
    {
        TimestampStore store(folder.path(), 100);
        for (const auto timestamp : someTimestamps(1000))
            store.add(timestamp);
#ifdef Q_OS_UNIX
        QVERIFY(folder.names().empty()); // nameless
#endif
        QCOMPARE(walk(store).size(), std::size_t{1000});
    }
    QVERIFY(folder.names().empty());
}

void TimestampStoreTest::noFolderToSpillInto()
{
    const TestFolder folder;
    TimestampStore store(folder / "none", 10);
    for (int i = 0; i < 1000; ++i) // the error sticks, and nothing but forEach() says so
        store.add(i);
    QCOMPARE(store.count(), std::uint64_t{1000});
    for (int i = 0; i < 2; ++i) {
        bool called = false;
        const auto walked = store.forEach([&](auto) { return called = true; });
        QVERIFY(!walked);
        QCOMPARE(walked.error().code, Errc::Write);
        QVERIFY(!walked.error().detail.empty());
        QVERIFY(!called);
    }
}

void TimestampStoreTest::noFolderNeededInMemory()
{
    const TestFolder folder;
    TimestampStore store(folder / "none", 1000);
    store.add(5);
    QVERIFY(walk(store) == Timestamps{5});
}

QTEST_APPLESS_MAIN(TimestampStoreTest)
#include "timestamp_store_test.moc"
