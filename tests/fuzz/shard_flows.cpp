// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/packed_flow.h"
#include "core/output/flow_line_writer.h"
#include "core/output/output_format.h"
#include "core/shard/exact/exact_flow_file.h"
#include "core/shard/flow_file.h"
#include "core/shard/job_trouble.h"
#include "tests/core/shard/rewritten_blocks.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/test_folder.h"

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

namespace {

const BlockFileName name{"job", "flows"};

FlowPacket somePacket(std::uint64_t row, std::int64_t i)
{
    FlowPacket packet;
    packet.timestamp = 1'600'000'000'000'000 + static_cast<std::int64_t>(row) * 1000 + i;
    packet.sequence = 1000 + 100 * i;
    packet.acknowledgment = i % 3 == 0 ? std::int64_t{1} << 40 : 2000;
    packet.length = 60 + i;
    packet.flags.bits = i == 0 ? 2 : 16;
    packet.fromHigh = i % 2 != 0;
    return packet;
}

/// Flows of one packet, of few, of many, of some with odd numbers, and one in blocks of its own.
void writeFlows(const std::filesystem::path& folder)
{
    AddressTable addresses;
    FlowFileWriter file(folder, name, addresses);
    constexpr std::uint64_t flows = 24;
    std::vector<std::uint64_t> rows;
    for (std::uint64_t row = 0; row < flows; ++row)
        rows.push_back(row * 3);
    file.opened(rows);
    for (const auto row : rows) {
        file.judgedAt(row / 30);
        PackedFlow flow;
        flow.key = {
            {addresses.intern("10.0.0." + std::to_string(row % 5)), 80},
            {addresses.intern(row % 4 == 0 ? "host" : "2001:db8::1"), static_cast<std::int64_t>(row)}};
        flow.firstRow = flow.lastRow = row;
        flow.packets = 1 + row % 7 * (row % 2);
        std::vector<FlowPacket> packets;
        for (std::int64_t i = 0; i < static_cast<std::int64_t>(flow.packets); ++i)
            packets.push_back(somePacket(row, i));
        std::vector<std::uint8_t> bytes(packets.size() * longestEncodedPacket + codecSlack);
        std::size_t size = 0;
        PacketPrediction prediction;
        for (const auto& packet : packets)
            size += encodePacket(packet, prediction, bytes.data() + size);
        if (row == rows.back()) {
            auto spill = File::temporary(folder);
            require(spill && spill->write({reinterpret_cast<const char*>(bytes.data()), size}),
                    "a spill file");
            flow.spilled = std::make_shared<SpilledPackets>(SpilledPackets{
                std::make_shared<File>(*std::move(spill)), {{0, size / 2}, {size / 2, size - size / 2}}});
        } else if (row % 3 == 0 && row % 2 == 0) {
            flow.plain = packets;
        } else {
            flow.bytes = std::span(bytes).first(size);
        }
        require(file.take(flow), "a flow is written");
    }
    require(bool(file.finish()), "a file is written");
}

void writeExactFlows(const std::filesystem::path& folder)
{
    AddressTable addresses;
    ExactFlowWriter file(folder / flowsFile, name, addresses);
    for (std::uint64_t row = 0; row < 40; ++row) {
        ExactFlow flow;
        flow.key = {
            {addresses.intern("10.0.0." + std::to_string(row % 5)), 80},
            {addresses.intern(row % 4 == 0 ? "host" : "2001:db8::1"), static_cast<std::int64_t>(row)}};
        flow.protocol = protocolTcp;
        flow.start = 1'600'000'000'000'000 + static_cast<std::int64_t>(row) * 1000;
        flow.end = flow.lastPacket = flow.start + (row % 3 == 0 ? 0 : 500);
        flow.firstRow = flow.lastRow = row;
        flow.history = row % 2 == 0 ? "S" : "ShADadFf";
        flow.state = row % 2 == 0 ? ConnState::S0 : ConnState::SF;
        flow.sides[0].packets = 1;
        flow.sides[0].payload = row;
        flow.sides[1].firstSequence = static_cast<std::int64_t>(row << row);
        flow.synToSynAck = 77;
        file.add(flow);
    }
    require(bool(file.finish()), "a file is written");
}

/// The blocks of a whole file, of which an input changes some.
class Seed
{
public:
    explicit Seed(void (*write)(const std::filesystem::path&))
    {
        const TestFolder folder;
        write(folder.path());
        blocks_ = blocksOf(folder / flowsFile, name);
    }

    [[nodiscard]] std::vector<HeldBlock> edited(FuzzInput& input) const
    {
        auto blocks = blocks_;
        for (int i = 0; i < 8 && !input.empty(); ++i) {
            const unsigned choice = input.byte();
            auto& block = blocks[(choice & 31u) % blocks.size()];
            if (choice & 128u) {
                block.tags[(choice >> 5 & 3u) % block.tags.size()] +=
                    static_cast<std::uint64_t>(input.word());
                continue;
            }
            if (choice & 64u) { // the input alone
                block.payload = std::string(input.text(input.byte()));
                continue;
            }
            const std::size_t place = input.byte() | std::size_t{input.byte()} << 8, gone = input.byte();
            const auto piece = input.text(input.byte());
            block.payload.replace(std::min(place, block.payload.size()), gone, piece);
        }
        return blocks;
    }

private:
    std::vector<HeldBlock> blocks_;
};

void checkError(const Error& error)
{
    require(jobTroubleOf(error) == JobTrouble::Damaged, "damage, and no other error");
}

void readFlows(const TestFolder& folder)
{
    AddressTable addresses;
    const auto reader = FlowFileReader::open(folder.path(), name, addresses);
    if (!reader)
        return checkError(reader.error());
    FlowUnpacker unpacker(folder.path());
    std::uint64_t told = 0, flows = 0;
    for (const auto& block : (*reader)->blocks())
        told += block.flows;
    for (;; ++flows) {
        const auto flow = (*reader)->next();
        if (!flow)
            return checkError(flow.error());
        if (!*flow)
            break;
        FlowBatch batch; // as a merge has it
        batch.add(**flow);
        const auto completed = unpacker.unpack(batch.flow(0));
        std::uint64_t packets = 0;
        completed.packets.forEach([&](std::size_t, const FlowPacket&) { ++packets; });
        require(!completed.packets.failure() && packets == (*flow)->packets, "all packets of a flow");
    }
    require(flows == told, "all flows of a file");
    std::uint64_t opened = 0;
    const auto read = (*reader)->forEachOpened([&](std::uint64_t) {
        ++opened;
        return true;
    });
    if (!read)
        return checkError(read.error());
    require(opened == told, "as many rows as flows");
}

void readExactFlows(const TestFolder& folder)
{
    AddressTable addresses;
    const auto reader = ExactFlowReader::open(folder / flowsFile, name, addresses);
    if (!reader)
        return checkError(reader.error());
    FlowLineWriter lines(*outputFormatNamed("conn-json")->flowLines(), addresses, std::nullopt);
    TextBuffer text;
    for (;;) {
        const auto flow = (*reader)->next();
        if (!flow)
            return checkError(flow.error());
        if (!*flow)
            return;
        lines.add(**flow, text);
        text.clear();
    }
}

} // namespace

/// Files of flows between tasks with right checksums: what they hold is read, or told as damage.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Seed flows(writeFlows), exactFlows(writeExactFlows);
    static const TestFolder folder;
    FuzzInput input(data, size);
    const bool exact = input.byte() & 1u;
    writeBlocks(folder / flowsFile, name, (exact ? exactFlows : flows).edited(input));
    exact ? readExactFlows(folder) : readFlows(folder);
    return 0;
}
