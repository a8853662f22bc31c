// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_trace.h"
#include "core/support/process_memory.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <numeric>

using namespace packetloom;
using namespace packetloom::test;

/// A flow that has too many packets to be kept one by one.
class LongFlowTraceTest : public QObject
{
    Q_OBJECT

private slots:
    void threeMillionPacketsTakeLittleMemory();
    void anIntervalHasItsPacketsOneByOne();
    void whatIsFoldedIsCounted();
    void aLateDecidingPacketIsKept();
    void itStopsWhenAsked();
    void tooFewPacketsAreNotAskedFor();
};

namespace {

constexpr std::int64_t begin = 1'700'000'000'000'000, step = 100;
constexpr Endpoint client{AddressId{1}, 40000}, server{AddressId{2}, 80};
constexpr std::int64_t segment = 1000;

Packet packetOf(bool fromClient, std::int64_t time, std::int64_t flags, std::int64_t sequence,
                std::int64_t acknowledgment, std::int64_t length)
{
    const Endpoint &from = fromClient ? client : server, &to = fromClient ? server : client;
    Packet packet;
    packet.timestamp = time;
    packet.source = from.address;
    packet.sourcePort = from.port;
    packet.destination = to.address;
    packet.destinationPort = to.port;
    packet.flags.bits = flags;
    packet.sequence = sequence;
    packet.acknowledgment = acknowledgment;
    packet.length = length;
    packet.protocol = protocolTcp;
    packet.hasProtocol = true;
    return packet;
}

/// A flow of so many packets: a handshake, data of the server with an ACK for every second segment, and FINs.
struct Transfer
{
    Transfer(const TestFolder& folder, std::uint64_t packets, bool shuffled = false)
        : analysis(Options(), folder.path())
    {
        constexpr std::int64_t isn = 1000, serverIsn = 5000, ack = TcpFlags::ack;
        std::int64_t time = begin, sent = serverIsn + 1;
        std::vector<Packet> window;
        const auto put = [&](bool fromClient, std::int64_t flags, std::int64_t sequence, std::int64_t acked,
                             std::int64_t payload) {
            window.push_back(
                packetOf(fromClient, time, flags, sequence & 0xffff'ffff, acked & 0xffff'ffff, 54 + payload));
            time += step;
            if (window.size() == 16) { // out of order by a little
                if (shuffled)
                    std::reverse(window.begin(), window.end());
                flush(window);
            }
        };
        put(true, TcpFlags::syn, isn, 0, 0);
        put(false, TcpFlags::syn | ack, serverIsn, isn + 1, 0);
        put(true, ack, isn + 1, serverIsn + 1, 0);
        for (std::uint64_t i = 0; i + 6 < packets; ++i) {
            if (i % 3 == 2) {
                put(true, ack, isn + 1, sent, 0);
            } else {
                put(false, ack, sent, isn + 1, segment);
                sent += segment;
            }
        }
        put(false, TcpFlags::fin | ack, sent, isn + 1, 0);
        put(true, TcpFlags::fin | ack, isn + 1, sent + 1, 0);
        put(false, ack, sent + 1, isn + 2, 0);
        flush(window);
        finish(packets, time - step);
    }

    void flush(std::vector<Packet>& window)
    {
        for (const Packet& packet : window)
            analysis.spool.add(packet);
        window.clear();
    }
    void finish(std::uint64_t packets, std::int64_t end)
    {
        finished = analysis.spool.finish().has_value();
        analysis.totals.lastTimestamp = end;
        analysis.flows.add(FlowTable::Recorded{.number = 1,
                                               .source = client,
                                               .destination = server,
                                               .state = FlowState::Closed,
                                               .closeType = CloseType::Graceful,
                                               .invalidReason = {},
                                               .marks = FlowTable::InitiatorKnown,
                                               .start = begin,
                                               .end = end,
                                               .packets = packets,
                                               .bytes = 0});
        analysis.flows.setFirstRow(0, 0);
        analysis.flows.setLastRow(0, packets - 1);
    }

    CaptureAnalysis analysis;
    bool finished = false;
};

TraceQuery queryOf(std::size_t mostPackets = 50'000)
{
    return {.flow = 0, .interval = {}, .mostPackets = mostPackets, .rules = {}};
}

std::uint64_t foldedPackets(const FlowTrace& trace)
{
    return std::accumulate(trace.folded.begin(), trace.folded.end(), std::uint64_t{0},
                           [](std::uint64_t sum, const FoldedPackets& folded) {
                               return sum + folded.packets[0] + folded.packets[1];
                           });
}

} // namespace

void LongFlowTraceTest::threeMillionPacketsTakeLittleMemory()
{
    const TestFolder folder;
    constexpr std::uint64_t packets = 3'000'000;
    Transfer transfer(folder, packets);
    QVERIFY(transfer.finished);
    const std::uint64_t before = residentBytes();
    std::uint64_t most = before;
    double last = 0;
    const auto trace = traceFlow(transfer.analysis, queryOf(), [&](double part) {
        most = std::max(most, residentBytes());
        last = part;
        return true;
    });
    QVERIFY(trace);
    QCOMPARE(trace->packetCount, packets);
    QCOMPARE(trace->life.closeType, CloseType::Graceful);
    QCOMPARE(trace->flow.state, ConnState::SF);
    QVERIFY(trace->packets.size() <= 50'000);
    QCOMPARE(foldedPackets(*trace) + trace->packets.size(), packets);
    QVERIFY(trace->slices[1].size() > 1900 && trace->slices[1].size() <= 2001);
    QCOMPARE(last, 1.0);
#ifdef PACKETLOOM_MEASURES_MEMORY
    constexpr std::uint64_t bytesHeldOneByOne = 100; // no fewer a packet
    QVERIFY2(most - before < packets * bytesHeldOneByOne / 4,
             qPrintable(QStringLiteral("%1 MB").arg((most - before) >> 20)));
#endif
}

void LongFlowTraceTest::anIntervalHasItsPacketsOneByOne()
{
    const TestFolder folder;
    Transfer transfer(folder, 200'000, true);
    TraceQuery query = queryOf(5000);
    query.interval = {begin + 70'000 * step, begin + 71'999 * step};
    const auto trace = traceFlow(transfer.analysis, query);
    QVERIFY(trace);
    QCOMPARE(trace->packets.size(), 2000u);
    QVERIFY(trace->folded.empty());
    QCOMPARE(trace->packets.front().index, 70'000u);
    QCOMPARE(trace->packets.front().packet.timestamp, query.interval->first);
    QCOMPARE(trace->packets.back().packet.timestamp, query.interval->second);
    QVERIFY(std::is_sorted(trace->packets.begin(), trace->packets.end(),
                           [](const auto& a, const auto& b) { return a.index < b.index; }));
    QCOMPARE(trace->from, query.interval->first);
    QCOMPARE(trace->to, query.interval->second);
    // What came before counts: numbers are relative to the handshake's.
    const auto data = std::find_if(trace->packets.begin(), trace->packets.end(),
                                   [](const auto& p) { return p.packet.length > 54; });
    QVERIFY(data != trace->packets.end());
    QCOMPARE(data->verdict.relativeSequence, data->packet.sequence - 5000);
    QVERIFY(!data->verdict.fromOriginator);
    QCOMPARE(trace->packetCount, 200'000u);
    QCOMPARE(trace->flow.sides[0].packets + trace->flow.sides[1].packets, 200'000u);
    std::uint64_t inSlices = 0;
    for (const auto& side : trace->slices) {
        for (const TraceSlice& slice : side) {
            inSlices += slice.packets;
            QVERIFY(slice.time >= trace->from && slice.time <= trace->to);
        }
    }
    QCOMPARE(inSlices, 2000u);
}

void LongFlowTraceTest::whatIsFoldedIsCounted()
{
    const TestFolder folder;
    Transfer transfer(folder, 30'000);
    const auto trace = traceFlow(transfer.analysis, queryOf(1000));
    QVERIFY(trace);
    QVERIFY(trace->packets.size() <= 1000);
    QCOMPARE(foldedPackets(*trace) + trace->packets.size(), 30'000u);
    QCOMPARE(trace->folded.size(), 1u); // all between the first and the last ones
    const FoldedPackets& folded = trace->folded.front();
    const TracedPacket &before = trace->packets.at(folded.before - 1),
                       &after = trace->packets.at(folded.before);
    QCOMPARE(folded.first, before.packet.timestamp + step);
    QCOMPARE(folded.last, after.packet.timestamp - step);
    QCOMPARE(folded.packets[0] + folded.packets[1], after.index - before.index - 1);
    QCOMPARE(folded.payload[0], 0u);
    QCOMPARE(folded.payload[1], folded.packets[1] * std::uint64_t{segment});
    QVERIFY(trace->packets.front().packet.flags.has(TcpFlags::syn));
    QCOMPARE(trace->packets.back().index, 29'999u);
}

// The reference waits for an ACK without PSH: whatever comes before, it decides.
void LongFlowTraceTest::aLateDecidingPacketIsKept()
{
    const TestFolder folder;
    Transfer transfer(folder, 6);
    CaptureAnalysis analysis(Options(), folder.path());
    constexpr std::int64_t count = 5000, late = 2500;
    for (std::int64_t i = 0; i < count; ++i) {
        const std::int64_t time = begin + i * step;
        if (i == 0)
            analysis.spool.add(packetOf(true, time, TcpFlags::syn, 1000, 0, 60));
        else if (i == 1)
            analysis.spool.add(packetOf(false, time, TcpFlags::syn | TcpFlags::ack, 5000, 1001, 60));
        else if (i == late)
            analysis.spool.add(packetOf(true, time, TcpFlags::ack, 1001, 4711, 54));
        else
            analysis.spool.add(packetOf(false, time, TcpFlags::psh | TcpFlags::ack, 5001 + i, 1001, 55));
    }
    QVERIFY(analysis.spool.finish());
    analysis.flows.add(FlowTable::Recorded{.number = 1,
                                           .source = client,
                                           .destination = server,
                                           .state = FlowState::Invalid,
                                           .closeType = CloseType::Invalid,
                                           .invalidReason = InvalidReason::InvalidAck,
                                           .marks = FlowTable::InitiatorKnown,
                                           .start = begin,
                                           .end = begin + (count - 1) * step,
                                           .packets = count,
                                           .bytes = 0});
    analysis.flows.setFirstRow(0, 0);
    analysis.flows.setLastRow(0, count - 1);
    const auto trace = traceFlow(analysis, queryOf(100));
    QVERIFY(trace);
    QCOMPARE(trace->life.invalidReason, InvalidReason::InvalidAck);
    QCOMPARE(trace->decidingRow, std::optional<std::uint64_t>(late));
    QVERIFY(std::any_of(trace->packets.begin(), trace->packets.end(),
                        [](const TracedPacket& packet) { return packet.row == late; }));
    const auto fact = std::find_if(trace->story.begin(), trace->story.end(), [](const StoryFact& f) {
        return f.kind == StoryKind::AcknowledgedWrongly;
    });
    QVERIFY(fact != trace->story.end());
    QCOMPARE(fact->row, trace->decidingRow);
    QCOMPARE(fact->actual, 4711);
    QCOMPARE(fact->expected, 5001);
    QCOMPARE(fact->actualSequence, fact->expectedSequence);
}

void LongFlowTraceTest::itStopsWhenAsked()
{
    const TestFolder folder;
    Transfer transfer(folder, 200'000);
    int beats = 0;
    const auto trace = traceFlow(transfer.analysis, queryOf(), [&](double part) {
        ++beats;
        return part < 0.25;
    });
    QVERIFY(!trace);
    QCOMPARE(trace.error().code, Errc::Cancelled);
    QVERIFY(beats > 10); // often enough to stop soon
}

void LongFlowTraceTest::tooFewPacketsAreNotAskedFor()
{
    const TestFolder folder;
    Transfer transfer(folder, 10'000);
    const auto trace = traceFlow(transfer.analysis, queryOf(0));
    QVERIFY(trace);
    QCOMPARE(trace->packets.size(), 16u);
    QCOMPARE(foldedPackets(*trace), 10'000u - 16u);
}

QTEST_APPLESS_MAIN(LongFlowTraceTest)
#include "long_flow_trace_test.moc"
