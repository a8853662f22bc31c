// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/flow_tracker.h"
#include "tests/core/flow/slow_flows.h"

#include <QTest>
#include <limits>
#include <random>
#include <utility>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr std::int64_t second = 1'000'000;
constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();

class FlowList final : public FlowSink
{
public:
    bool take(const PackedFlow& packed) override
    {
        FlowBatch batch; // as it goes to another thread
        batch.add(packed);
        const CompletedFlow flow = unpacker_.unpack(batch.flow(0));
        flows.push_back({flow.number, flow.byTimeout, {}});
        for (std::size_t i = 0; i < flow.packets.size(); ++i) {
            const FlowPacket p = flow.packets[i];
            const auto &from = flow.source(p), &to = flow.destination(p);
            flows.back().packets.push_back({p.timestamp, from.port, to.port, p.sequence, p.acknowledgment,
                                            p.length, protocolTcp, p.flags, from.address, to.address, true});
        }
        return flows.size() != stopAt;
    }
    /// "1 2t": numbers, t for by timeout; forgets them.
    QByteArray numbers()
    {
        QByteArray text;
        for (const auto& flow : flows)
            text += (text.isEmpty() ? "" : " ") + QByteArray::number(static_cast<quint64>(flow.number)) +
                    (flow.byTimeout ? "t" : "");
        flows.clear();
        return text;
    }

    std::vector<SlowFlow> flows;
    std::size_t stopAt = 0;

private:
    FlowUnpacker unpacker_{{}};
};

/// A packet of connection `n`.
Packet packetOf(std::uint32_t n, std::int64_t timestamp, std::int64_t flags = TcpFlags::ack)
{
    Packet packet;
    packet.timestamp = timestamp;
    packet.source = AddressId{n};
    packet.destination = AddressId{1000};
    packet.sourcePort = 40000;
    packet.destinationPort = 80;
    packet.flags.bits = flags;
    packet.protocol = protocolTcp;
    packet.hasProtocol = true;
    return packet;
}

} // namespace

class FlowTrackerTest : public QObject
{
    Q_OBJECT

private slots:
    void endsAtTheEndOfAChunk();
    void theTimeout_data();
    void theTimeout();
    void theLastInFileOrderCounts();
    void fromOneEndOfTimeToTheOther();
    void onlyThisChunksNewestCounts();
    void packetsOfNoFlow();
    void bothDirectionsAndTheirOrder();
    void extremes();
    void aTimeoutLongerThanTime();
    void theSinkStops();
    void asTheSlowRules_data();
    void asTheSlowRules();
};

void FlowTrackerTest::endsAtTheEndOfAChunk()
{
    FlowTracker tracker(300);
    FlowList list;
    tracker.add(packetOf(1, 0));
    tracker.add(packetOf(2, 1, TcpFlags::fin | TcpFlags::ack));
    tracker.add(packetOf(3, 2, TcpFlags::rst));
    tracker.add(packetOf(2, 3)); // FIN ends it at the end of the chunk only
    QCOMPARE(tracker.openFlows(), std::uint64_t{3});
    QVERIFY(list.flows.empty());
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.flows.at(0).packets.size(), std::size_t{2});
    QCOMPARE(list.numbers(), QByteArray("2 3"));
    QCOMPARE(tracker.openFlows(), std::uint64_t{1});
    tracker.add(packetOf(2, 4)); // a new flow of the same ends
    QCOMPARE(tracker.openedFlows(), std::uint64_t{4});
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray());
    QVERIFY(tracker.finish(list));
    QCOMPARE(list.numbers(), QByteArray("1 4"));
    QCOMPARE(tracker.openFlows(), std::uint64_t{0});
    QVERIFY(tracker.finish(list));
    QCOMPARE(list.numbers(), QByteArray());
}

void FlowTrackerTest::theTimeout_data()
{
    QTest::addColumn<qint64>("timeout");
    QTest::addColumn<qint64>("gap");
    QTest::addColumn<QByteArray>("ended");
    QTest::newRow("just not") << qint64{300} << qint64{300 * second - 1} << QByteArray();
    QTest::newRow("just") << qint64{300} << qint64{300 * second} << QByteArray("1t");
    QTest::newRow("by far") << qint64{1} << qint64{300 * second} << QByteArray("1t");
    QTest::newRow("0 ends all, the newest too") << qint64{0} << qint64{0} << QByteArray("1t 2t");
    QTest::newRow("longer than time") << qint64{most} << qint64{300 * second} << QByteArray();
}

void FlowTrackerTest::theTimeout()
{
    QFETCH(qint64, timeout);
    QFETCH(qint64, gap);
    QFETCH(QByteArray, ended);
    FlowTracker tracker(timeout);
    FlowList list;
    tracker.add(packetOf(1, 1000));
    tracker.add(packetOf(2, 1000 + gap));
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), ended);
}

// Modulo 2^64 the second packet is a microsecond later; it is the earliest there is.
void FlowTrackerTest::fromOneEndOfTimeToTheOther()
{
    FlowTracker tracker(10);
    FlowList list;
    tracker.add(packetOf(1, most));
    tracker.add(packetOf(1, least));
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray("1t"));
}

void FlowTrackerTest::theLastInFileOrderCounts()
{
    FlowTracker tracker(10);
    FlowList list;
    tracker.add(packetOf(1, 100 * second));
    tracker.add(packetOf(1, 50 * second)); // earlier, but it came last
    tracker.add(packetOf(2, 60 * second));
    QVERIFY(tracker.endReadChunk(list)); // newest is 100 s: both are at least 10 s behind it
    QCOMPARE(list.flows.at(0).packets.at(0).timestamp, 50 * second); // by time when handed over
    QCOMPARE(list.numbers(), QByteArray("1t 2t"));
    // And the other way round: the last one keeps it alive, whatever came before.
    tracker.add(packetOf(3, 10 * second));
    tracker.add(packetOf(3, 95 * second));
    tracker.add(packetOf(4, 100 * second));
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray());
}

void FlowTrackerTest::onlyThisChunksNewestCounts()
{
    FlowTracker tracker(10);
    FlowList list;
    tracker.add(packetOf(1, 0));
    tracker.add(packetOf(2, 9 * second));
    QVERIFY(tracker.endReadChunk(list));
    QVERIFY(tracker.endReadChunk(list)); // a chunk without TCP judges nothing
    QCOMPARE(list.numbers(), QByteArray());
    tracker.add(packetOf(3, 5 * second)); // this chunk's newest lies before the last one's
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray());
    tracker.add(packetOf(3, 16 * second));
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray("1t"));
    tracker.add(packetOf(4, 19 * second, TcpFlags::rst)); // FIN or RST count before time
    tracker.add(packetOf(2, 9 * second, TcpFlags::fin));
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray("2 4"));
}

void FlowTrackerTest::packetsOfNoFlow()
{
    FlowTracker tracker(10);
    FlowList list;
    tracker.add(packetOf(1, 0));
    auto packet = packetOf(2, 1);
    packet.sourcePort = 0;
    tracker.add(packet);
    packet = packetOf(2, 2);
    packet.destinationPort = 0;
    tracker.add(packet);
    packet = packetOf(2, 3);
    packet.source = emptyAddress;
    tracker.add(packet);
    packet = packetOf(2, 20 * second);
    packet.destination = emptyAddress;
    tracker.add(packet);
    QCOMPARE(tracker.openedFlows(), std::uint64_t{1});
    QVERIFY(tracker.endReadChunk(list)); // but they are TCP rows: the last one is the newest of the chunk
    QCOMPARE(list.numbers(), QByteArray("1t"));
}

void FlowTrackerTest::bothDirectionsAndTheirOrder()
{
    FlowTracker tracker(300);
    FlowList list;
    std::vector<Packet> packets;
    for (int i = 0; i < 6; ++i) { // two at each time, in alternating directions
        auto packet = packetOf(i % 2 ? 1000 : 7, 100 - i / 2);
        if (i % 2) {
            packet.destination = AddressId{7};
            std::swap(packet.sourcePort, packet.destinationPort);
        }
        packet.sequence = i;
        packet.length = -i;
        packets.push_back(packet);
        tracker.add(packet);
    }
    QVERIFY(tracker.finish(list));
    QCOMPARE(list.flows.size(), std::size_t{1});
    std::vector<std::int64_t> order;
    for (const auto& packet : list.flows[0].packets) {
        order.push_back(packet.sequence);
        QVERIFY(samePacket(packet, packets[static_cast<std::size_t>(packet.sequence)]));
    }
    QCOMPARE(order, (std::vector<std::int64_t>{4, 5, 2, 3, 0, 1}));
}

void FlowTrackerTest::extremes()
{
    FlowTracker tracker(300);
    FlowList list;
    tracker.add(packetOf(1, least));
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray());
    tracker.add(packetOf(2, least + 300 * second - 1));
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray());
    tracker.add(packetOf(2, least + 300 * second));
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray("1t"));
    tracker.add(packetOf(3, most));
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray("2t"));
}

// More microseconds than 64 bits hold: no two timestamps are that far apart.
void FlowTrackerTest::aTimeoutLongerThanTime()
{
    FlowTracker tracker(std::int64_t{20'000'000'000'000});
    FlowList list;
    tracker.add(packetOf(1, least));
    tracker.add(packetOf(2, -1));
    tracker.add(packetOf(3, most));
    QVERIFY(tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray());
}

void FlowTrackerTest::theSinkStops()
{
    FlowTracker tracker(300);
    FlowList list;
    list.stopAt = 2;
    for (std::uint32_t n = 1; n <= 4; ++n)
        tracker.add(packetOf(n, n, TcpFlags::fin));
    QVERIFY(!tracker.endReadChunk(list));
    QCOMPARE(list.numbers(), QByteArray("1 2")); // nothing behind the refusal
    FlowTracker other(300);
    for (std::uint32_t n = 1; n <= 4; ++n)
        other.add(packetOf(n, n));
    QVERIFY(!other.finish(list));
    QCOMPARE(list.numbers(), QByteArray("1 2"));
}

void FlowTrackerTest::asTheSlowRules_data()
{
    QTest::addColumn<qint64>("timeout");
    QTest::addColumn<int>("connections");
    QTest::addColumn<int>("chunk");
    QTest::addColumn<int>("disorder"); // seconds that time may run back
    QTest::newRow("in order") << qint64{5} << 40 << 50 << 0;
    QTest::newRow("one row a chunk") << qint64{5} << 40 << 1 << 3;
    QTest::newRow("no patience") << qint64{0} << 40 << 20 << 3;
    QTest::newRow("disorder") << qint64{5} << 40 << 50 << 20;
    QTest::newRow("one chunk") << qint64{5} << 40 << 1'000'000 << 20;
    QTest::newRow("never") << qint64{1'000'000} << 40 << 50 << 20;
    QTest::newRow("many connections") << qint64{30} << 3000 << 500 << 5;
}

void FlowTrackerTest::asTheSlowRules()
{
    QFETCH(qint64, timeout);
    QFETCH(int, connections);
    QFETCH(int, chunk);
    QFETCH(int, disorder);
    std::mt19937_64 random(9);
    const auto below = [&](int n) { return static_cast<std::int64_t>(random() % static_cast<unsigned>(n)); };
    FlowTracker tracker(timeout);
    SlowFlows model(timeout);
    FlowList list;
    std::int64_t now = 1'257'254'615 * second;
    for (int i = 1; i <= 6000; ++i) {
        now += below(4) * second / 8; // often equal
        auto packet = packetOf(static_cast<std::uint32_t>(1 + below(connections)), now);
        packet.timestamp -= disorder > 0 ? below(disorder * 8 + 1) * second / 8 : 0;
        packet.sourcePort += below(2);
        packet.sequence = i;
        packet.acknowledgment = static_cast<std::int64_t>(random());
        packet.length = below(3000) - 100;
        packet.flags = {below(50) == 0 ? below(256) : 16, TcpFlags::Origin::Value};
        if (below(60) == 0)
            packet.sourcePort = 0;
        if (below(60) == 0)
            packet.source = emptyAddress;
        if (below(2) == 0) {
            std::swap(packet.source, packet.destination);
            std::swap(packet.sourcePort, packet.destinationPort);
        }
        tracker.add(packet);
        model.add(packet);
        if (i % chunk == 0) {
            QVERIFY(tracker.endReadChunk(list));
            model.endReadChunk();
            QCOMPARE(tracker.openFlows(), std::uint64_t{model.openFlows()});
            QCOMPARE(list.flows.size(), model.completed().size());
        }
    }
    QVERIFY(tracker.endReadChunk(list) && tracker.finish(list));
    model.endReadChunk();
    model.finish();
    QCOMPARE(tracker.openedFlows(), std::uint64_t{model.completed().size()});
    QCOMPARE(list.flows.size(), model.completed().size());
    for (std::size_t i = 0; i < list.flows.size(); ++i)
        QVERIFY2(sameFlow(list.flows[i], model.completed()[i]), qPrintable(QString::number(i)));
}

QTEST_APPLESS_MAIN(FlowTrackerTest)
#include "flow_tracker_test.moc"
