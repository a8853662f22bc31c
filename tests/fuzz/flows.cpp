// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/flow_tracker.h"
#include "core/flow/long_flow.h"
#include "core/flow/reference/reference_machine.h"
#include "core/input/dataset/flow_reader.h"
#include "core/output/timearcs_v2/flow_json.h"
#include "tests/core/flow/slow_flows.h"
#include "tests/core/flow/spilled_flows.h"
#include "tests/fuzz/flow_input.h"
#include "tests/support/test_folder.h"

#include <simdjson.h>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

namespace {

std::vector<FlowPacket> packetsOf(const FlowPackets& packets)
{
    std::vector<FlowPacket> all;
    packets.forEach([&](std::size_t, const FlowPacket& packet) { all.push_back(packet); });
    require(!packets.failure() && all.size() == packets.size(), "packets can be read");
    return all;
}

bool samePhase(const std::vector<PhasePacket>& a, const std::vector<PhasePacket>& b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const PhasePacket& x, const PhasePacket& y) {
        return x.packet == y.packet && x.role == y.role;
    });
}

/// All that does not name packets.
bool sameOutcome(const FlowLife& a, const FlowLife& b)
{
    return a.state == b.state && a.closeType == b.closeType && a.invalidReason == b.invalidReason &&
           a.establishmentComplete == b.establishmentComplete &&
           a.dataTransferStarted == b.dataTransferStarted && a.closingStarted == b.closingStarted &&
           a.ongoing == b.ongoing && a.listedPackets == b.listedPackets && a.totalBytes == b.totalBytes;
}

bool sameNamedPackets(const FlowLife& a, const FlowLife& b)
{
    return a.syn == b.syn && a.synAck == b.synAck && a.invalidPacket == b.invalidPacket &&
           a.expectedSequenceFrom == b.expectedSequenceFrom && a.phasePackets == b.phasePackets;
}

void checkCodec(const std::vector<FlowPacket>& packets)
{
    std::vector<std::uint8_t> bytes;
    PacketPrediction writing, reading;
    for (const auto& packet : packets) {
        EncodedPacket encoded{};
        const auto size = encodePacket(packet, writing, encoded.data());
        require(size <= longestEncodedPacket, "a packet's most bytes");
        bytes.insert(bytes.end(), encoded.begin(), encoded.begin() + static_cast<std::ptrdiff_t>(size));
    }
    const auto used = bytes.size();
    bytes.resize(used + codecSlack);
    auto left = std::span<const std::uint8_t>(bytes).first(used);
    for (const auto& packet : packets)
        require(decodePacket(left, reading) == packet, "a packet comes back");
    require(left.empty(), "all bytes are used");
}

/// Flows as the elements of one chunk file, with their entries of the index.
class FlowsFile
{
public:
    FlowsFile(std::filesystem::path file, const AddressTable& addresses, JsonStyle style)
        : file_(std::move(file)), json_(addresses, style)
    {
        std::filesystem::remove(file_);
        out_.open(file_);
        out_.append('[');
        index_.append('[');
    }
    void add(const CompletedFlow& flow, const FlowLife& life)
    {
        if (flows_ > 0) {
            out_.append(',');
            index_.append(',');
        }
        json_.writeFlow(flow, life, out_);
        json_.writeIndexEntry(flow, life, {"chunk_00000.json", flows_++}, index_);
    }
    void close()
    {
        out_.append(']');
        index_.append(']');
        require(out_.close().has_value(), "the file is written");
        text_ = contentOf(file_);
    }
    [[nodiscard]] const std::filesystem::path& file() const { return file_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] std::string_view index() const { return index_.text(); }

private:
    std::filesystem::path file_;
    FlowJson json_;
    BufferedWriter out_{4096};
    TextBuffer index_;
    std::uint64_t flows_ = 0;
    std::string text_;
};

std::string withoutBlanks(std::string_view json)
{
    std::string text(json.size() + simdjson::SIMDJSON_PADDING, '\0');
    std::size_t size = 0;
    require(simdjson::minify(json.data(), json.size(), text.data(), size) == simdjson::SUCCESS,
            "blanks can be taken out");
    text.resize(size);
    return text;
}

void checkStyles(std::string_view indented, std::string_view compact)
{
    require(withoutBlanks(indented) == compact, "compact is without blanks, and nothing else");
    simdjson::dom::parser first, second;
    const auto a = first.parse(indented.data(), indented.size());
    const auto b = second.parse(compact.data(), compact.size());
    require(a.error() == b.error(), "both styles can be parsed");
    // A sum of bytes may be beyond the parser's 64 bits; there is no other reason.
    require(a.error() == simdjson::SUCCESS || a.error() == simdjson::NUMBER_ERROR, "JSON");
    if (a.error() == simdjson::SUCCESS)
        require(simdjson::to_string(a.value_unsafe()) == simdjson::to_string(b.value_unsafe()),
                "same values");
}

/// What the chunk file tells of a flow is what was written.
void checkStored(const std::filesystem::path& file, std::uint64_t place, const CompletedFlow& flow,
                 const FlowLife& life, const AddressTable& addresses)
{
    const auto end = [&](const Endpoint& e) { return EndText{addresses.text(e.address), e.port}; };
    ReferenceMachine machine;
    const auto stored = readStoredFlow(file, place, {end(flow.key.low), end(flow.key.high)}, machine);
    require(stored.has_value(), "a flow can be read back");
    const auto listed = flow.packets.all().first(life.listedPackets);
    require(stored->number == flow.number && stored->totalPackets == flow.packets.size() &&
                stored->byTimeout == flow.byTimeout,
            "the flow itself is read back");
    require(std::equal(listed.begin(), listed.end(), stored->packets.begin(), stored->packets.end()),
            "listed packets are read back");
    require(sameOutcome(stored->life, life), "the outcome is read back");
    require(sameNamedPackets(stored->life, life) &&
                samePhase(stored->life.establishment, life.establishment) &&
                samePhase(stored->life.dataTransfer, life.dataTransfer) &&
                samePhase(stored->life.closing, life.closing),
            "named packets are read back");
}

void checkSame(const CompletedFlow& held, const CompletedFlow& spilled)
{
    require(held.packets.inMemory() && held.number == spilled.number && held.key == spilled.key &&
                held.byTimeout == spilled.byTimeout && held.openedByHigh == spilled.openedByHigh &&
                held.firstRow == spilled.firstRow && held.lastRow == spilled.lastRow,
            "a flow is the same whether its packets were moved or not");
    const auto packets = packetsOf(spilled.packets);
    require(packets == packetsOf(held.packets), "so are its packets");
    require(spilled.packets.front() == packets.front() && spilled.packets.back() == packets.back(),
            "so are the first and the last one");
    checkCodec(packets);
}

void checkAgainstSlowRules(const FlowBatch& flows, const std::vector<SlowFlow>& expected)
{
    require(flows.size() == expected.size(), "as many flows as the slow rules find");
    FlowUnpacker unpacker({});
    for (std::size_t i = 0; i < flows.size(); ++i) {
        const auto flow = unpacker.unpack(flows.flow(i));
        std::vector<FlowPacket> packets;
        for (const auto& packet : expected[i].packets)
            packets.push_back(FlowPacket::of(packet));
        require(flow.number == expected[i].number && flow.byTimeout == expected[i].byTimeout &&
                    packetsOf(flow.packets) == packets,
                "the flow that the slow rules find");
    }
}

// Packets that were moved are read in large blocks, which takes its time.
constexpr std::size_t mostWritten = 6, mostReadBack = 3;

void checkFlows(const FlowBatch& held, const FlowBatch& spilled, const AddressTable& addresses,
                const TestFolder& folder)
{
    require(held.size() == spilled.size(), "as many flows");
    FlowUnpacker heldUnpacker(folder.path()), spilledUnpacker(folder.path());
    ReferenceMachine heldMachine, spilledMachine;
    FlowsFile indented(folder / "indented.json", addresses, JsonStyle::Indented);
    FlowsFile compact(folder / "compact.json", addresses, JsonStyle::Compact);
    FlowsFile moved(folder / "moved.json", addresses, JsonStyle::Compact);
    for (std::size_t i = 0; i < held.size(); ++i) {
        const auto packed = spilled.flow(i);
        const auto flow = heldUnpacker.unpack(held.flow(i)), movedFlow = spilledUnpacker.unpack(packed);
        checkSame(flow, movedFlow);
        if (i >= mostWritten)
            continue;
        if (packed.spilled) { // as if there were far more of them
            const auto run = openLongFlow(packed, folder.path(), nullptr, 3);
            require(packetsOf(FlowPackets(*run)) == packetsOf(flow.packets), "sorted runs are merged");
        }
        const auto &life = heldMachine.judge(flow), &movedLife = spilledMachine.judge(movedFlow);
        require(sameOutcome(life, movedLife) && sameNamedPackets(life, movedLife),
                "their lives are the same");
        indented.add(flow, life);
        compact.add(flow, life);
        moved.add(movedFlow, movedLife);
    }
    for (FlowsFile* file : {&indented, &compact, &moved})
        file->close();
    require(moved.text() == compact.text() && moved.index() == compact.index(), "they are written the same");
    checkStyles(indented.text(), compact.text());
    checkStyles(indented.index(), compact.index());
    for (std::size_t i = 0; i < std::min(held.size(), mostReadBack); ++i) {
        const auto flow = heldUnpacker.unpack(held.flow(i));
        checkStored(i % 2 ? indented.file() : compact.file(), i, flow, heldMachine.judge(flow), addresses);
    }
}

} // namespace

/// Flows are the same whether their packets are moved out of memory or not, as the slow rules find them, and
/// as a chunk file tells them.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const TestFolder folder;
    FlowInput input(data, size);
    FlowTracker holding(input.timeoutSeconds);
    FlowTracker spilling(input.timeoutSeconds, folder.path(), input.spillBytes);
    SlowFlows slow(input.timeoutSeconds);
    Batch held, spilled;
    for (std::uint64_t row = 0; !input.ended(); ++row) {
        const Packet packet = input.next();
        if (packet.isTcp()) {
            require(holding.add(packet, row) == spilling.add(packet, row), "both take the packet");
            if (input.moderateTimes())
                slow.add(packet);
        }
        if (input.endsReadChunk()) {
            require(holding.endReadChunk(held) && spilling.endReadChunk(spilled), "the sinks go on");
            if (input.moderateTimes())
                slow.endReadChunk();
        }
        require(holding.openFlows() == spilling.openFlows(), "as many open flows");
    }
    require(holding.finish(held) && spilling.finish(spilled), "the sinks go on");
    require(!spilling.failure(), "packets can be moved");
    slow.finish();
    if (input.moderateTimes())
        checkAgainstSlowRules(held.flows, slow.completed());
    checkFlows(held.flows, spilled.flows, input.addresses, folder);
    return 0;
}
