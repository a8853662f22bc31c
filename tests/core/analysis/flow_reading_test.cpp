// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_reading.h"
#include "core/analysis/sorted_runs.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <limits>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// The packets of one flow out of a spool, in the order of time.
class FlowReadingTest : public QObject
{
    Q_OBJECT

private slots:
    void anOrderIsKept_data();
    void anOrderIsKept();
    void rowsAndProtocolsNarrow();
    void filesThatOverlapAreMerged();
    void theVisitorMayStop();
    void progressEndsAtOneAndCancels();
    void aFolderThatIsNotThereIsAnError();
};

namespace {

constexpr Endpoint low{AddressId{3}, 80}, high{AddressId{9}, 40000};
const FlowKey key{low, high};

Packet packetOf(const Endpoint& from, const Endpoint& to, std::int64_t time, std::int64_t number)
{
    Packet packet;
    packet.timestamp = time;
    packet.source = from.address;
    packet.sourcePort = from.port;
    packet.destination = to.address;
    packet.destinationPort = to.port;
    packet.sequence = number;
    packet.acknowledgment = std::numeric_limits<std::int64_t>::min() + number;
    packet.length = number % 5 == 0 ? -1 : 60 + number % 1400;
    packet.flags.bits = number % 300;
    packet.flags.origin = static_cast<TcpFlags::Origin>(number % 3);
    packet.protocol = protocolTcp;
    packet.hasProtocol = true;
    return packet;
}

PacketExtras extrasOf(std::int64_t number)
{
    PacketExtras extras;
    if (number % 7 == 0)
        return extras; // nothing is known
    extras.payload = static_cast<std::int32_t>(number % 1461);
    extras.ipBytes = static_cast<std::int32_t>(number % 1461 + 40 + number % 3);
    extras.window = static_cast<std::int32_t>(number % 65536);
    extras.windowScale = static_cast<std::int16_t>(number % 15 - 1);
    extras.damage = static_cast<std::uint8_t>(number % 16);
    return extras;
}

/// Packets of the flow, one in `share`, among others.
struct Filled
{
    Filled(const std::filesystem::path& folder, const std::vector<std::int64_t>& times, std::size_t share = 1)
        : spool(folder)
    {
        std::int64_t number = 0;
        std::uint64_t row = 0;
        const Endpoint stranger{AddressId{4}, 1};
        for (const std::int64_t time : times) {
            for (std::size_t i = 1; i < share; ++i, ++row)
                spool.add(packetOf(stranger, high, time, number));
            const bool turned = number % 3 == 0;
            const Packet packet = packetOf(turned ? high : low, turned ? low : high, time, number);
            rows.push_back({row++, packet, extrasOf(number)});
            spool.add(packet, extrasOf(number++));
        }
        finished = spool.finish().has_value();
        std::stable_sort(rows.begin(), rows.end(), inTime);
        place.key = key;
        place.range = {.firstRow = 0, .lastRow = row - 1, .earliest = {}, .latest = {}};
        place.packets = rows.size();
    }
    PacketSpool spool;
    FlowSpan place;
    std::vector<FlowRow> rows; ///< as they should come
    bool finished = false;
};

bool same(const std::vector<FlowRow>& a, const std::vector<FlowRow>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const FlowRow& x, const FlowRow& y) {
        return x.row == y.row && x.packet == y.packet && x.extras == y.extras;
    });
}

Result<std::vector<FlowRow>> readAll(const Filled& filled, std::size_t mostHeld = flowRowsHeld)
{
    if (!filled.finished)
        return *filled.spool.failure();
    std::vector<FlowRow> rows;
    auto done = readInTime(
        filled.spool, filled.place,
        [&](std::span<const FlowRow> some) {
            rows.insert(rows.end(), some.begin(), some.end());
            return true;
        },
        nullptr, mostHeld);
    if (!done)
        return std::move(done).error();
    return rows;
}

std::vector<std::int64_t> inOrder(std::size_t count)
{
    std::vector<std::int64_t> times;
    for (std::size_t i = 0; i < count; ++i)
        times.push_back(static_cast<std::int64_t>(i / 2)); // two of a time
    return times;
}

std::vector<std::int64_t> shuffled(std::size_t count)
{
    auto times = inOrder(count);
    std::shuffle(times.begin(), times.end(), std::mt19937(5)); // NOLINT: the same each time
    return times;
}

} // namespace

void FlowReadingTest::anOrderIsKept_data()
{
    QTest::addColumn<bool>("inOrder");
    QTest::addColumn<int>("share");
    QTest::addColumn<int>("mostHeld");
    QTest::newRow("in order") << true << 1 << 1'000'000;
    QTest::newRow("in order, hardly anything held") << true << 1 << 1;
    QTest::newRow("few among many") << true << 50 << 1'000'000;
    QTest::newRow("shuffled, in memory") << false << 1 << 1'000'000;
    QTest::newRow("shuffled, four runs") << false << 1 << 10'000;
    QTest::newRow("shuffled, a run a block") << false << 1 << 1;
    QTest::newRow("shuffled, few among many") << false << 7 << 500;
}

void FlowReadingTest::anOrderIsKept()
{
    QFETCH(bool, inOrder);
    QFETCH(int, share);
    QFETCH(int, mostHeld);
    const TestFolder folder;
    const std::size_t count = 40'000 / static_cast<std::size_t>(share);
    const Filled filled(folder.path(), inOrder ? ::inOrder(count) : shuffled(count),
                        static_cast<std::size_t>(share));
    const auto read = readAll(filled, static_cast<std::size_t>(mostHeld));
    QVERIFY(read);
    QVERIFY(same(*read, filled.rows));
    QVERIFY(folder.names().empty()); // what went through a file left none
}

void FlowReadingTest::rowsAndProtocolsNarrow()
{
    const TestFolder folder;
    Filled filled(folder.path(), inOrder(9000));
    filled.place.range.firstRow = 2500;
    filled.place.range.lastRow = 4100;
    auto read = readAll(filled);
    QVERIFY(read);
    const std::vector<FlowRow> expected(filled.rows.begin() + 2500, filled.rows.begin() + 4101);
    QVERIFY(same(*read, expected));
    filled.place.protocol = protocolUdp;
    read = readAll(filled);
    QVERIFY(read && read->empty());
}

// Blocks of the second file lie between those of the first: no more than a few are held.
void FlowReadingTest::filesThatOverlapAreMerged()
{
    const TestFolder folder;
    auto times = inOrder(30'000);
    const auto again = inOrder(30'000);
    times.insert(times.end(), again.begin(), again.end());
    const auto temporary = folder / "gone";
    std::filesystem::create_directory(temporary);
    const Filled filled(temporary, times);
    std::error_code ignored; // without a folder nothing can be written any more
    std::filesystem::remove(temporary, ignored);
    const auto read = readAll(filled, 4 * PacketSpool::blockRows);
    QVERIFY(read);
    QVERIFY(same(*read, filled.rows));
}

void FlowReadingTest::theVisitorMayStop()
{
    const TestFolder folder;
    const Filled filled(folder.path(), shuffled(20'000));
    for (const std::size_t mostHeld : {std::size_t{1'000'000}, std::size_t{3000}}) {
        std::size_t seen = 0;
        const auto done = readInTime(
            filled.spool, filled.place,
            [&](std::span<const FlowRow> some) {
                seen += some.size();
                return seen < 9000;
            },
            nullptr, mostHeld);
        QVERIFY(done);
        QVERIFY(seen >= 9000 && seen < 20'000);
    }
}

void FlowReadingTest::progressEndsAtOneAndCancels()
{
    const TestFolder folder;
    const Filled filled(folder.path(), shuffled(20'000));
    double last = 0;
    bool grows = true;
    const auto take = [](std::span<const FlowRow>) { return true; };
    QVERIFY(readInTime(filled.spool, filled.place, take, [&](double part) {
        grows = grows && part >= last;
        last = part;
        return true;
    }));
    QVERIFY(grows);
    QCOMPARE(last, 1.0);
    for (const double at : {0.0, 0.3, 0.7}) {
        const auto done = readInTime(
            filled.spool, filled.place, take, [&](double part) { return part < at; }, 3000);
        QVERIFY(!done);
        QCOMPARE(done.error().code, Errc::Cancelled);
    }
}

void FlowReadingTest::aFolderThatIsNotThereIsAnError()
{
    const TestFolder folder;
    const Filled filled(folder.path(), shuffled(100));
    const std::filesystem::path nowhere = folder / "gone";
    SortedRuns runs(filled.place, nowhere);
    runs.add(filled.rows);
    QCOMPARE(runs.held(), filled.rows.size());
    QVERIFY(!runs.spill());
}

QTEST_APPLESS_MAIN(FlowReadingTest)
#include "flow_reading_test.moc"
