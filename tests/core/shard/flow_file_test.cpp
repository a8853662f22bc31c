// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/flow_file.h"

#include "core/flow/exact/packed_exact_flow.h"
#include "core/shard/exact/exact_flow_file.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <limits>
#include <random>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// Files of flows between tasks: whatever a capture may hold comes back.
class FlowFileTest : public QObject
{
    Q_OBJECT

private slots:
    void flowsComeBack();
    void whatIsNoFlowIsTold();
    void exactFlowsComeBack();
};

namespace {

const BlockFileName name{"job", "flows"};
constexpr auto least = std::numeric_limits<std::int64_t>::min(),
               most = std::numeric_limits<std::int64_t>::max();

struct OneFlow
{
    std::uint64_t chunk = 0;
    PackedFlow head; ///< without packets
    std::vector<FlowPacket> packets;
    bool plain = false;
};

std::int64_t anyNumber(std::mt19937_64& random, std::uint64_t usual)
{
    constexpr std::int64_t ends[]{least, most, -1, 0, 255, 65535, 65536, std::int64_t{1} << 32};
    return random() % 200 == 0 ? ends[random() % std::size(ends)]
                               : static_cast<std::int64_t>(random() % usual);
}

std::vector<OneFlow> anyFlows(std::mt19937_64& random, AddressTable& addresses, std::size_t count)
{
    std::vector<OneFlow> flows(count);
    std::uint64_t row = 0, chunk = 0;
    for (auto& flow : flows) {
        if (random() % 500 == 0) {
            ++chunk;
            row = random() % 1000; // those of another judgement begin anywhere
        }
        flow.chunk = chunk;
        const auto any = [&] {
            return random() % 3 == 0
                       ? "host " + std::to_string(random() % 50)
                       : "10.0." + std::to_string(random() % 9) + '.' + std::to_string(random() % 200);
        };
        PackedFlow& head = flow.head;
        head.key.low = {addresses.intern(any()), anyNumber(random, 4)};
        head.key.high = {addresses.intern(any()), anyNumber(random, 65536)};
        head.firstRow = row += random() % 300;
        head.byTimeout = random() % 2 == 0;
        head.openedByHigh = random() % 2 == 0;
        flow.plain = random() % 4 != 0;
        head.inOrder = flow.plain || random() % 2 == 0;
        const std::size_t packets = random() % 2 == 0 ? 1 : 1 + random() % 9;
        std::int64_t time = 1'700'000'000'000'000 + static_cast<std::int64_t>(row) * 50;
        for (std::size_t i = 0; i < packets; ++i) {
            FlowPacket packet;
            packet.timestamp =
                random() % 300 == 0 ? anyNumber(random, 9) : time += anyNumber(random, 2000) & 0xffff;
            packet.sequence = anyNumber(random, std::uint64_t{1} << 32);
            packet.acknowledgment = anyNumber(random, random() % 2 == 0 ? 1 : std::uint64_t{1} << 32);
            packet.length = anyNumber(random, random() % 2 == 0 ? 3 : 1500);
            packet.flags.bits = anyNumber(random, 32);
            packet.flags.origin = static_cast<TcpFlags::Origin>(random() % 20 == 0 ? random() % 3 : 0);
            packet.fromHigh = random() % 2 == 0;
            flow.packets.push_back(packet);
        }
        head.packets = packets;
        head.lastRow = head.firstRow + (packets == 1 && random() % 20 != 0 ? 0 : random() % 1000);
    }
    return flows;
}

void write(const std::filesystem::path& folder, const std::vector<OneFlow>& flows,
           const AddressTable& addresses)
{
    FlowFileWriter file(folder, name, addresses);
    for (const auto& flow : flows) {
        file.judgedAt(flow.chunk);
        PackedFlow packed = flow.head;
        std::vector<std::uint8_t> bytes(flow.packets.size() * longestEncodedPacket + 2 * codecSlack);
        if (flow.plain) {
            packed.plain = flow.packets;
        } else {
            PacketPrediction prediction;
            std::size_t size = 0;
            for (const auto& packet : flow.packets)
                size += encodePacket(packet, prediction, bytes.data() + size);
            packed.bytes = std::span(bytes).first(size);
        }
        QVERIFY(file.take(packed));
    }
    QVERIFY(file.finish());
}

std::vector<FlowPacket> packetsOf(const PackedFlow& flow)
{
    if (!flow.plain.empty())
        return {flow.plain.begin(), flow.plain.end()};
    std::vector<FlowPacket> packets;
    PacketPrediction prediction;
    for (auto rest = flow.bytes; !rest.empty();)
        packets.push_back(decodePacket(rest, prediction));
    return packets;
}

ExactFlow anyExactFlow(std::mt19937_64& random, AddressTable& addresses)
{
    const auto some = [&](std::uint64_t below) { return random() % below; };
    ExactFlow flow;
    flow.key.low = {addresses.intern("10.0.0." + std::to_string(some(250))), anyNumber(random, 3)};
    flow.key.high = {addresses.intern("10.0.1." + std::to_string(some(250))), anyNumber(random, 65536)};
    flow.protocol = some(3) == 0 ? anyNumber(random, 256) : protocolTcp;
    flow.originatorIsHigh = some(2) == 0;
    flow.oneWay = some(9) == 0;
    flow.start = anyNumber(random, std::uint64_t{1} << 40);
    flow.firstRow = flow.lastRow = some(std::uint64_t{1} << 40);
    flow.end = flow.lastPacket = flow.start;
    flow.state = static_cast<ConnState>(some(connStateCount));
    flow.sides[0].packets = some(2);
    flow.sides[1].packets = some(2);
    flow.history = some(2) == 0 ? "S" : "ShR";
    if (some(3) != 0) {
        const auto later = static_cast<std::int64_t>(some(100'000));
        flow.lastPacket = flow.start > most - later ? flow.start : flow.start + later;
        flow.end = some(3) == 0 ? flow.start : flow.lastPacket;
        flow.lastRow += some(1000);
        flow.longestSilence = some(2) == 0 ? flow.lastPacket - flow.start : anyNumber(random, 1000);
        flow.synToSynAck = some(2) == 0 ? std::optional<std::int64_t>() : flow.lastPacket - flow.start;
        flow.roundTrips[some(2)] = {some(2), anyNumber(random, 100), 7, 9};
    }
    if (some(50) == 0)
        flow.history = "ShADadtTfFrRShADadtTfFrRShADadtTfFrRShADadtTfFrRShADadtTfFrRShADadtTfFrRShADadtTfFrRS"
                       "hADadtTfFrRShADadtTfFrR"
                       "ShADadtTfFrRShADadtTfFrR";
    for (auto& side : flow.sides) {
        side.firstSequence = some(3) == 0 ? -1 : anyNumber(random, std::uint64_t{1} << 32);
        side.wireBytes = some(4);
        if (some(3) == 0)
            side.payload = some(2);
    }
    return flow;
}

std::vector<std::uint8_t> packed(const ExactFlow& flow)
{
    std::vector<std::uint8_t> bytes;
    packExactFlow(flow, bytes);
    return bytes;
}

} // namespace

void FlowFileTest::flowsComeBack()
{
    const TestFolder folder;
    std::mt19937_64 random(3);
    AddressTable addresses, others;
    others.intern("so that numbers differ");
    const auto flows = anyFlows(random, addresses, 20'000);
    write(folder.path(), flows, addresses);
    auto reader = FlowFileReader::open(folder.path(), name, others);
    QVERIFY(reader);
    QVERIFY((*reader)->blocks().size() > 10);
    for (const OneFlow& want : flows) {
        const auto got = (*reader)->next();
        QVERIFY(got && *got);
        const PackedFlow& flow = **got;
        QCOMPARE((*reader)->place(), std::pair(want.chunk, want.head.firstRow));
        QCOMPARE(flow.firstRow, want.head.firstRow);
        QCOMPARE(flow.lastRow, want.head.lastRow);
        QCOMPARE(flow.packets, want.head.packets);
        QCOMPARE(flow.byTimeout, want.head.byTimeout);
        QCOMPARE(flow.openedByHigh, want.head.openedByHigh);
        QCOMPARE(flow.inOrder, want.head.inOrder);
        QCOMPARE(others.text(flow.key.low.address), addresses.text(want.head.key.low.address));
        QCOMPARE(others.text(flow.key.high.address), addresses.text(want.head.key.high.address));
        QCOMPARE(flow.key.low.port, want.head.key.low.port);
        QCOMPARE(flow.key.high.port, want.head.key.high.port);
        QVERIFY(packetsOf(flow) == want.packets);
    }
    const auto end = (*reader)->next();
    QVERIFY(end && !*end);
}

// A checksum would tell before; what is read all the same stays within its bytes.
void FlowFileTest::whatIsNoFlowIsTold()
{
    const TestFolder folder;
    std::mt19937_64 random(4);
    AddressTable addresses;
    write(folder.path(), anyFlows(random, addresses, 300), addresses);
    const auto good = BlockReader::open(folder / "flows", name);
    QVERIFY(good);
    for (int i = 0; i < 300; ++i) {
        const TestFolder other;
        {
            BlockWriter file(other / "flows", name);
            std::string room;
            for (const auto& block : good->blocks()) {
                std::string bytes(*good->read(block, room));
                if (i % 3 == 0)
                    bytes.resize(random() % (bytes.size() + 1));
                else
                    bytes[random() % bytes.size()] = static_cast<char>(random());
                file.add(block.kind, bytes, block.tags);
            }
            QVERIFY(file.finish());
        }
        AddressTable others;
        const auto reader = FlowFileReader::open(other.path(), name, others);
        QVERIFY(reader);
        for (int flows = 0;; ++flows) {
            QVERIFY(flows <= 300);
            const auto flow = (*reader)->next();
            if (!flow || !*flow) // whatever comes of it
                break;
        }
    }
}

void FlowFileTest::exactFlowsComeBack()
{
    const TestFolder folder;
    std::mt19937_64 random(5);
    AddressTable addresses, others;
    others.intern("so that numbers differ");
    std::vector<ExactFlow> flows(20'000);
    {
        ExactFlowWriter file(folder / "flows", name, addresses);
        for (auto& flow : flows)
            file.add(flow = anyExactFlow(random, addresses));
        QVERIFY(file.finish());
    }
    const auto reader = ExactFlowReader::open(folder / "flows", name, others);
    QVERIFY(reader);
    for (const ExactFlow& want : flows) {
        const auto got = (*reader)->next();
        QVERIFY(got && *got);
        ExactFlow flow = **got;
        QCOMPARE((*reader)->place(), placeOf(want));
        QCOMPARE(others.text(flow.key.low.address), addresses.text(want.key.low.address));
        QCOMPARE(others.text(flow.key.high.address), addresses.text(want.key.high.address));
        flow.key.low.address = want.key.low.address;
        flow.key.high.address = want.key.high.address;
        QVERIFY(packed(flow) == packed(want));
    }
    const auto end = (*reader)->next();
    QVERIFY(end && !*end);
}

QTEST_APPLESS_MAIN(FlowFileTest)
#include "flow_file_test.moc"
