// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_filter.h"
#include "core/analysis/packet_filter.h"
#include "tests/core/analysis/plain_filter.h"
#include "tests/core/filter/plain_rows.h"
#include "tests/support/filter_of.h"

#include <QTest>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// Packets whose flows are asked, too.
class PacketFilterTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithThePlainModel();
    void aFlowIsAskedAsAFlow();
    void timesOfFlowsAreSpans();
};

namespace {

FilterExpression ofPackets(const std::string& text)
{
    return filterOf(text, FilterSubject::Packets);
}

void addFlow(Analysis& analysis, AddressId source, AddressId destination, std::uint64_t number,
             std::int64_t start, std::int64_t end, CloseType close)
{
    std::vector<FlowPacket> packets(2);
    packets.front().timestamp = start;
    packets.back().timestamp = end;
    FlowLife life;
    life.closeType = close;
    life.totalBytes = WideSum(static_cast<std::int64_t>(number * 100));
    CompletedFlow flow;
    flow.number = number;
    flow.key.low = {source, 1024};
    flow.key.high = {destination, 80};
    flow.packets = packets;
    analysis.flows.add(flow, life);
}

} // namespace

void PacketFilterTest::agreesWithThePlainModel()
{
    std::mt19937 random(1918); // NOLINT: the same numbers every time
    const auto upTo = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const std::vector<std::string> terms{
        "src == 10.0.0.1",       "port == 443",           "flags.syn",         "len > 60",
        "bytes > 500",           "close == graceful",     "close != graceful", "number in {1..9}",
        "duration > 0.00001",    "flow(src == 10.0.0.1)", "timeout",           "initiator == 10.0.0.2",
        "responder != 10.1.2.3", "flow(not open)",        "packets == 2"};
    CaptureAnalysis analysis({}, {});
    const auto packets = packetsAtRandom(analysis.addresses, random, 2000);
    constexpr std::size_t flowCount = 20;
    for (std::size_t i = 0; i < flowCount; ++i) {
        const Packet& packet = packets[upTo(packets.size())];
        addFlow(analysis, packet.source, packet.destination, i + 1, 0, static_cast<std::int64_t>(upTo(50)),
                static_cast<CloseType>(upTo(closeTypeCount)));
    }
    std::vector<std::uint32_t> flowOfRow(packets.size());
    for (auto& flow : flowOfRow)
        flow = upTo(3) == 0 ? PacketFilter::noFlow : static_cast<std::uint32_t>(upTo(flowCount));
    for (int round = 0; round < 150; ++round) {
        const auto text = filterAtRandom(terms, random, 3);
        const auto expression = ofPackets(text);
        const PacketFilter filter(analysis, expression);
        QCOMPARE(filter.asksOfFlows(), asksOfFlows(expression));
        std::vector<std::uint8_t> hits(packets.size());
        filter.match(packets, flowOfRow, hits);
        for (std::size_t i = 0; i < packets.size(); ++i) {
            const AskFlow ask = [&](const FilterExpression& asked) {
                return flowOfRow[i] != PacketFilter::noFlow && plainlyFits(analysis, flowOfRow[i], asked);
            };
            QVERIFY2(hits[i] == (rowFits(analysis.addresses, packets[i], expression, ask) ? 1 : 0),
                     qPrintable(QString::fromStdString(text)));
        }
    }
}

void PacketFilterTest::aFlowIsAskedAsAFlow()
{
    CaptureAnalysis analysis({}, {});
    const auto client = analysis.addresses.intern("10.0.0.1"), server = analysis.addresses.intern("10.0.0.2");
    addFlow(analysis, client, server, 1, 0, 9, CloseType::Graceful);
    std::vector<Packet> packets(3);
    packets[0].source = packets[2].source = client;
    packets[0].destination = packets[2].destination = server;
    packets[1].source = server;
    packets[1].destination = client;
    const std::vector<std::uint32_t> flows{0, 0, PacketFilter::noFlow};
    const auto matched = [&](const char* text) {
        std::vector<std::uint8_t> hits(packets.size());
        PacketFilter(analysis, ofPackets(text)).match(packets, flows, hits);
        return std::vector<int>(hits.begin(), hits.end());
    };
    QCOMPARE(matched("src == 10.0.0.1"), (std::vector{1, 0, 1}));
    QCOMPARE(matched("flow(src == 10.0.0.1)"), (std::vector{1, 1, 0}));
    QCOMPARE(matched("initiator == 10.0.0.1 and dst == 10.0.0.1"), (std::vector{0, 1, 0}));
    QCOMPARE(matched("graceful"), (std::vector{1, 1, 0}));
    QCOMPARE(matched("close != open"), (std::vector{1, 1, 0})); // no flow: no close to be unequal
    QCOMPARE(matched("not close == open"), (std::vector{1, 1, 1}));
    QCOMPARE(matched("flow(not close == open)"), (std::vector{1, 1, 0}));
}

void PacketFilterTest::timesOfFlowsAreSpans()
{
    CaptureAnalysis analysis({}, {});
    const auto a = analysis.addresses.intern("a"), b = analysis.addresses.intern("b");
    addFlow(analysis, a, b, 1, 2'000'000, 5'000'000, CloseType::Open);
    const auto fits = [&](const char* text) {
        std::uint8_t hit = 0;
        FlowFilter(analysis, filterOf(text)).match(0, {&hit, 1});
        return hit != 0;
    };
    QVERIFY(fits("time == 3"));
    QVERIFY(fits("time >= 5 and time <= 9"));
    QVERIFY(!fits("time > 5"));
    QVERIFY(fits("time <= 2"));
    QVERIFY(!fits("time < 2"));
    QVERIFY(fits("time in {0..1 4}"));
    QVERIFY(!fits("time in {0..1 6 8..9}"));
}

QTEST_APPLESS_MAIN(PacketFilterTest)
#include "packet_filter_test.moc"
