// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/exact_flow_file.h"

#include "core/flow/exact/packed_exact_flow.h"
#include "core/shard/job_trouble.h"
#include "tests/core/shard/any_number.h"
#include "tests/core/shard/rewritten_blocks.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <algorithm>
#include <limits>
#include <random>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// Files of the exact engine's flows between tasks: whatever a capture may hold comes back.
class ExactFlowFileTest : public QObject
{
    Q_OBJECT

private slots:
    void flowsComeBack();
    void whatIsNoFlowIsTold();
};

namespace {

const BlockFileName name{"job", "flows"};

Result<void> readAll(const std::vector<HeldBlock>& blocks)
{
    const TestFolder folder;
    writeBlocks(folder / "flows", name, blocks);
    AddressTable addresses;
    const auto reader = ExactFlowReader::open(folder / "flows", name, addresses);
    if (!reader)
        return reader.error();
    for (;;) {
        const auto flow = (*reader)->next();
        if (!flow)
            return flow.error();
        if (!*flow)
            return {};
        std::vector<std::uint8_t> bytes;
        packExactFlow(**flow, bytes); // which reads all that it has
    }
}

ExactFlow anyFlow(std::mt19937_64& random, AddressTable& addresses)
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
        flow.lastPacket =
            flow.start > std::numeric_limits<std::int64_t>::max() - later ? flow.start : flow.start + later;
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

/// In the order of their places.
std::vector<ExactFlow> anyFlows(std::mt19937_64& random, AddressTable& addresses, std::size_t count)
{
    std::vector<ExactFlow> flows;
    while (flows.size() < count)
        flows.push_back(anyFlow(random, addresses));
    std::ranges::sort(flows, {}, [](const ExactFlow& flow) { return placeOf(flow); });
    return flows;
}

void write(const std::filesystem::path& path, const std::vector<ExactFlow>& flows,
           const AddressTable& addresses)
{
    ExactFlowWriter file(path, name, addresses);
    for (const auto& flow : flows)
        file.add(flow);
    QVERIFY(file.finish());
}

std::vector<std::uint8_t> packed(const ExactFlow& flow)
{
    std::vector<std::uint8_t> bytes;
    packExactFlow(flow, bytes);
    return bytes;
}

} // namespace

void ExactFlowFileTest::flowsComeBack()
{
    const TestFolder folder;
    std::mt19937_64 random(5);
    AddressTable addresses, others;
    others.intern("so that numbers differ");
    const auto flows = anyFlows(random, addresses, 20'000);
    write(folder / "flows", flows, addresses);
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

// Checksums tell of damage before, so they are right here.
void ExactFlowFileTest::whatIsNoFlowIsTold()
{
    const TestFolder folder;
    std::mt19937_64 random(7);
    AddressTable addresses;
    write(folder / "flows", anyFlows(random, addresses, 300), addresses);
    const auto good = blocksOf(folder / "flows", name);
    int told = 0;
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
        if (cuts)
            QVERIFY(!read);
    }
    QVERIFY(told > 250);
    auto blocks = good;
    blocks.front().tags[0] -= 1; // a flow less
    QVERIFY(!readAll(blocks));
    blocks.front().tags[0] = 0;
    QVERIFY(!readAll(blocks));
    blocks.push_back(good.front()); // no order
    QVERIFY(!readAll(blocks));
}

QTEST_APPLESS_MAIN(ExactFlowFileTest)
#include "exact_flow_file_test.moc"
