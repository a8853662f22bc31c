// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/address_query.h"
#include "core/analysis/flow_query.h"
#include "core/analysis/flow_words.h"
#include "core/filter/ip_network.h"
#include "tests/core/analysis/plain_filter.h"
#include "tests/core/analysis/query_sample.h"
#include "tests/support/filter_of.h"

#include <QTest>
#include <algorithm>
#include <cctype>
#include <limits>
#include <random>
#include <string>
#include <tuple>

using namespace packetloom;
using namespace packetloom::test;

/// Selecting flows, against a model that is slow and plain.
class FlowQueryTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithThePlainModel();
    void textFindsEveryKindOfThing_data();
    void textFindsEveryKindOfThing();
    void nothingInNothingOut();
    void stopAbandons();
};

namespace {

using Rows = std::vector<std::uint32_t>;
constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min(),
                       highest = std::numeric_limits<std::int64_t>::max();

struct FlowOf
{
    std::string source = "10.0.0.1", destination = "10.0.0.2";
    std::int64_t sourcePort = 1024, destinationPort = 80, start = 0, end = 0, length = 0;
    std::uint64_t number = 1;
    std::size_t packets = 2;
    FlowState state = FlowState::Closed;
    CloseType closeType = CloseType::Graceful;
    InvalidReason reason = InvalidReason::None;
};

void addFlow(Analysis& analysis, const FlowOf& facts)
{
    FlowKey key;
    key.low = {analysis.addresses.intern(facts.source), facts.sourcePort};
    key.high = {analysis.addresses.intern(facts.destination), facts.destinationPort};
    std::vector<FlowPacket> packets(facts.packets);
    packets.front().timestamp = facts.start;
    packets.back().timestamp = facts.end;
    FlowLife life;
    life.state = facts.state;
    life.closeType = facts.closeType;
    life.invalidReason = facts.reason;
    life.totalBytes = WideSum(facts.length);
    CompletedFlow flow;
    flow.number = facts.number;
    flow.key = key;
    flow.packets = packets;
    analysis.flows.add(flow, life);
}

void fillAtRandom(Analysis& analysis, std::mt19937& random, int flows)
{
    const auto upTo = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const std::vector<std::int64_t> numbers{lowest, -5, 0, 1, 80, 443, 8080, 65535, highest};
    for (int i = 0; i < flows; ++i) {
        FlowOf facts;
        facts.source = someAddresses()[upTo(someAddresses().size())];
        facts.destination = someAddresses()[upTo(someAddresses().size())];
        facts.sourcePort = numbers[upTo(numbers.size())];
        facts.destinationPort = numbers[upTo(numbers.size())];
        facts.start = numbers[upTo(numbers.size())];
        facts.end = std::max(facts.start, numbers[upTo(numbers.size())]);
        facts.length = numbers[upTo(numbers.size())];
        facts.number = upTo(200);
        facts.packets = 2 + upTo(3);
        facts.state = static_cast<FlowState>(upTo(9));
        facts.closeType = static_cast<CloseType>(upTo(closeTypeCount));
        facts.reason = static_cast<InvalidReason>(upTo(invalidReasonCount));
        addFlow(analysis, facts);
    }
}

bool flowFits(const Analysis& analysis, std::size_t i, const FlowQuery& query)
{
    const auto& [filter, interval] = query.narrowing;
    return (!filter || plainlyFits(analysis, i, *filter)) &&
           (!interval ||
            !(analysis.flows.end(i) < interval->first || analysis.flows.start(i) > interval->second));
}

// The order of addresses: what kind, then the number as text of equal length, then the text.
auto addressKey(const Analysis& analysis, AddressId id)
{
    const std::string text(analysis.addresses.text(id));
    if (!text.empty() && text.find_first_not_of("0123456789") == std::string::npos)
        return std::tuple(2, std::string(20 - text.size(), '0') + text);
    if (const auto ip = IpAddress::parse(text))
        return std::tuple(ip->length == 4 ? 0 : 1, std::string(ip->bytes.begin(), ip->bytes.end()));
    return std::tuple(3, text);
}

bool comesBefore(const Analysis& analysis, FlowColumn column, std::size_t a, std::size_t b)
{
    const FlowTable& f = analysis.flows;
    const auto span = [&](std::size_t i) {
        return static_cast<std::uint64_t>(f.end(i)) - static_cast<std::uint64_t>(f.start(i));
    };
    switch (column) {
    case FlowColumn::Number:
        return f.number(a) < f.number(b);
    case FlowColumn::Source:
        return addressKey(analysis, f.source(a)) < addressKey(analysis, f.source(b));
    case FlowColumn::SourcePort:
        return f.sourcePort(a) < f.sourcePort(b);
    case FlowColumn::Destination:
        return addressKey(analysis, f.destination(a)) < addressKey(analysis, f.destination(b));
    case FlowColumn::DestinationPort:
        return f.destinationPort(a) < f.destinationPort(b);
    case FlowColumn::State:
        return f.state(a) < f.state(b);
    case FlowColumn::CloseType:
        return f.outcome(a) < f.outcome(b);
    case FlowColumn::InvalidReason:
        return f.invalidReason(a) < f.invalidReason(b);
    case FlowColumn::Start:
        return f.start(a) < f.start(b);
    case FlowColumn::End:
        return f.end(a) < f.end(b);
    case FlowColumn::Duration:
        return span(a) < span(b);
    case FlowColumn::Packets:
        return f.packets(a) < f.packets(b);
    case FlowColumn::Bytes:
        return f.bytes(a) < f.bytes(b);
    case FlowColumn::Protocol: // all are TCP
        return false;
    case FlowColumn::Service:
        return flowService(analysis, a) < flowService(analysis, b);
    case FlowColumn::Phases: {
        const auto phases = [&](std::size_t i) {
            return std::tuple(f.has(i, FlowTable::Established), f.has(i, FlowTable::DataTransferred),
                              f.has(i, FlowTable::Closing));
        };
        return phases(a) < phases(b);
    }
    default: // figures of the exact engine, which is not asked here
        return false;
    }
    return false;
}

Rows plainly(const Analysis& analysis, const FlowQuery& query)
{
    Rows rows;
    for (std::uint32_t i = 0; i < analysis.flows.size(); ++i) {
        if (flowFits(analysis, i, query))
            rows.push_back(i);
    }
    std::stable_sort(rows.begin(), rows.end(), [&](std::size_t a, std::size_t b) {
        for (const FlowSort& by : query.sort) {
            if (comesBefore(analysis, by.column, a, b) != comesBefore(analysis, by.column, b, a))
                return comesBefore(analysis, by.column, by.descending ? b : a, by.descending ? a : b);
        }
        return false;
    });
    return rows;
}

} // namespace

void FlowQueryTest::agreesWithThePlainModel()
{
    std::mt19937 random(4711); // NOLINT: the same numbers every time
    const std::vector<std::string> texts{"10.0.0.0/8",
                                         "HOST",
                                         ":80",
                                         "flow_000017",
                                         "clos",
                                         "https",
                                         "db8 and :80",
                                         "graceful or invalid",
                                         "not tcp",
                                         "src == ::1",
                                         "dst != 2001:DB8::1",
                                         "port in {80 443 8000..9000}",
                                         "sport < 443 && dport >= 80",
                                         "duration > 1",
                                         "bytes < 0 or bytes > 100",
                                         "packets == 3",
                                         "start >= 0.00008",
                                         "not (end < 0.000443 or tcp)",
                                         "state == established",
                                         "reason contains ack",
                                         "close not in {graceful abortive}",
                                         "timeout",
                                         "number in {1..50}",
                                         "10.0.",
                                         "host-a:80",
                                         "nowhere",
                                         "addr contains db8",
                                         "ip.src != 10.0.0.1",
                                         "ipv6.addr == ::/0",
                                         "ip",
                                         "tcp.port != 80",
                                         "udp.port == 80",
                                         "proto == 6 and initiator == 10.0.0.0/8",
                                         "responder contains o",
                                         "flow(time >= 0.00008 and time < 0.000443)",
                                         "time in {-1..0 0.00008..0.009}",
                                         "service == http"};
    const auto upTo = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    for (int round = 0; round < 20; ++round) {
        CaptureAnalysis analysis({}, {});
        fillAtRandom(analysis, random, 300);
        for (int column = -1; column < flowColumnCount; ++column) {
            for (const bool descending : {false, true}) {
                FlowQuery query;
                if (upTo(5) > 0)
                    query.narrowing.filter = filterOf(texts[upTo(texts.size())]);
                if (upTo(3) == 0)
                    query.narrowing.interval = std::pair<std::int64_t, std::int64_t>(1, 443);
                if (column >= 0)
                    query.sort.push_back({static_cast<FlowColumn>(column), descending});
                for (auto more = upTo(3); more > 0; --more)
                    query.sort.push_back({static_cast<FlowColumn>(upTo(flowColumnCount)), upTo(2) == 0});
                QCOMPARE(*selectFlows(analysis, query), plainly(analysis, query));
            }
        }
    }
}

void FlowQueryTest::textFindsEveryKindOfThing_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QList<int>>("found");
    QTest::newRow("part of an address") << QByteArray("0.0.1") << QList<int>{0};
    QTest::newRow("other case") << QByteArray("HOST") << QList<int>{1};
    QTest::newRow("port") << QByteArray("dport == 443") << QList<int>{1};
    QTest::newRow("port with a colon") << QByteArray(":443") << QList<int>{1};
    QTest::newRow("part of a port is none") << QByteArray(":44") << QList<int>{};
    QTest::newRow("id") << QByteArray("flow_000123") << QList<int>{2};
    QTest::newRow("short id") << QByteArray("Flow_123") << QList<int>{2};
    QTest::newRow("part of an id is none") << QByteArray("flow_12") << QList<int>{};
    QTest::newRow("state") << QByteArray("aborted") << QList<int>{1};
    QTest::newRow("close type") << QByteArray("graceful") << QList<int>{0};
    QTest::newRow("reason") << QByteArray("no_synack") << QList<int>{2};
    QTest::newRow("reason as people write it") << QByteArray("SYN+ACK") << QList<int>{2};
    QTest::newRow("all words must match") << QByteArray("ost-a :443") << QList<int>{1};
    QTest::newRow("one does not") << QByteArray("ost-a :80") << QList<int>{};
    QTest::newRow("an address is no part of another") << QByteArray("10.9.9.9") << QList<int>{1};
    QTest::newRow("nor one of its beginning") << QByteArray("10.9.9") << QList<int>{1};
    QTest::newRow("none that begins so") << QByteArray("10.0.0.") << QList<int>{0};
    QTest::newRow("a port is none within an address") << QByteArray(":1") << QList<int>{};
}

void FlowQueryTest::textFindsEveryKindOfThing()
{
    QFETCH(QByteArray, text);
    CaptureAnalysis analysis({}, {});
    addFlow(analysis, {});
    FlowOf second;
    second.source = "host-a";
    second.destination = "10.9.9.9";
    second.destinationPort = 443;
    second.number = 2;
    second.state = FlowState::Aborted;
    second.closeType = CloseType::Abortive;
    addFlow(analysis, second);
    FlowOf third;
    third.source = third.destination = "::1";
    third.sourcePort = third.destinationPort = 9;
    third.number = 123;
    third.state = FlowState::Invalid;
    third.closeType = CloseType::Invalid;
    third.reason = InvalidReason::IncompleteNoSynAck;
    addFlow(analysis, third);
    FlowQuery query;
    query.narrowing.filter = filterOf(text.toStdString());
    const auto rows = *selectFlows(analysis, query);
    QTEST(QList<int>(rows.begin(), rows.end()), "found");
}

void FlowQueryTest::nothingInNothingOut()
{
    const CaptureAnalysis analysis({}, {});
    for (int column = 0; column < flowColumnCount; ++column) {
        FlowQuery query;
        query.sort = {{static_cast<FlowColumn>(column)}};
        query.narrowing.filter = filterOf("x");
        QCOMPARE(*selectFlows(analysis, query), Rows{});
    }
    QCOMPARE(selectAddresses(analysis, {.text = "x", .sortBy = AddressColumn::Address}), Rows{});
    QCOMPARE(selectPairs(analysis, {.text = "x", .sortBy = PairColumn::A}), Rows{});
}

void FlowQueryTest::stopAbandons()
{
    CaptureAnalysis analysis({}, {});
    addFlow(analysis, {});
    addPacket(analysis, "a", "b", 0, 0);
    const std::atomic<bool> stop{true};
    FlowQuery query;
    QCOMPARE(*selectFlows(analysis, query, &stop), Rows{});
    query.narrowing.filter = filterOf("addr contains 10");
    query.sort = {{FlowColumn::Source}};
    QCOMPARE(*selectFlows(analysis, query, &stop), Rows{});
    QCOMPARE(*selectFlows(analysis, query), Rows{0});
    QCOMPARE(selectAddresses(analysis, {.text = "a"}, &stop), Rows{});
    QCOMPARE(selectPairs(analysis, {.text = "a"}, &stop), Rows{});
}

QTEST_APPLESS_MAIN(FlowQueryTest)
#include "flow_query_test.moc"
