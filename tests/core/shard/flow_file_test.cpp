// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/flow_file.h"

#include "core/shard/job_trouble.h"
#include "tests/core/shard/any_number.h"
#include "tests/core/shard/rewritten_blocks.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <numeric>
#include <random>
#include <stdexcept>
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
    void longFlowsComeBackOrAreTold();
};

namespace {

const BlockFileName name{"job", "flows"};
struct OneFlow
{
    std::uint64_t chunk = 0;
    PackedFlow head; ///< without packets
    std::vector<FlowPacket> packets;
    bool plain = false;
};

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

/// With codecSlack behind them.
std::vector<std::uint8_t> encoded(const std::vector<FlowPacket>& packets)
{
    std::vector<std::uint8_t> bytes(packets.size() * longestEncodedPacket + codecSlack);
    PacketPrediction prediction;
    std::size_t size = 0;
    for (const auto& packet : packets)
        size += encodePacket(packet, prediction, bytes.data() + size);
    bytes.resize(size);
    bytes.reserve(size + codecSlack);
    return bytes;
}

void write(const std::filesystem::path& folder, const std::vector<OneFlow>& flows,
           const AddressTable& addresses)
{
    FlowFileWriter file(folder, name, addresses);
    std::vector<std::uint64_t> rows(flows.size());
    std::iota(rows.begin(), rows.end(), std::uint64_t{0});
    file.opened(rows);
    for (const auto& flow : flows) {
        file.judgedAt(flow.chunk);
        PackedFlow packed = flow.head;
        const auto bytes = encoded(flow.packets);
        if (flow.plain)
            packed.plain = flow.packets;
        else
            packed.bytes = bytes;
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

/// Reads a file of these blocks: flows with their packets, and rows.
Result<void> readAll(const std::vector<HeldBlock>& blocks)
{
    const TestFolder folder;
    writeBlocks(folder / "flows", name, blocks);
    AddressTable addresses;
    const auto reader = FlowFileReader::open(folder.path(), name, addresses);
    if (!reader)
        return reader.error();
    for (;;) {
        const auto flow = (*reader)->next();
        if (!flow)
            return flow.error();
        if (!*flow)
            break;
        if (!(*flow)->spilled && packetsOf(**flow).size() != (*flow)->packets)
            throw std::runtime_error("another number of packets");
    }
    return (*reader)->forEachOpened([](std::uint64_t) { return true; });
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

// Checksums tell of damage before, so they are right here.
void FlowFileTest::whatIsNoFlowIsTold()
{
    const TestFolder folder;
    std::mt19937_64 random(4);
    AddressTable addresses;
    write(folder.path(), anyFlows(random, addresses, 300), addresses);
    const auto good = blocksOf(folder / "flows", name);
    constexpr std::uint64_t flowsKind = 1;
    int told = 0, cut = 0;
    for (int i = 0; i < 600; ++i) {
        auto blocks = good;
        auto& block = blocks[random() % blocks.size()];
        const bool cuts = i % 3 == 0;
        if (cuts)
            block.payload.resize(random() % block.payload.size());
        else
            block.payload[random() % block.payload.size()] = static_cast<char>(random());
        const auto read = readAll(blocks);
        told += read ? 0 : 1;
        if (!read)
            QCOMPARE(jobTroubleOf(read.error()), std::optional(JobTrouble::Damaged));
        if (cuts && block.kind == flowsKind)
            QVERIFY(!read);
        cut += cuts && block.kind == flowsKind ? 1 : 0;
    }
    QVERIFY(cut > 10);
    QVERIFY(told > cut);
    for (const std::uint64_t fewer : {std::uint64_t{1}, good.front().tags[1], ~std::uint64_t{0}}) {
        auto blocks = good;
        blocks.front().tags[1] -= fewer;
        QVERIFY(!readAll(blocks));
    }
}

// What stands in blocks of its own may be cut between them, but not within a packet.
void FlowFileTest::longFlowsComeBackOrAreTold()
{
    const TestFolder folder;
    std::mt19937_64 random(6);
    AddressTable addresses;
    auto flows = anyFlows(random, addresses, 1);
    auto& [chunk, head, packets, plain] = flows.front();
    for (const auto some = packets; packets.size() < 100'000;)
        packets.insert(packets.end(), some.begin(), some.end());
    head.packets = packets.size();
    const auto bytes = encoded(packets);
    {
        auto file = File::temporary(folder.path());
        QVERIFY(file);
        QVERIFY(file->write({reinterpret_cast<const char*>(bytes.data()), bytes.size() - 30}));
        SpilledPackets spilled;
        spilled.file = std::make_shared<File>(*std::move(file));
        const std::uint64_t first = bytes.size() / 3;
        spilled.pieces = {{0, first}, {first, bytes.size() - 30 - first}};
        FlowFileWriter out(folder.path(), name, addresses);
        out.judgedAt(chunk);
        out.opened({head.firstRow});
        PackedFlow packed = head;
        packed.spilled = std::make_shared<SpilledPackets>(std::move(spilled));
        packed.bytes = std::span(bytes).last(30);
        QVERIFY(out.take(packed));
        QVERIFY(out.finish());
    }
    const auto good = blocksOf(folder / "flows", name);
    QVERIFY(good.size() > 4);
    {
        AddressTable others;
        const auto reader = FlowFileReader::open(folder.path(), name, others);
        QVERIFY(reader);
        const auto flow = (*reader)->next();
        QVERIFY(flow && *flow && (*flow)->spilled);
        QCOMPARE((*flow)->packets, packets.size());
    }
    const std::size_t longBlocks = good.size() - 2; // before that of flows, and that of rows
    for (std::size_t i = 0; i < longBlocks; ++i) {
        const std::size_t size = good[i].payload.size();
        for (const std::size_t kept : {std::size_t{0}, size / 2, size - 1}) {
            if (kept == size - 1 && i + 1 < longBlocks)
                continue; // a byte in the middle makes other packets of as many
            auto blocks = good;
            blocks[i].payload.resize(kept);
            const auto read = readAll(blocks);
            QVERIFY(!read);
            QCOMPARE(jobTroubleOf(read.error()), std::optional(JobTrouble::Damaged));
        }
    }
}

QTEST_APPLESS_MAIN(FlowFileTest)
#include "flow_file_test.moc"
