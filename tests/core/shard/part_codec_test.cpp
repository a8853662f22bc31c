// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/part_codec.h"

#include "core/shard/flow_numbers.h"
#include "core/shard/shard_route.h"

#include <QTest>

#include <limits>
#include <random>
#include <set>

using namespace packetloom;

/// Packets of parts: which part, and what comes back of them.
class PartCodecTest : public QObject
{
    Q_OBJECT

private slots:
    void packetsComeBack();
    void numbersAtTheirEndsComeBack();
    void bothDirectionsGoToOnePart();
    void aSeedTellsTheParts();
    void allPartsAreUsed();
    void flowsAreNumberedByTheirRows();
};

namespace {

Packet anyPacket(std::mt19937_64& random, AddressTable& addresses)
{
    const auto below = [&](std::uint64_t most) { return static_cast<std::int64_t>(random() % most); };
    Packet packet;
    packet.timestamp = 1'000'000 + below(1'000'000);
    packet.source = addresses.intern("10.0.0." + std::to_string(below(20)));
    packet.destination = addresses.intern("10.0.0." + std::to_string(below(20)));
    packet.sourcePort = below(4);
    packet.destinationPort = below(4);
    packet.sequence = below(std::uint64_t{1} << 32);
    packet.acknowledgment = below(std::uint64_t{1} << 32);
    packet.length = below(1500) - 10;
    packet.flags.bits = below(256);
    packet.protocol = protocolTcp;
    packet.hasProtocol = true;
    return packet;
}

/// Encodes in blocks of about so many, decodes into another table, and compares.
void checkRoundTrip(const std::vector<PartDecoder::Row>& rows, const AddressTable& addresses,
                    std::size_t aBlock)
{
    PartEncoder encoder;
    AddressTable others;
    others.intern("so that numbers differ");
    PartDecoder decoder(others);
    std::vector<PartDecoder::Row> got, all;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        encoder.add(rows[i].packet, rows[i].row, addresses);
        if ((i + 1) % aBlock != 0 && i + 1 != rows.size())
            continue;
        QVERIFY(decoder.decode(encoder.take(), got));
        QCOMPARE(got.front().row, encoder.firstRow());
        QCOMPARE(got.back().row, encoder.lastRow());
        QVERIFY(encoder.empty());
        all.insert(all.end(), got.begin(), got.end());
    }
    QCOMPARE(all.size(), rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Packet want = rows[i].packet;
        QCOMPARE(others.text(all[i].packet.source), addresses.text(want.source));
        QCOMPARE(others.text(all[i].packet.destination), addresses.text(want.destination));
        want.source = all[i].packet.source;
        want.destination = all[i].packet.destination;
        QVERIFY(all[i].packet == want);
        QCOMPARE(all[i].row, rows[i].row);
    }
}

} // namespace

void PartCodecTest::packetsComeBack()
{
    std::mt19937_64 random(7);
    AddressTable addresses;
    std::vector<PartDecoder::Row> rows;
    std::uint64_t row = 0;
    for (int i = 0; i < 20'000; ++i)
        rows.push_back({anyPacket(random, addresses), row += random() % 5});
    checkRoundTrip(rows, addresses, 1000);
    checkRoundTrip(rows, addresses, 1);
}

void PartCodecTest::numbersAtTheirEndsComeBack()
{
    AddressTable addresses;
    std::vector<PartDecoder::Row> rows;
    constexpr auto least = std::numeric_limits<std::int64_t>::min(),
                   most = std::numeric_limits<std::int64_t>::max();
    std::uint64_t row = std::uint64_t{1} << 60;
    for (const std::int64_t number :
         {least, most, std::int64_t{0}, std::int64_t{-1}, least, std::int64_t{255}, std::int64_t{256}}) {
        for (const auto origin :
             {TcpFlags::Origin::Value, TcpFlags::Origin::Missing, TcpFlags::Origin::Column}) {
            Packet packet;
            packet.timestamp = packet.sourcePort = packet.destinationPort = packet.sequence =
                packet.acknowledgment = packet.length = number;
            packet.flags = {number, origin};
            packet.source = addresses.intern("");
            packet.destination = addresses.intern(std::string(300, 'a'));
            packet.protocol = protocolTcp;
            packet.hasProtocol = true;
            rows.push_back({packet, row++});
        }
    }
    checkRoundTrip(rows, addresses, 4);
}

void PartCodecTest::bothDirectionsGoToOnePart()
{
    std::mt19937_64 random(8);
    AddressTable addresses;
    ShardRoute route(99, 16);
    for (int i = 0; i < 1000; ++i) {
        const Packet packet = anyPacket(random, addresses);
        Packet answer = packet;
        std::swap(answer.source, answer.destination);
        std::swap(answer.sourcePort, answer.destinationPort);
        QCOMPARE(route.shardOf(answer, addresses), route.shardOf(packet, addresses));
    }
}

// Other tables number addresses otherwise.
void PartCodecTest::aSeedTellsTheParts()
{
    std::mt19937_64 random(9);
    AddressTable addresses, others;
    for (int i = 19; i >= 0; --i)
        others.intern("10.0.0." + std::to_string(i));
    ShardRoute route(1, 16), same(1, 16), another(2, 16);
    int differ = 0;
    for (int i = 0; i < 1000; ++i) {
        const Packet packet = anyPacket(random, addresses);
        Packet there = packet;
        there.source = *others.find(addresses.text(packet.source));
        there.destination = *others.find(addresses.text(packet.destination));
        QCOMPARE(same.shardOf(there, others), route.shardOf(packet, addresses));
        differ += another.shardOf(packet, addresses) != route.shardOf(packet, addresses) ? 1 : 0;
    }
    QVERIFY(differ > 800);
}

void PartCodecTest::allPartsAreUsed()
{
    AddressTable addresses;
    Packet packet;
    packet.source = addresses.intern("10.0.0.1");
    packet.destination = addresses.intern("10.0.0.2");
    packet.destinationPort = 80;
    constexpr std::size_t shards = 64;
    ShardRoute route(5, shards);
    std::vector<int> count(shards);
    for (packet.sourcePort = 1; packet.sourcePort <= 64'000; ++packet.sourcePort)
        ++count[route.shardOf(packet, addresses)];
    QVERIFY(*std::min_element(count.begin(), count.end()) > 850); // of 1000; three standard deviations are 95
    QVERIFY(*std::max_element(count.begin(), count.end()) < 1150);
}

void PartCodecTest::flowsAreNumberedByTheirRows()
{
    std::mt19937_64 random(10);
    std::set<std::uint64_t> rows{0, 63, 64, 511, 512, 1023};
    for (int i = 0; i < 5000; ++i)
        rows.insert(random() % 100'000);
    std::vector<std::uint64_t> shuffled(rows.begin(), rows.end());
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    FlowNumbers numbers;
    for (const auto row : shuffled)
        numbers.add(row);
    numbers.finish();
    QCOMPARE(numbers.flows(), rows.size());
    std::uint64_t number = 0;
    for (const auto row : rows)
        QCOMPARE(numbers.number(row), ++number);
}

QTEST_APPLESS_MAIN(PartCodecTest)
#include "part_codec_test.moc"
