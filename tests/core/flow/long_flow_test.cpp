// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/long_flow.h"

#include "tests/core/flow/spilled_flows.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <limits>
#include <random>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

/// One flow, some of whose packets were moved out of memory.
struct LongFlow
{
    explicit LongFlow(const std::vector<std::int64_t>& times, std::size_t spillBytes = smallSpill)
    {
        FlowTracker tracker(most, folder.path(), spillBytes);
        std::mt19937_64 random(21);
        std::int64_t number = 0;
        for (const auto time : times) {
            auto packet = packetBetween(1, time);
            packet.sequence = number++; // tells packets apart
            packet.acknowledgment = static_cast<std::int64_t>(random() >> random() % 64);
            packet.length = static_cast<std::int64_t>(random() % 1500);
            if (random() % 2)
                turn(packet);
            tracker.add(packet);
            sorted.push_back(FlowPacket::of(packet));
        }
        if (!tracker.finish(batch) || tracker.failure())
            qFatal("the flow cannot be had");
        std::stable_sort(sorted.begin(), sorted.end(), earlier);
    }
    [[nodiscard]] PackedFlow packed() const { return batch.flows.flow(0); }

    TestFolder folder;
    Batch batch;
    std::vector<FlowPacket> sorted; ///< as it must come out
};

std::vector<FlowPacket> allOf(PacketRun& run)
{
    std::vector<FlowPacket> all;
    run.read([&](std::span<const FlowPacket> some) {
        all.insert(all.end(), some.begin(), some.end());
        return true;
    });
    return all;
}

std::vector<std::int64_t> timesOf(const char* kind, std::size_t count)
{
    std::mt19937_64 random(22);
    std::vector<std::int64_t> times;
    const QByteArray name(kind);
    std::int64_t now = 1'257'254'615'000'000;
    for (std::size_t i = 0; i < count; ++i) {
        now += static_cast<std::int64_t>(random() % 3);
        if (name == "in order" || name == "one step back")
            times.push_back(now);
        else if (name == "all equal")
            times.push_back(7);
        else if (name == "reversed")
            times.push_back(-now);
        else if (name == "few times")
            times.push_back(static_cast<std::int64_t>(random() % 5));
        else if (name == "ends of 64 bits")
            times.push_back(i % 3 == 0 ? least : i % 3 == 1 ? most : static_cast<std::int64_t>(random()));
        else
            times.push_back(static_cast<std::int64_t>(random()));
    }
    if (name == "one step back")
        times.back() = times.front();
    return times;
}

} // namespace

class LongFlowTest : public QObject
{
    Q_OBJECT

private slots:
    void asAStableSort_data();
    void asAStableSort();
    void theVisitorStops_data();
    void theVisitorStops();
    void cancelled_data();
    void cancelled();
    void noFolderToSortIn();
    void leavesNothing();
};

void LongFlowTest::asAStableSort_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<int>("count");
    for (const char* kind :
         {"in order", "one step back", "all equal", "reversed", "few times", "ends of 64 bits", "random"}) {
        for (const int count : {1, 2, 9, 100, 3000})
            QTest::addRow("%s, %d", kind, count) << QByteArray(kind) << count;
    }
    QTest::newRow("blocks and batches, in order") << QByteArray("in order") << 40'000;
    QTest::newRow("blocks and batches, random") << QByteArray("random") << 40'000;
}

void LongFlowTest::asAStableSort()
{
    QFETCH(QByteArray, kind);
    QFETCH(int, count);
    const auto n = static_cast<std::size_t>(count);
    const LongFlow flow(timesOf(kind.constData(), n), n < 9 ? 0 : smallSpill);
    QVERIFY(flow.packed().spilled);
    QCOMPARE(flow.packed().packets, std::uint64_t{n});
    std::vector<std::size_t> runLengths{n, n + 1, packetsASortedRun}; // one run, exactly and with room
    if (n > 2)
        runLengths.insert(runLengths.end(), {n - 1, n / 2, n > 3000 ? n / 30 : std::size_t{7}});
    if (n <= 100)
        runLengths.push_back(1);
    for (const std::size_t length : runLengths) {
        const auto run = openLongFlow(flow.packed(), flow.folder.path(), nullptr, length);
        QVERIFY(!run->failure());
        QCOMPARE(run->size(), std::uint64_t{n});
        QVERIFY(run->first() == flow.sorted.front());
        QVERIFY(run->last() == flow.sorted.back());
        for (int i = 0; i < 2; ++i) // as often as wanted
            QVERIFY(allOf(*run) == flow.sorted);
        FlowPackets packets(*run);
        QVERIFY(!packets.inMemory());
        QCOMPARE(packets.size(), n);
        QVERIFY(packets.front() == flow.sorted.front());
        QVERIFY(packets.back() == flow.sorted.back());
        for (const std::size_t i : {std::size_t{0}, n / 2, n - 1})
            QVERIFY(packets[i] == flow.sorted[i]);
        std::size_t next = 0, wrong = 0;
        packets.forEach([&](std::size_t i, const FlowPacket& packet) {
            wrong += i != next || !(packet == flow.sorted[i]) ? 1u : 0u;
            ++next;
        });
        QCOMPARE(next, n);
        QCOMPARE(wrong, std::size_t{0});
        QVERIFY(!packets.failure());
    }
}

void LongFlowTest::theVisitorStops_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::newRow("in order") << QByteArray("in order");
    QTest::newRow("sorted") << QByteArray("random");
}

void LongFlowTest::theVisitorStops()
{
    QFETCH(QByteArray, kind);
    const LongFlow flow(timesOf(kind.constData(), 20'000));
    const auto run = openLongFlow(flow.packed(), flow.folder.path(), nullptr, 900);
    for (int wanted = 1; wanted <= 3; ++wanted) {
        int calls = 0;
        std::vector<FlowPacket> seen;
        run->read([&](std::span<const FlowPacket> some) {
            seen.insert(seen.end(), some.begin(), some.end());
            return ++calls < wanted;
        });
        QCOMPARE(calls, wanted);
        QVERIFY(!seen.empty() && seen.size() < flow.sorted.size());
        QVERIFY(std::equal(seen.begin(), seen.end(), flow.sorted.begin()));
    }
    QVERIFY(!run->failure()); // that was no failure
    QVERIFY(allOf(*run) == flow.sorted);
}

void LongFlowTest::cancelled_data()
{
    theVisitorStops_data();
}

void LongFlowTest::cancelled()
{
    QFETCH(QByteArray, kind);
    const LongFlow flow(timesOf(kind.constData(), 20'000));
    // However early or late it is said, from the first question on.
    int questions = 0;
    {
        const auto run = openLongFlow(
            flow.packed(), flow.folder.path(), [&] { return ++questions > 0; }, 900);
        QVERIFY(allOf(*run) == flow.sorted);
    }
    QVERIFY(questions > 5);
    for (int allowed = 0; allowed < questions; ++allowed) {
        int left = allowed;
        const auto run = openLongFlow(
            flow.packed(), flow.folder.path(), [&] { return left-- > 0; }, 900);
        const auto seen = allOf(*run);
        QVERIFY(run->failure());
        QCOMPARE(run->failure()->code, Errc::Cancelled);
        QVERIFY(seen.size() <= flow.sorted.size());
        QVERIFY(std::equal(seen.begin(), seen.end(), flow.sorted.begin()));
        QVERIFY(FlowPackets(*run).failure());
        QCOMPARE(run->size(), std::uint64_t{20'000}); // it has them all the same
    }
}

void LongFlowTest::noFolderToSortIn()
{
    const LongFlow flow(timesOf("random", 100));
    const auto run = openLongFlow(flow.packed(), flow.folder / "none");
    QVERIFY(run->failure());
    QCOMPARE(run->failure()->code, Errc::Write);
    QVERIFY(allOf(*run).empty());
    const LongFlow ordered(timesOf("in order", 100));
    const auto other = openLongFlow(ordered.packed(), ordered.folder / "none"); // needs none
    QVERIFY(!other->failure());
    QVERIFY(allOf(*other) == ordered.sorted);
}

void LongFlowTest::leavesNothing()
{
    const TestFolder folder;
    {
        Batch batch;
        {
            FlowTracker tracker(most, folder.path(), smallSpill);
            for (const auto time : timesOf("random", 1000))
                tracker.add(packetBetween(1, time));
            QVERIFY(tracker.finish(batch));
        }
        // The packets stay with the flow, not with the tracker.
        const auto run = openLongFlow(batch.flows.flow(0), folder.path(), nullptr, 50);
        QCOMPARE(allOf(*run).size(), std::size_t{1000});
#ifdef Q_OS_UNIX
        QVERIFY(folder.names().empty()); // nameless
#endif
    }
    QVERIFY(folder.names().empty());
}

QTEST_APPLESS_MAIN(LongFlowTest)
#include "long_flow_test.moc"
