// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/pair_stats.h"
#include "core/stats/traffic_record.h"

#include <QTest>
#include <limits>

using namespace packetloom;

namespace {

constexpr qint64 most = std::numeric_limits<qint64>::max();
constexpr qint64 least = std::numeric_limits<qint64>::min();

bool same(const Traffic& a, const Traffic& b)
{
    return a.packets == b.packets && a.bytes == b.bytes && a.firstTimestamp == b.firstTimestamp &&
           a.lastTimestamp == b.lastTimestamp;
}

} // namespace

class TrafficRecordTest : public QObject
{
    Q_OBJECT

private slots:
    void whatFits_data();
    void whatFits();
    void wide();
    void pairsOfAllKinds();
};

void TrafficRecordTest::whatFits_data()
{
    QTest::addColumn<quint64>("packets");
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<qint64>("first");
    QTest::addColumn<qint64>("last");
    QTest::addColumn<bool>("fits");
    QTest::newRow("a packet") << quint64{1} << qint64{60} << qint64{5} << qint64{5} << true;
    QTest::newRow("most packets") << quint64{1023} << qint64{0} << qint64{0} << qint64{1} << true;
    QTest::newRow("too many packets") << quint64{1024} << qint64{0} << qint64{0} << qint64{1} << false;
    QTest::newRow("most bytes") << quint64{1} << qint64{0xfffff} << qint64{0} << qint64{1} << true;
    QTest::newRow("too many bytes") << quint64{1} << qint64{0x100000} << qint64{0} << qint64{1} << false;
    QTest::newRow("bytes without end") << quint64{1} << most << qint64{0} << qint64{1} << false;
    QTest::newRow("long") << quint64{1} << qint64{1} << qint64{-7} << qint64{0xfffffffff} - 7 << true;
    QTest::newRow("too long") << quint64{1} << qint64{1} << qint64{-7} << qint64{0x1000000000} - 7 << false;
    QTest::newRow("all of time") << quint64{1} << qint64{1} << least << most << false;
    QTest::newRow("the earliest") << quint64{1} << qint64{1} << least << least << true;
}

void TrafficRecordTest::whatFits()
{
    QFETCH(const quint64, packets);
    QFETCH(const qint64, bytes);
    QFETCH(const qint64, first);
    QFETCH(const qint64, last);
    QFETCH(const bool, fits);
    const Traffic traffic{{packets, 3}, {WideSum(bytes), WideSum(9)}, first, last};
    for (const Traffic& one : {traffic, traffic.turned()}) {
        TrafficRecord record;
        QCOMPARE(record.put(one), fits);
        QVERIFY(!record.isWide());
        QVERIFY(same(record.get(), fits ? one : Traffic()));
    }
}

void TrafficRecordTest::wide()
{
    TrafficRecord record;
    QVERIFY(!record.isWide());
    record.setWide(0xfffffffe);
    QVERIFY(record.isWide());
    QCOMPARE(record.wide(), 0xfffffffeu);
}

// More pairs than a slab has, of which some grow beyond what a record holds, or are in rows beyond 32 bits.
void TrafficRecordTest::pairsOfAllKinds()
{
    constexpr std::uint32_t pairs = 40'000;
    constexpr std::uint64_t late = std::uint64_t{1} << 33;
    PairStats stats;
    for (std::uint64_t round = 0; round < 3; ++round) {
        for (std::uint32_t i = 0; i < pairs; ++i) {
            Packet packet;
            packet.source = AddressId{round == 1 ? i + pairs : i};
            packet.destination = AddressId{round == 1 ? i : i + pairs};
            packet.length = i % 3 == 0 ? std::int64_t{1} << 40 : 10;
            packet.timestamp = i;
            stats.add(packet, (i % 5 == 0 ? late : 0) + pairs * (2 - round) + i); // the last is the first
        }
    }
    stats.putInOrder();
    QCOMPARE(stats.size(), std::size_t{pairs});
    std::uint64_t row = 0, beyond = 0;
    for (const AddressPair& pair : stats.pairs()) {
        const std::uint32_t i = index(pair.a);
        QCOMPARE(pair.firstRow, (i % 5 == 0 ? late : 0) + i);
        QVERIFY(row == 0 || pair.firstRow > row);
        row = pair.firstRow;
        beyond += row >= late ? 1 : 0;
        QCOMPARE(index(pair.b), i + pairs);
        QCOMPARE(pair.packetsFromA, std::uint64_t{2});
        QCOMPARE(pair.packetsFromB, std::uint64_t{1});
        QCOMPARE(pair.bytesFromA.clamped(), (i % 3 == 0 ? std::int64_t{1} << 40 : 10) * 2);
        QCOMPARE(pair.firstTimestamp, std::int64_t{i});
    }
    QCOMPARE(beyond, std::uint64_t{pairs / 5});
}

QTEST_APPLESS_MAIN(TrafficRecordTest)
#include "traffic_record_test.moc"
