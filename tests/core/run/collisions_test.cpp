// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analysis.h"
#include "core/flow/flow_tracker.h"
#include "core/model/address_table.h"
#include "core/stats/flag_stats.h"
#include "core/support/process_memory.h"
#include "tests/support/colliding_keys.h"

#include <QTest>
#include <functional>

using namespace packetloom;
using namespace packetloom::test;

namespace {

// Some more than a robin_map lets stand in a row before it doubles at every insertion.
constexpr std::size_t count = 8192 + 10;
constexpr std::uint64_t much = std::uint64_t{16} << 20;

std::uint64_t memoryOf(const std::function<void()>& work)
{
    const std::uint64_t before = residentBytes();
    work();
    const std::uint64_t after = residentBytes();
    return after > before ? after - before : 0;
}

} // namespace

/// Keys that were made to collide take no more memory than others, in every table that files fill.
class CollisionsTest : public QObject
{
    Q_OBJECT

private slots:
    void addresses();
    void flows();
    void pairs();
    void namesOfFlags();
};

void CollisionsTest::addresses()
{
    AddressTable table;
    const auto texts = collidingTexts(count);
    QVERIFY(memoryOf([&] {
                for (const auto& text : texts)
                    table.intern(text);
            }) < much);
    QCOMPARE(table.size(), count + 1);
    for (std::size_t i = 0; i < texts.size(); i += 100)
        QCOMPARE(index(*table.find(texts[i])), i + 1);
}

void CollisionsTest::flows()
{
    FlowTracker tracker(300);
    constexpr std::uint64_t addresses = std::uint64_t{1} << 32 | 2;
    QVERIFY(memoryOf([&] {
                for (std::size_t i = 1; i <= count; ++i) {
                    Packet packet;
                    packet.protocol = protocolTcp;
                    packet.source = AddressId{1};
                    packet.destination = AddressId{2};
                    packet.sourcePort = static_cast<std::int64_t>(i);
                    packet.destinationPort = collidingPort(addresses, packet.sourcePort);
                    tracker.add(packet, i);
                }
            }) < much);
    QCOMPARE(tracker.openFlows(), count);
}

void CollisionsTest::pairs()
{
    const auto pairs = collidingPairs(count);
    QCOMPARE(openMix(openMix(pairs[5], pairs[5] >> 32), 0) & 0xFFFFFFu, 0u);
    PairStats stats;
    QVERIFY(memoryOf([&] {
                for (std::size_t i = 0; i < count; ++i) {
                    Packet packet;
                    packet.source = AddressId{static_cast<std::uint32_t>(pairs[i] >> 32)};
                    packet.destination = AddressId{static_cast<std::uint32_t>(pairs[i])};
                    stats.add(packet, i);
                }
            }) < much);
    QCOMPARE(stats.pairs().size(), count);
}

void CollisionsTest::namesOfFlags()
{
    FlagStats stats;
    QVERIFY(memoryOf([&] {
                for (const auto& text : collidingTexts(count))
                    stats.restore(text, 1);
            }) < much);
    QCOMPARE(stats.counts().size(), count);
}

QTEST_APPLESS_MAIN(CollisionsTest)
#include "collisions_test.moc"
