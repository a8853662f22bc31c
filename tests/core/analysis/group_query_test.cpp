// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_query.h"
#include "core/analysis/group_query.h"
#include "core/analysis/group_text.h"
#include "tests/core/analysis/plain_groups.h"
#include "tests/support/filter_of.h"

#include <QTest>
#include <algorithm>
#include <limits>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// Groups of flows, against a model that is slow and plain.
class GroupQueryTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithThePlainModel_data();
    void agreesWithThePlainModel();
    void filtersLeaveTheGroup_data();
    void filtersLeaveTheGroup();
    void sortsByEveryColumn();
    void endsOfNumbers();
    void hostileTexts();
    void whatHasNoAnswer();
    void aFlowWithinOneSubnetCountsOnce();
    void sparklinesFollowTheSpan();
    void nothingInNothingOut();
    void stopAbandons();
    void namesOfKeys();
};

namespace {

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min(),
                       highest = std::numeric_limits<std::int64_t>::max();

void fillAtRandom(Analysis& analysis, unsigned seed, int flows)
{
    std::mt19937 random(seed);
    const auto upTo = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const std::vector<std::string> addresses{"10.0.0.1",      "10.0.0.2",    "10.0.1.200", "10.0.255.1",
                                             "192.168.1.1",   "2001:db8::1", "fe80::1",    "2001:db8::ffff:1",
                                             "2001:db8:1::1", "17",          "Host-X",     "<b> \"q\" \\"};
    const std::vector<std::int64_t> ports{0, 22, 80, 443, 40000, 65535, 65536, -1, 123456789};
    for (int i = 0; i < flows; ++i) {
        PlainFlow flow;
        flow.source = addresses[upTo(addresses.size())];
        flow.destination = addresses[upTo(addresses.size())];
        flow.sourcePort = ports[upTo(ports.size())];
        flow.destinationPort = ports[upTo(ports.size())];
        flow.number = static_cast<std::uint64_t>(i + 1);
        flow.state = static_cast<FlowState>(upTo(flowStateCount));
        flow.closeType = static_cast<CloseType>(upTo(closeTypeCount));
        flow.reason = static_cast<InvalidReason>(upTo(invalidReasonCount));
        std::int64_t time = static_cast<std::int64_t>(upTo(1'000'000'000)) - 100'000'000;
        for (std::size_t p = 0; p <= upTo(4); ++p) {
            flow.packets.push_back({time, static_cast<std::int64_t>(upTo(3000)) - 500, upTo(2) == 1});
            time += static_cast<std::int64_t>(upTo(50'000'000));
        }
        addFlow(analysis, flow);
    }
}

constexpr GroupKey allKeys[]{GroupKey::Source,
                             GroupKey::Destination,
                             GroupKey::Address,
                             GroupKey::SourceSubnet,
                             GroupKey::DestinationSubnet,
                             GroupKey::Subnet,
                             GroupKey::Pair,
                             GroupKey::SourcePort,
                             GroupKey::DestinationPort,
                             GroupKey::Port,
                             GroupKey::Protocol,
                             GroupKey::Service,
                             GroupKey::State,
                             GroupKey::Close,
                             GroupKey::Reason,
                             GroupKey::Time};

std::string nameOf(GroupKey key, std::optional<GroupKey> second)
{
    return std::string(groupKeyName(key)) + (second ? "," + std::string(groupKeyName(*second)) : "");
}

void everyCombination()
{
    QTest::addColumn<int>("first");
    QTest::addColumn<int>("second");
    for (const auto first : allKeys) {
        QTest::newRow(nameOf(first, {}).c_str()) << static_cast<int>(first) << -1;
        for (const auto second : allKeys) {
            if (second != first)
                QTest::newRow(nameOf(first, second).c_str())
                    << static_cast<int>(first) << static_cast<int>(second);
        }
    }
}

GroupQuery queryOf(int first, int second)
{
    GroupQuery query;
    query.by = static_cast<GroupKey>(first);
    if (second >= 0)
        query.thenBy = static_cast<GroupKey>(second);
    query.steps.prefix4 = 20;
    query.steps.sliceWidth = 100'000'000;
    return query;
}

} // namespace

void GroupQueryTest::agreesWithThePlainModel_data()
{
    everyCombination();
}

void GroupQueryTest::agreesWithThePlainModel()
{
    QFETCH(int, first);
    QFETCH(int, second);
    const auto analysis = emptyAnalysis();
    fillAtRandom(*analysis, 7u + static_cast<unsigned>(first), 400);
    auto query = queryOf(first, second);
    for (const char* const filter : {"", "src == 10.0.0.0/8 or dport == 443", "bytes > 1000000"}) {
        query.narrowing.filter.reset();
        if (*filter)
            query.narrowing.filter = filterOf(filter);
        for (const auto& interval :
             {std::optional<std::pair<std::int64_t, std::int64_t>>(), {{100'000'000, 300'000'000}}}) {
            query.narrowing.interval = interval;
            const auto table = *groupFlows(*analysis, query);
            QVERIFY(table);
            QCOMPARE(groupsAsText(*table, analysis->addresses), plainGroups(*analysis, query));
        }
    }
}

void GroupQueryTest::filtersLeaveTheGroup_data()
{
    everyCombination();
}

// The language of filters understands what the groups say, and finds as many flows.
void GroupQueryTest::filtersLeaveTheGroup()
{
    QFETCH(int, first);
    QFETCH(int, second);
    const auto analysis = emptyAnalysis();
    fillAtRandom(*analysis, 99, 200);
    const auto table = *groupFlows(*analysis, queryOf(first, second));
    QVERIFY(table->size() > 0);
    for (std::size_t i = 0; i < table->size(); ++i) {
        const auto filter = groupFilter(*table, i, analysis->addresses);
        QVERIFY(filter);
        const auto found = *selectFlows(*analysis, {.narrowing = {.filter = filterOf(*filter)}});
        QVERIFY2(found.size() == (*table)[i].flows, filter->c_str());
    }
}

void GroupQueryTest::sortsByEveryColumn()
{
    const auto analysis = emptyAnalysis();
    fillAtRandom(*analysis, 3, 500);
    PlainFlow wide; // sums that leave 64 bits
    wide.packets = {{5, highest, false}, {6, highest, true}};
    for (int i = 0; i < 3; ++i)
        addFlow(*analysis, wide);
    const auto table = *groupFlows(
        *analysis, queryOf(static_cast<int>(GroupKey::Source), static_cast<int>(GroupKey::DestinationPort)));
    for (int c = 0; c < groupColumnCount; ++c) {
        for (const bool descending : {false, true}) {
            const GroupOrder order{static_cast<GroupColumn>(c), descending};
            const auto rows = sortedGroups(*table, analysis->addresses, order);
            QCOMPARE(rows.size(), table->size());
            for (std::size_t i = 1; i < rows.size(); ++i) {
                const bool wrong = descending
                                       ? comesBefore(*table, *analysis, order.column, rows[i - 1], rows[i])
                                       : comesBefore(*table, *analysis, order.column, rows[i], rows[i - 1]);
                QVERIFY2(!wrong, qPrintable(QString::number(c)));
                const bool equal = !comesBefore(*table, *analysis, order.column, rows[i - 1], rows[i]) &&
                                   !comesBefore(*table, *analysis, order.column, rows[i], rows[i - 1]);
                QVERIFY(!equal || rows[i - 1] < rows[i]);
            }
            auto top = rows;
            top.resize(7);
            QCOMPARE(sortedGroups(*table, analysis->addresses, order, 7), top);
        }
    }
}

void GroupQueryTest::endsOfNumbers()
{
    const auto analysis = emptyAnalysis();
    for (const std::int64_t port : {lowest, highest, std::int64_t{0}}) {
        PlainFlow flow;
        flow.destinationPort = port;
        flow.packets = {{lowest, lowest, false}, {highest, highest, true}, {highest, highest, true}};
        addFlow(*analysis, flow);
        addFlow(*analysis, flow);
    }
    for (const auto key : {GroupKey::DestinationPort, GroupKey::Time, GroupKey::Port, GroupKey::Close}) {
        GroupQuery query;
        query.by = key;
        for (const std::int64_t width : {std::int64_t{1}, std::int64_t{60'000'000}, highest}) {
            query.steps.sliceWidth = width;
            const auto table = *groupFlows(*analysis, query);
            QCOMPARE(groupsAsText(*table, analysis->addresses), plainGroups(*analysis, query));
        }
    }
    const auto table = *groupFlows(*analysis, {.by = GroupKey::Close});
    QCOMPARE(table->size(), std::size_t{1});
    // What a flow has of bytes is cut to 64 bits; groups add these up without an end.
    QCOMPARE(QByteArray::fromStdString((*table)[0].bytes.decimal()), QByteArray("55340232221128654836"));
    QCOMPARE(QByteArray::fromStdString((*table)[0].sentBytes.decimal()), QByteArray("-55340232221128654848"));
    const auto byPort = *groupFlows(*analysis, {.by = GroupKey::DestinationPort});
    QVERIFY(!groupFilter(*byPort, 1, analysis->addresses)); // it cannot be written
    QVERIFY(groupFilter(*byPort, 2, analysis->addresses));
}

void GroupQueryTest::hostileTexts()
{
    const auto analysis = emptyAnalysis();
    for (const char* const text :
         {"10.0.0.0/8", "\xff\xfe", "a\" or src == \"b", "it's", "", "\xc3\xa9", "and"}) {
        PlainFlow flow;
        flow.source = text;
        flow.packets = {{0, 10, false}};
        addFlow(*analysis, flow);
    }
    const auto table = *groupFlows(*analysis, {.by = GroupKey::Source});
    QCOMPARE(table->size(), std::size_t{7});
    const auto found = [&](std::size_t group) {
        const auto filter = groupFilter(*table, group, analysis->addresses);
        return filter ? int(selectFlows(*analysis, {.narrowing = {.filter = filterOf(*filter)}})->size()) : -1;
    };
    QCOMPARE(found(0), -1); // it would be a block of addresses
    QCOMPARE(found(1), -1);
    for (std::size_t group = 2; group < table->size(); ++group)
        QCOMPARE(found(group), 1);
    const auto subnets = *groupFlows(*analysis, {.by = GroupKey::SourceSubnet});
    QCOMPARE(subnets->size(), std::size_t{1});
    QVERIFY(!subnets->value(0, 0).subnet);
    QCOMPARE(groupValueText(subnets->value(0, 0), analysis->addresses), std::string());
}

void GroupQueryTest::whatHasNoAnswer()
{
    const auto analysis = emptyAnalysis();
    PlainFlow flow;
    flow.packets = {{0, 10, false}, {1, 10, false}};
    addFlow(*analysis, flow);
    flow.packets = {{0, 10, false}, {1, 0, true}}; // an empty segment is an answer
    addFlow(*analysis, flow);
    flow.packets = {{0, 10, true}, {1, 10, true}}; // the other end began, and is the source
    addFlow(*analysis, flow);
    const auto table = *groupFlows(*analysis, {.by = GroupKey::Protocol});
    QCOMPARE((*table)[0].flows, 3u);
    QCOMPARE((*table)[0].unanswered, 2u);
    QVERIFY((*table)[0].sentBytes == WideSum(50));
    QVERIFY((*table)[0].receivedBytes == WideSum(0));
    QVERIFY(table->directionsKnown());
}

void GroupQueryTest::aFlowWithinOneSubnetCountsOnce()
{
    const auto analysis = emptyAnalysis();
    PlainFlow flow;
    flow.source = "10.0.0.1";
    flow.destination = "10.0.0.2";
    flow.packets = {{0, 10, false}};
    addFlow(*analysis, flow);
    GroupQuery query{.by = GroupKey::Subnet};
    auto table = *groupFlows(*analysis, query);
    QCOMPARE(table->size(), std::size_t{1});
    QCOMPARE(groupValueText(table->value(0, 0), analysis->addresses), std::string("10.0.0.0/24"));
    query.steps.prefix4 = 32;
    table = *groupFlows(*analysis, query);
    QCOMPARE(table->size(), std::size_t{2});
    QCOMPARE(table->counted(), std::uint64_t{1});
    query.steps.prefix4 = 0;
    table = *groupFlows(*analysis, query);
    QCOMPARE(groupValueText(table->value(0, 0), analysis->addresses), std::string("0.0.0.0/0"));
}

void GroupQueryTest::sparklinesFollowTheSpan()
{
    const auto analysis = emptyAnalysis();
    for (const std::int64_t time : {0, 0, 599, 300, 10}) {
        PlainFlow flow;
        flow.packets = {{time, 1, false}};
        addFlow(*analysis, flow);
    }
    GroupQuery query{.by = GroupKey::Protocol};
    auto table = *groupFlows(*analysis, query);
    QCOMPARE(table->span(), (std::pair<std::int64_t, std::int64_t>(0, 599)));
    Sparkline bars{};
    bars[0] = 2;
    bars[1] = bars[30] = bars[59] = 1;
    QCOMPARE(table->sparkline(0), bars);
    query.narrowing.interval = {10, 69};
    table = *groupFlows(*analysis, query);
    QCOMPARE(table->counted(), std::uint64_t{1});
    bars = {};
    bars[0] = 1;
    QCOMPARE(table->sparkline(0), bars);
    QCOMPARE(sparkSlice({lowest, highest}, lowest), std::size_t{0});
    QCOMPARE(sparkSlice({lowest, highest}, highest), sparkSlices - 1);
    QCOMPARE(sparkSlice({5, 5}, 5), std::size_t{0});
    QCOMPARE(sparkSlice({5, 5}, 700), sparkSlices - 1);
}

void GroupQueryTest::nothingInNothingOut()
{
    const auto analysis = emptyAnalysis();
    for (const auto key : allKeys) {
        const auto table = *groupFlows(*analysis, {.by = key});
        QCOMPARE(table->size(), std::size_t{0});
        QCOMPARE(table->counted(), std::uint64_t{0});
        QVERIFY(sortedGroups(*table, analysis->addresses, {GroupColumn::First, true}).empty());
        QVERIFY(sortedGroups(*table, analysis->addresses, {}).empty());
    }
}

void GroupQueryTest::stopAbandons()
{
    const auto analysis = emptyAnalysis();
    fillAtRandom(*analysis, 1, 50);
    const std::atomic<bool> stop{true};
    QVERIFY(!groupFlows(*analysis, {.by = GroupKey::Pair}, &stop));
    const auto table = *groupFlows(*analysis, {.by = GroupKey::Pair});
    QVERIFY(table);
    QVERIFY(sortedGroups(*table, analysis->addresses, {GroupColumn::Bytes, true}, 10, &stop).empty());
}

void GroupQueryTest::namesOfKeys()
{
    for (std::size_t i = 0; i < groupKeyCount; ++i) {
        const auto key = static_cast<GroupKey>(i);
        QCOMPARE(groupKeyNamed(groupKeyName(key)), std::optional(key));
    }
    QCOMPARE(groupKeyNamed("source"), std::optional(GroupKey::Source));
    QVERIFY(!groupKeyNamed("nothing"));
    const auto analysis = emptyAnalysis();
    QVERIFY(!canGroup(*analysis, false, GroupKey::Flags));
    QVERIFY(canGroup(*analysis, true, GroupKey::Flags));
}

QTEST_APPLESS_MAIN(GroupQueryTest)
#include "group_query_test.moc"
