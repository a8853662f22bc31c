// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/address_stats.h"

#include <QTest>
#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <vector>

using namespace packetloom;

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();

Packet packetOf(std::uint32_t source, std::uint32_t destination, std::int64_t timestamp, std::int64_t length)
{
    Packet packet;
    packet.source = AddressId{source};
    packet.destination = AddressId{destination};
    packet.timestamp = timestamp;
    packet.length = length;
    return packet;
}

/// The next packet.
void addTcp(AddressStats& stats, const Packet& packet, std::uint64_t row = 0)
{
    stats.addAny(packet);
    stats.addTcp(packet, row);
}

std::vector<std::uint32_t> numbers(const std::vector<AddressId>& ids)
{
    std::vector<std::uint32_t> result;
    for (const auto id : ids)
        result.push_back(index(id));
    return result;
}

} // namespace

class AddressStatsTest : public QObject
{
    Q_OBJECT

private slots:
    void nothing();
    void countsBothEnds();
    void orderOfFirstAppearance();
    void toItself();
    void negativeLengthsCountAsNone();
    void sumsBeyond64Bits();
    void timesOutOfOrder();
    void randomPackets();
    void flowsAreTheirPackets();
};

void AddressStatsTest::nothing()
{
    const AddressStats stats;
    QVERIFY(stats.inOrder().empty());
    QVERIFY(stats.unique().empty());
    QVERIFY(!AddressCounters{}.seen());
}

void AddressStatsTest::countsBothEnds()
{
    AddressStats stats;
    addTcp(stats, packetOf(1, 2, 10, 100));
    addTcp(stats, packetOf(2, 1, 20, 40));
    addTcp(stats, packetOf(1, 2, 30, 1));
    const auto& one = stats.counters(AddressId{1});
    QVERIFY(one.seen());
    QCOMPARE(one.sentPackets, std::uint64_t{2});
    QCOMPARE(one.receivedPackets, std::uint64_t{1});
    QVERIFY(one.sentBytes == WideSum(101));
    QVERIFY(one.receivedBytes == WideSum(40));
    QCOMPARE(one.firstTimestamp, std::int64_t{10});
    QCOMPARE(one.lastTimestamp, std::int64_t{30});
    const auto& two = stats.counters(AddressId{2});
    QCOMPARE(two.sentPackets, std::uint64_t{1});
    QCOMPARE(two.receivedPackets, std::uint64_t{2});
    QVERIFY(two.sentBytes == WideSum(40));
    QVERIFY(two.receivedBytes == WideSum(101));
}

// Only TCP packets have a place in the order; every kept packet makes its addresses known.
void AddressStatsTest::orderOfFirstAppearance()
{
    AddressStats stats;
    stats.addAny(packetOf(9, 3, 1, 1)); // not TCP
    addTcp(stats, packetOf(5, 4, 2, 1));
    addTcp(stats, packetOf(3, 5, 3, 1));
    addTcp(stats, packetOf(0, 4, 4, 1)); // the empty address is one too
    QCOMPARE(numbers(stats.inOrder()), (std::vector<std::uint32_t>{5, 4, 3, 0}));
    auto unique = numbers(stats.unique());
    std::sort(unique.begin(), unique.end());
    QCOMPARE(unique, (std::vector<std::uint32_t>{0, 3, 4, 5, 9}));
    QVERIFY(!stats.counters(AddressId{9}).seen());
    QCOMPARE(stats.counters(AddressId{3}).firstTimestamp, std::int64_t{3}); // not that of the other packet
}

void AddressStatsTest::toItself()
{
    AddressStats stats;
    addTcp(stats, packetOf(7, 7, 5, 30));
    const auto& both = stats.counters(AddressId{7});
    QCOMPARE(both.sentPackets, std::uint64_t{1});
    QCOMPARE(both.receivedPackets, std::uint64_t{1});
    QVERIFY(both.sentBytes == WideSum(30));
    QVERIFY(both.receivedBytes == WideSum(30));
    QCOMPARE(numbers(stats.inOrder()), std::vector<std::uint32_t>{7});
    QCOMPARE(numbers(stats.unique()), std::vector<std::uint32_t>{7});
}

void AddressStatsTest::negativeLengthsCountAsNone()
{
    AddressStats stats;
    addTcp(stats, packetOf(1, 2, 1, -5));
    addTcp(stats, packetOf(1, 2, 2, std::numeric_limits<std::int64_t>::min()));
    addTcp(stats, packetOf(1, 2, 3, 8));
    QCOMPARE(stats.counters(AddressId{1}).sentPackets, std::uint64_t{3});
    QVERIFY(stats.counters(AddressId{1}).sentBytes == WideSum(8));
    QVERIFY(stats.counters(AddressId{2}).receivedBytes == WideSum(8));
}

void AddressStatsTest::sumsBeyond64Bits()
{
    AddressStats stats;
    for (int i = 0; i < 3; ++i)
        addTcp(stats, packetOf(1, 2, i, most));
    QCOMPARE(stats.counters(AddressId{1}).sentBytes.decimal(), std::string("27670116110564327421"));
    QCOMPARE(stats.counters(AddressId{2}).receivedBytes.decimal(), std::string("27670116110564327421"));
}

void AddressStatsTest::timesOutOfOrder()
{
    AddressStats stats;
    for (const std::int64_t timestamp : {5, -3, 9, 0})
        addTcp(stats, packetOf(1, 2, timestamp, 1));
    QCOMPARE(stats.counters(AddressId{2}).firstTimestamp, std::int64_t{-3});
    QCOMPARE(stats.counters(AddressId{2}).lastTimestamp, std::int64_t{9});
}

void AddressStatsTest::randomPackets()
{
    struct Model
    {
        std::uint64_t sent = 0, received = 0;
        std::int64_t sentBytes = 0, receivedBytes = 0, first = most, last = 0;
    };
    std::mt19937_64 random(10);
    AddressStats stats;
    std::map<std::uint32_t, Model> model;
    std::vector<std::uint32_t> order, unique;
    const auto note = [](std::vector<std::uint32_t>& list, std::uint32_t id) {
        if (std::find(list.begin(), list.end(), id) == list.end())
            list.push_back(id);
    };
    for (int i = 0; i < 5000; ++i) {
        const auto packet = packetOf(static_cast<std::uint32_t>(random() % 300),
                                     static_cast<std::uint32_t>(random() % 300 * (random() % 40)),
                                     static_cast<std::int64_t>(random() % 1'000'000),
                                     static_cast<std::int64_t>(random() % 3000) - 500);
        const auto source = index(packet.source), destination = index(packet.destination);
        stats.addAny(packet);
        note(unique, source);
        note(unique, destination);
        if (random() % 4 == 0)
            continue;
        stats.addTcp(packet, static_cast<std::uint64_t>(i));
        note(order, source);
        note(order, destination);
        ++model[source].sent;
        ++model[destination].received;
        model[source].sentBytes += std::max<std::int64_t>(packet.length, 0);
        model[destination].receivedBytes += std::max<std::int64_t>(packet.length, 0);
        for (const auto id : {source, destination}) {
            model[id].first = std::min(model[id].first, packet.timestamp);
            model[id].last = std::max(model[id].last, packet.timestamp);
        }
    }
    stats.putInOrder();
    QCOMPARE(numbers(stats.inOrder()), order);
    auto known = numbers(stats.unique());
    std::sort(known.begin(), known.end());
    std::sort(unique.begin(), unique.end());
    QCOMPARE(known, unique);
    for (const auto& [id, expected] : model) {
        const auto& counters = stats.counters(AddressId{id});
        QCOMPARE(counters.sentPackets, expected.sent);
        QCOMPARE(counters.receivedPackets, expected.received);
        QCOMPARE(counters.sentBytes.clamped(), expected.sentBytes);
        QCOMPARE(counters.receivedBytes.clamped(), expected.receivedBytes);
        QCOMPARE(counters.firstTimestamp, expected.first);
        QCOMPARE(counters.lastTimestamp, expected.last);
    }
}

// Flows that are counted when they end, in any order, give what their packets give one by one.
void AddressStatsTest::flowsAreTheirPackets()
{
    std::mt19937_64 random(11);
    AddressStats byPacket, byFlow;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::pair<FlowCounts, std::vector<FlowPacket>>> flows;
    for (std::uint64_t row = 0; row < 4000; ++row) {
        const auto packet =
            packetOf(static_cast<std::uint32_t>(random() % 60), static_cast<std::uint32_t>(random() % 60),
                     static_cast<std::int64_t>(random() % 1'000'000),
                     static_cast<std::int64_t>(random() % 3000) - 500);
        addTcp(byPacket, packet, row);
        byFlow.addAny(packet);
        if (random() % 50 == 0) {
            byFlow.addTcp(packet, row); // one that belongs to no flow
            continue;
        }
        const FlowKey key = FlowKey::of(packet);
        auto& [counts, packets] = flows[{index(key.low.address), index(key.high.address)}];
        packets.push_back(FlowPacket::of(packet));
        if (packets.size() == 1) {
            counts.key = key;
            counts.firstRow = row;
            counts.openedByHigh = packets[0].fromHigh;
        }
    }
    for (auto& [ends, flow] : flows) { // by number of address: not in order of appearance
        auto& [counts, packets] = flow;
        std::sort(packets.begin(), packets.end(),
                  [](const FlowPacket& a, const FlowPacket& b) { return a.timestamp < b.timestamp; });
        byFlow.addFlow(FlowCounts::of({.key = counts.key,
                                       .packets = packets,
                                       .openedByHigh = counts.openedByHigh,
                                       .firstRow = counts.firstRow}));
    }
    byPacket.putInOrder();
    byFlow.putInOrder();
    QCOMPARE(numbers(byFlow.inOrder()), numbers(byPacket.inOrder()));
    QCOMPARE(byFlow.inOrder().size(), std::size_t{60});
    for (const auto id : byPacket.inOrder()) {
        const auto &a = byFlow.counters(id), &b = byPacket.counters(id);
        QCOMPARE(a.sentPackets, b.sentPackets);
        QCOMPARE(a.receivedPackets, b.receivedPackets);
        QVERIFY(a.sentBytes == b.sentBytes && a.receivedBytes == b.receivedBytes);
        QCOMPARE(a.firstTimestamp, b.firstTimestamp);
        QCOMPARE(a.lastTimestamp, b.lastTimestamp);
    }
}

QTEST_APPLESS_MAIN(AddressStatsTest)
#include "address_stats_test.moc"
