// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/time_order.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <atomic>
#include <functional>
#include <limits>
#include <numeric>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// Rows come in the order of time, then of rows, whatever their order in the capture.
class TimeOrderTest : public QObject
{
    Q_OBJECT

private slots:
    void everyDisorder_data();
    void everyDisorder();
    void whatIsInOrderIsPassedOn();
    void whatOverlapsLittleStaysInMemory();
    void withoutAFolderForRuns();
    void stops();
};

namespace {

using Times = std::vector<std::int64_t>;
constexpr std::size_t block = PacketSpool::blockRows;

Times rising(std::size_t count, std::int64_t step = 10)
{
    Times times(count);
    for (std::size_t i = 0; i < count; ++i)
        times[i] = static_cast<std::int64_t>(i) * step;
    return times;
}

Times shuffled(Times times)
{
    std::mt19937_64 random(17); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    std::shuffle(times.begin(), times.end(), random);
    return times;
}

/// Every packet tells its row.
Packet packetOf(std::uint64_t row, std::int64_t time)
{
    Packet packet;
    packet.timestamp = time;
    packet.sequence = static_cast<std::int64_t>(row);
    packet.length = static_cast<std::int64_t>(60 + row % 1000);
    return packet;
}

PacketExtras extrasOf(std::uint64_t row)
{
    return {.payload = static_cast<std::int32_t>(row % 900),
            .window = static_cast<std::int32_t>(row & 0xffff)};
}

void fill(PacketSpool& spool, const Times& times)
{
    for (std::size_t i = 0; i < times.size(); ++i)
        spool.add(packetOf(i, times[i]), extrasOf(i));
    if (!spool.finish())
        qFatal("the spool cannot be written");
}

/// Row numbers in the order in which they come; nothing where something is wrong with a row.
std::vector<std::uint64_t> rowsOf(TimeOrder& order, const Times& times)
{
    std::vector<std::uint64_t> all;
    for (TimeOrderedRows rows;;) {
        const auto more = order.next(rows);
        if (!more)
            return {};
        if (!*more)
            return rows.size() == 0 ? all : std::vector<std::uint64_t>();
        if (rows.size() == 0 || rows.size() > block || rows.rows.size() != rows.size() ||
            rows.extras.size() != rows.size())
            return {};
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto row = rows.rows[i];
            if (row >= times.size() || rows.packets[i] != packetOf(row, times[row]) ||
                rows.extras[i] != extrasOf(row))
                return {};
            all.push_back(row);
        }
    }
}

std::vector<std::uint64_t> expectedRows(const Times& times)
{
    std::vector<std::uint64_t> rows(times.size());
    std::iota(rows.begin(), rows.end(), std::uint64_t{0});
    std::stable_sort(rows.begin(), rows.end(), [&](auto a, auto b) {
        return times[static_cast<std::size_t>(a)] < times[static_cast<std::size_t>(b)];
    });
    return rows;
}

} // namespace

Q_DECLARE_METATYPE(Times)

void TimeOrderTest::everyDisorder_data()
{
    QTest::addColumn<Times>("times");
    QTest::addColumn<std::size_t>("most");
    QTest::addColumn<unsigned>("passes");
    const auto row = [](const char* name, const Times& times, std::size_t most, unsigned passes) {
        QTest::newRow(name) << times << most << passes;
    };
    constexpr std::size_t many = 300'000; // 147 blocks
    row("none", {}, 2, 0);
    row("one", {5}, 2, 0);
    row("in order", rising(10 * block + 7), 2, 0);
    row("all at one time", Times(10 * block + 7, 3), 2, 0);
    row("reversed within a block", {5, 4, 4, 3, 3, 1}, 2, 0);

    auto jitter = rising(many);
    std::mt19937_64 random(3); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    for (auto& time : jitter)
        time += static_cast<std::int64_t>(random() % 2000);
    row("jitter", jitter, 3, 0);
    row("shuffled", shuffled(rising(many)), TimeOrder::mostBlocks, 0);
    row("shuffled, in one pass", shuffled(rising(many)), 20, 1);
    row("shuffled, in two passes", shuffled(rising(many)), 6, 2);    // 25 runs, then 5
    row("shuffled, in four passes", shuffled(rising(60'000)), 2, 4); // 15 runs, 8, 4, 2
    row("shuffled, whole blocks", shuffled(rising(64 * block)), 8, 1);
    row("shuffled, many at one time", shuffled(rising(many, 0)), 4, 0);
    auto few = rising(many);
    for (auto& time : few)
        time /= 1'000'000;
    row("shuffled, few times", shuffled(few), 4, 3);

    auto reversed = rising(many);
    std::reverse(reversed.begin(), reversed.end());
    row("reversed", reversed, 2, 0);
    auto files = rising(5 * block + 100);
    std::rotate(files.begin(), files.begin() + 2 * block + 50, files.end());
    row("the second file is earlier", files, 2, 0);
    auto twice = rising(6 * block + 100), again = twice;
    twice.insert(twice.end(), again.begin(), again.end());
    twice.insert(twice.end(), again.begin(), again.end());
    row("three files of one time", twice, 6, 0);
    row("three files of one time, with runs", twice, 2, 4);
    auto late = rising(many);
    late.back() = -1;
    row("the last row is the first", late, 2, 0);
    late[many - 2] = -1;
    late[block] = std::numeric_limits<std::int64_t>::max();
    late[block + 5] = std::numeric_limits<std::int64_t>::min();
    row("extremes", late, 4, 0);
}

void TimeOrderTest::everyDisorder()
{
    QFETCH(Times, times);
    QFETCH(std::size_t, most);
    QFETCH(unsigned, passes);
    const TestFolder folder;
    PacketSpool spool(folder.path());
    fill(spool, times);
    TimeOrder order(spool, nullptr, most);
    QVERIFY(rowsOf(order, times) == expectedRows(times));
    QCOMPARE(order.passes(), passes);
#ifdef Q_OS_UNIX
    QVERIFY(folder.names().empty());
#endif
}

void TimeOrderTest::whatIsInOrderIsPassedOn()
{
    const TestFolder folder;
    PacketSpool spool(folder.path());
    fill(spool, rising(10 * block + 7));
    TimeOrder order(spool, nullptr, 2);
    TimeOrderedRows rows;
    for (std::size_t i = 0; i <= 10; ++i) {
        QVERIFY(*order.next(rows));
        QCOMPARE(rows.size(), i < 10 ? block : 7);
        QCOMPARE(rows.rows.front(), i * block);
    }
    QVERIFY(!*order.next(rows));
    QVERIFY(!*order.next(rows)); // and again
}

// Of many blocks only those that lie at one time.
void TimeOrderTest::whatOverlapsLittleStaysInMemory()
{
    const auto blocks = [](std::initializer_list<std::pair<std::int64_t, std::int64_t>> times) {
        std::vector<TimedBlock> all;
        for (const auto& [first, last] : times)
            all.push_back({all.size(), {first, all.size() * block}, {last, all.size() * block + block - 1}});
        return BlockMerge::mostAtOnce(all);
    };
    QCOMPARE(blocks({}), 0u);
    QCOMPARE(blocks({{0, 9}, {10, 19}, {20, 29}}), 1u);
    QCOMPARE(blocks({{20, 29}, {10, 19}, {0, 9}}), 1u);
    QCOMPARE(blocks({{0, 10}, {10, 20}, {20, 30}}), 1u); // rows of one time are in order
    QCOMPARE(blocks({{20, 30}, {10, 20}, {0, 10}}), 2u);
    QCOMPARE(blocks({{0, 100}, {10, 20}, {20, 30}, {30, 40}}), 2u);
    QCOMPARE(blocks({{0, 100}, {10, 21}, {20, 31}, {30, 40}}), 3u);
}

void TimeOrderTest::withoutAFolderForRuns()
{
    const Times times = shuffled(rising(10 * block));
    const TestFolder folder;
    const auto inner = folder / "inner";
    std::filesystem::create_directory(inner);
    PacketSpool spool(inner);
    fill(spool, times);
    std::error_code error;
    if (!std::filesystem::remove(inner, error))
        QSKIP("the spool has a name here");
    TimeOrder inMemory(spool);
    QVERIFY(rowsOf(inMemory, times) == expectedRows(times));
    TimeOrder withRuns(spool, nullptr, 4);
    TimeOrderedRows rows;
    const auto more = withRuns.next(rows);
    QVERIFY(!more);
    QVERIFY(more.error().code != Errc::Cancelled);
    PacketSpool broken(inner);
    broken.add({});
    QVERIFY(!broken.finish());
    QVERIFY(!TimeOrder(broken).next(rows));
}

void TimeOrderTest::stops()
{
    const TestFolder folder;
    PacketSpool spool(folder.path());
    fill(spool, shuffled(rising(20 * block)));
    for (const std::size_t most : {TimeOrder::mostBlocks, std::size_t{2}}) {
        std::atomic<bool> stop{false};
        TimeOrder order(spool, &stop, most);
        TimeOrderedRows rows;
        QVERIFY(*order.next(rows));
        stop = true;
        const auto more = order.next(rows);
        QVERIFY(!more && more.error().code == Errc::Cancelled);
        TimeOrder late(spool, &stop, most);
        QVERIFY(!late.next(rows));
    }
}

QTEST_APPLESS_MAIN(TimeOrderTest)
#include "time_order_test.moc"
