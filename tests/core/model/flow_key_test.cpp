// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/flow_key.h"

#include <QTest>
#include <limits>
#include <random>
#include <set>

using namespace packetloom;

namespace {

Packet between(std::uint32_t source, std::int64_t sourcePort, std::uint32_t destination,
               std::int64_t destinationPort)
{
    Packet packet;
    packet.source = AddressId{source};
    packet.sourcePort = sourcePort;
    packet.destination = AddressId{destination};
    packet.destinationPort = destinationPort;
    return packet;
}

} // namespace

class FlowKeyTest : public QObject
{
    Q_OBJECT

private slots:
    void oneKeyForBothDirections_data();
    void oneKeyForBothDirections();
    void differentConnectionsDiffer();
    void nothingElseCounts();
    void hashesSpread();
};

void FlowKeyTest::oneKeyForBothDirections_data()
{
    constexpr auto most = std::numeric_limits<qint64>::max();
    constexpr auto least = std::numeric_limits<qint64>::min();
    QTest::addColumn<quint32>("a");
    QTest::addColumn<qint64>("portA");
    QTest::addColumn<quint32>("b");
    QTest::addColumn<qint64>("portB");
    QTest::newRow("usual") << 1u << qint64{50000} << 2u << qint64{80};
    QTest::newRow("equal ports") << 1u << qint64{80} << 2u << qint64{80};
    QTest::newRow("one address, two ports") << 5u << qint64{80} << 5u << qint64{1024};
    QTest::newRow("both ends the same") << 5u << qint64{80} << 5u << qint64{80};
    QTest::newRow("negative port") << 1u << qint64{-80} << 1u << qint64{80};
    QTest::newRow("the ends of the range") << 0u << least << ~0u << most;
}

void FlowKeyTest::oneKeyForBothDirections()
{
    QFETCH(quint32, a);
    QFETCH(qint64, portA);
    QFETCH(quint32, b);
    QFETCH(qint64, portB);
    const auto there = FlowKey::of(between(a, portA, b, portB));
    const auto back = FlowKey::of(between(b, portB, a, portA));
    QVERIFY(there == back);
    const FlowKeyHash hash;
    QCOMPARE(hash(there), hash(back));
    QVERIFY(!(there.high < there.low));
    const Endpoint one{AddressId{a}, portA}, other{AddressId{b}, portB};
    QVERIFY((there.low == one && there.high == other) || (there.low == other && there.high == one));
    QVERIFY(index(there.low.address) <= index(there.high.address)); // by number of address first
}

void FlowKeyTest::differentConnectionsDiffer()
{
    const auto key = FlowKey::of(between(1, 1000, 2, 80));
    QVERIFY(!(key == FlowKey::of(between(1, 1001, 2, 80))));
    QVERIFY(!(key == FlowKey::of(between(1, 1000, 2, 81))));
    QVERIFY(!(key == FlowKey::of(between(3, 1000, 2, 80))));
    QVERIFY(!(key == FlowKey::of(between(1, 1000, 3, 80))));
    QVERIFY(!(key == FlowKey::of(between(1, 80, 2, 1000)))); // the ports belong to their addresses
}

void FlowKeyTest::nothingElseCounts()
{
    auto packet = between(1, 1000, 2, 80);
    const auto key = FlowKey::of(packet);
    packet.timestamp = 5;
    packet.flags.bits = 2;
    packet.length = -1;
    packet.protocol = 17;
    QVERIFY(key == FlowKey::of(packet));
}

void FlowKeyTest::hashesSpread()
{
    std::set<std::uint64_t> hashes, lowBits;
    std::size_t keys = 0;
    const FlowKeyHash hashOf;
    for (std::uint32_t address = 1; address <= 20; ++address) {
        for (std::int64_t port = 1; port <= 500; ++port, ++keys) {
            const auto hash = hashOf(FlowKey::of(between(address, 30000 + port, 21, 80)));
            hashes.insert(hash);
            lowBits.insert(hash & 0xffff);
        }
    }
    QVERIFY(hashes.size() > keys * 99 / 100);
    QVERIFY(lowBits.size() > keys * 3 / 4); // 10000 random ones would hit about 9300 of 65536
}

QTEST_APPLESS_MAIN(FlowKeyTest)
#include "flow_key_test.moc"
