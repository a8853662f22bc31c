// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/packet_order.h"

#include <QTest>
#include <algorithm>
#include <limits>
#include <random>
#include <span>
#include <vector>

using namespace packetloom;

namespace {

std::vector<Packet> packetsAt(const std::vector<std::int64_t>& timestamps)
{
    std::vector<Packet> packets;
    for (const auto timestamp : timestamps) {
        Packet& packet = packets.emplace_back();
        packet.timestamp = timestamp;
        packet.sequence = static_cast<std::int64_t>(packets.size()); // no two are the same
    }
    return packets;
}

PacketOrder orderOf(std::span<const Packet> packets)
{
    PacketOrder order;
    order.add(packets);
    return order;
}

} // namespace

class PacketOrderTest : public QObject
{
    Q_OBJECT

private slots:
    void nothing();
    void inOrder();
    void backward();
    void repeats();
    void extremes();
    void partsAreTheWhole();
};

void PacketOrderTest::nothing()
{
    PacketOrder order;
    order.add({});
    order.append({});
    QCOMPARE(order.packets(), 0u);
    QCOMPARE(order.earliest(), 0);
}

void PacketOrderTest::inOrder()
{
    const auto order = orderOf(packetsAt({100, 100, 150, 1150, 1160}));
    QCOMPARE(order.packets(), 5u);
    QCOMPARE(order.outOfOrder(), 0u);
    QCOMPARE(order.largestStepBack(), 0u);
    QCOMPARE(order.largestGap(), 1000u);
    QCOMPARE(order.gapStart(), 150);
    QCOMPARE(order.repeated(), 0u);
    QCOMPARE(order.earliest(), 100);
    QCOMPARE(order.latest(), 1160);
}

// A packet is out of order by the one in front of it, but how far it is back is asked of the latest.
void PacketOrderTest::backward()
{
    const auto order = orderOf(packetsAt({1000, 900, 950, 940, 2000}));
    QCOMPARE(order.outOfOrder(), 2u);
    QCOMPARE(order.largestStepBack(), 100u);
    QCOMPARE(order.earliest(), 900);
    QCOMPARE(order.latest(), 2000);
    QCOMPARE(order.largestGap(), 1060u);
    QCOMPARE(order.gapStart(), 940);
}

void PacketOrderTest::repeats()
{
    auto packets = packetsAt({5, 5, 5, 5});
    packets[1] = packets[0];
    packets[2].length = 60;
    packets[3] = packets[2];
    QCOMPARE(orderOf(packets).repeated(), 2u);
}

void PacketOrderTest::extremes()
{
    using Limits = std::numeric_limits<std::int64_t>;
    const auto order = orderOf(packetsAt({Limits::min(), Limits::max(), Limits::min()}));
    QCOMPARE(order.largestGap(), std::numeric_limits<std::uint64_t>::max());
    QCOMPARE(order.largestStepBack(), std::numeric_limits<std::uint64_t>::max());
    QCOMPARE(order.outOfOrder(), 1u);
}

// However an input is cut into parts, and whichever of them are empty.
void PacketOrderTest::partsAreTheWhole()
{
    std::mt19937 random(3);
    for (int turn = 0; turn < 200; ++turn) {
        std::vector<std::int64_t> timestamps;
        std::int64_t now = 0;
        for (unsigned i = 0; i < 1 + random() % 40; ++i)
            timestamps.push_back(now += static_cast<std::int64_t>(random() % 100) - 20);
        auto packets = packetsAt(timestamps);
        for (std::size_t i = 1; i < packets.size(); ++i) {
            if (random() % 4 == 0)
                packets[i] = packets[i - 1];
        }
        const PacketOrder whole = orderOf(packets);
        PacketOrder joined;
        std::span<const Packet> rest(packets);
        while (!rest.empty()) {
            const std::size_t size = random() % (rest.size() + 1);
            if (random() % 2 == 0)
                joined.append(orderOf(rest.first(size)));
            else
                joined.add(rest.first(size));
            rest = rest.subspan(size);
        }
        QCOMPARE(joined.packets(), whole.packets());
        QCOMPARE(joined.outOfOrder(), whole.outOfOrder());
        QCOMPARE(joined.largestStepBack(), whole.largestStepBack());
        QCOMPARE(joined.largestGap(), whole.largestGap());
        QCOMPARE(joined.gapStart(), whole.gapStart());
        QCOMPARE(joined.repeated(), whole.repeated());
        QCOMPARE(joined.earliest(), whole.earliest());
        QCOMPARE(joined.latest(), whole.latest());
    }
}

QTEST_APPLESS_MAIN(PacketOrderTest)
#include "packet_order_test.moc"
