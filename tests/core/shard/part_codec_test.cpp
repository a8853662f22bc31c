// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/part_codec.h"

#include "core/shard/flow_numbers.h"
#include "core/shard/packed_address.h"
#include "core/shard/shard_route.h"

#include <QTest>

#include <algorithm>
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
    void flowsThatWereForgottenComeBack_data();
    void flowsThatWereForgottenComeBack();
    void packetsOfAllProtocolsComeBackInAnyOrder();
    void numbersAtTheirEndsComeBack();
    void addressesAndSumsComeBack();
    void whatIsNoBlockIsTold_data();
    void whatIsNoBlockIsTold();
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
void checkRoundTrip(const PartRows& rows, const AddressTable& addresses, std::size_t aBlock,
                    PartPackets of = PartPackets::OfTcp)
{
    PartEncoder encoder(of);
    AddressTable others;
    others.intern("so that numbers differ");
    PartDecoder decoder(others, of);
    std::size_t at = 0;
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        encoder.add(rows.packets[i], rows.rows[i], addresses,
                    rows.extras.empty() ? PacketExtras() : rows.extras[i]);
        if ((i + 1) % aBlock != 0 && i + 1 != rows.rows.size())
            continue;
        std::string block(encoder.take());
        const std::size_t size = block.size();
        block.resize(size + PartDecoder::slack);
        PartRows got;
        QVERIFY(decoder.decode(std::string_view(block).substr(0, size), got));
        QCOMPARE(got.rows.front(), encoder.firstRow());
        QCOMPARE(got.rows.back(), encoder.lastRow());
        QVERIFY(encoder.empty());
        for (std::size_t g = 0; g < got.rows.size(); ++g, ++at) {
            Packet want = rows.packets[at];
            QCOMPARE(others.text(got.packets[g].source), addresses.text(want.source));
            QCOMPARE(others.text(got.packets[g].destination), addresses.text(want.destination));
            want.source = got.packets[g].source;
            want.destination = got.packets[g].destination;
            QVERIFY(got.packets[g] == want);
            QCOMPARE(got.rows[g], rows.rows[at]);
            if (of == PartPackets::OfAll)
                QVERIFY(got.extras[g] == (rows.extras.empty() ? PacketExtras() : rows.extras[at]));
        }
    }
    QCOMPARE(at, rows.rows.size());
}

PacketExtras anyExtras(std::mt19937_64& random)
{
    PacketExtras extras;
    if (random() % 4 == 0)
        return extras;
    extras.payload = static_cast<std::int32_t>(random() % 1400);
    extras.ipBytes = extras.payload + 40;
    extras.window = static_cast<std::int32_t>(random() % 65536);
    if (random() % 3 == 0)
        extras.windowScale = static_cast<std::int16_t>(random() % 15);
    if (random() % 5 == 0) {
        extras.icmpType = static_cast<std::int16_t>(random() % 256);
        extras.icmpCode = 0;
    }
    extras.damage = static_cast<std::uint8_t>(random() % 32);
    return extras;
}

} // namespace

void PartCodecTest::packetsComeBack()
{
    std::mt19937_64 random(7);
    AddressTable addresses;
    PartRows rows;
    std::uint64_t row = 0;
    for (int i = 0; i < 20'000; ++i) {
        rows.packets.push_back(anyPacket(random, addresses));
        rows.rows.push_back(row += random() % 5);
    }
    checkRoundTrip(rows, addresses, 1000);
    checkRoundTrip(rows, addresses, 1);
}

void PartCodecTest::flowsThatWereForgottenComeBack_data()
{
    QTest::addColumn<bool>("all");
    QTest::newRow("of TCP") << false;
    QTest::newRow("of all") << true;
}

// More flows than there are slots: they go around twice, and some are told of again when another has theirs.
void PartCodecTest::flowsThatWereForgottenComeBack()
{
    QFETCH(bool, all);
    constexpr std::size_t flows = 20'000, places = 8192; // PartPrediction::slots, a word that Qt takes
    std::mt19937_64 random(18);
    AddressTable addresses;
    PartRows rows;
    std::uint64_t row = 0;
    const auto add = [&](std::size_t flow) {
        Packet packet = anyPacket(random, addresses);
        packet.source = addresses.intern("10.1." + std::to_string(flow / 200) + ".1");
        packet.destination = addresses.intern("10.2.0.1");
        packet.sourcePort = static_cast<std::int64_t>(1000 + flow % 200);
        packet.destinationPort = 443;
        if (random() % 2 == 0) {
            std::swap(packet.source, packet.destination);
            std::swap(packet.sourcePort, packet.destinationPort);
        }
        rows.packets.push_back(packet);
        rows.rows.push_back(row += random() % 20);
    };
    for (std::size_t flow = 0; flow < flows; ++flow) {
        add(flow);
        if (flow % 3 == 0)
            add(random() % (flow + 1)); // mostly forgotten
        if (flow % 5 == 0)
            add(flow - std::min(flow, random() % 100)); // known
        if (flow >= places && flow % 7 == 0)
            add(flow - places + random() % 3); // about to be forgotten, or just now
    }
    checkRoundTrip(rows, addresses, 3000, all ? PartPackets::OfAll : PartPackets::OfTcp);
}

void PartCodecTest::packetsOfAllProtocolsComeBackInAnyOrder()
{
    std::mt19937_64 random(17);
    AddressTable addresses;
    PartRows rows;
    for (int i = 0; i < 20'000; ++i) {
        Packet packet = anyPacket(random, addresses);
        packet.hasProtocol = random() % 10 != 0;
        packet.protocol = packet.hasProtocol ? static_cast<std::int64_t>(random() % 300) - 5 : 0;
        rows.packets.push_back(packet);
        rows.rows.push_back(random() % 1'000'000);
        rows.extras.push_back(anyExtras(random));
    }
    checkRoundTrip(rows, addresses, 1000, PartPackets::OfAll);
    checkRoundTrip(rows, addresses, 1, PartPackets::OfAll);
    rows.extras.clear(); // a table of packets knows none
    checkRoundTrip(rows, addresses, 3000, PartPackets::OfAll);
}

void PartCodecTest::numbersAtTheirEndsComeBack()
{
    AddressTable addresses;
    PartRows rows;
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
            rows.packets.push_back(packet);
            rows.rows.push_back(row++);
        }
    }
    checkRoundTrip(rows, addresses, 4);
}

// Only canonical texts can be made of an address again.
void PartCodecTest::addressesAndSumsComeBack()
{
    const std::vector<std::pair<std::string, std::size_t>> sizes{{"10.0.0.1", 4},     {"255.255.255.255", 4},
                                                                 {"0.0.0.0", 4},      {"2001:db8::1", 16},
                                                                 {"::", 16},          {"::ffff:10.0.0.1", 16},
                                                                 {"010.0.0.1", 10},   {"10.0.0.1 ", 10},
                                                                 {"10.0.0.1.", 10},   {"10.0..1", 8},
                                                                 {"10.0.0.1000", 12}, {"2001:DB8::1", 12},
                                                                 {"10.0.0", 7},       {"", 1},
                                                                 {"host", 5},         {"17", 3},
                                                                 {"10.0.0.256", 11}};
    for (const auto& [text, size] : sizes) {
        AddressesOut alone;
        alone.add(text);
        QCOMPARE(alone.size(), size + 1); // and what it is
    }
    AddressesOut list;
    std::vector<std::string> texts;
    for (int i = 0; i < 100; ++i) { // more than are looked up at once, some of them again and again
        for (const auto& [text, size] : sizes)
            texts.push_back(text);
        texts.push_back("10.1.0." + std::to_string(i));
        texts.push_back(std::string(300, 'x') + std::to_string(i));
    }
    for (const auto& text : texts)
        list.add(text);
    BytesOut out;
    list.putTo(out);
    WideSum sums[]{WideSum(0),
                   WideSum(1),
                   WideSum(-1),
                   WideSum(std::numeric_limits<std::int64_t>::max()),
                   WideSum(std::numeric_limits<std::int64_t>::min()),
                   WideSum(std::numeric_limits<std::int64_t>::max())};
    sums[5] += WideSum(1);
    for (const auto& sum : sums)
        out.sum(sum);
    BytesIn in(out.bytes()), again(out.bytes());
    AddressesIn skipped(again);
    skipped.skipAll();
    skipped.finish(again);
    AddressTable addresses;
    std::vector<AddressId> ids;
    internAddresses(in, addresses, ids);
    QVERIFY(in.rest() == again.rest());
    QCOMPARE(ids.size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i)
        QCOMPARE(std::string(addresses.text(ids[i])), texts[i]);
    for (const auto& sum : sums)
        QVERIFY(in.sum() == sum);
    QVERIFY(in.atEnd() && !in.bad());
    for (const std::string_view cut :
         {std::string_view("\1\4\1\2\3", 5), std::string_view("\1\5\1\2\3", 5), std::string_view("\1\6\1", 3),
          std::string_view("\2\4\1\2\3\4", 6), std::string_view("\1\xfe\xff\xff\xff\xff\xff\xff", 8)}) {
        BytesIn less(cut), passed(cut);
        ids.clear();
        internAddresses(less, addresses, ids);
        QVERIFY(less.bad());
        QVERIFY(ids.size() < 2);
        AddressesIn list2(passed);
        list2.skipAll();
        list2.finish(passed);
        QVERIFY(passed.bad());
    }
}

void PartCodecTest::whatIsNoBlockIsTold_data()
{
    flowsThatWereForgottenComeBack_data();
}

// A checksum would tell before; what is read all the same stays within its bytes.
void PartCodecTest::whatIsNoBlockIsTold()
{
    QFETCH(bool, all);
    const auto of = all ? PartPackets::OfAll : PartPackets::OfTcp;
    std::mt19937_64 random(27);
    AddressTable addresses;
    PartEncoder encoder(of);
    for (std::uint64_t row = 0; row < 300; ++row)
        encoder.add(anyPacket(random, addresses), row, addresses, all ? anyExtras(random) : PacketExtras());
    const std::string block(encoder.take());
    const auto decodes = [of](std::string bytes, std::size_t size) {
        AddressTable others;
        PartDecoder decoder(others, of);
        PartRows rows;
        bytes.resize(size);
        bytes.resize(size + PartDecoder::slack);
        return decoder.decode(std::string_view(bytes).substr(0, size), rows);
    };
    QVERIFY(decodes(block, block.size()));
    for (std::size_t size = 0; size < block.size(); ++size)
        QVERIFY(!decodes(block, size));
    QVERIFY(!decodes(block, block.size() + 1));
    for (int i = 0; i < 3000; ++i) { // whatever comes of it
        std::string other = block;
        for (int changes = 0; changes < 3; ++changes)
            other[random() % other.size()] = static_cast<char>(random());
        decodes(other, other.size());
    }
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
