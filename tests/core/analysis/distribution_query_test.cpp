// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/analysis/exact_analysis.h"
#include "core/flow/exact/figure_of.h"
#include "tests/core/analysis/plain_distributions.h"
#include "tests/support/capture_text.h"
#include "tests/support/filter_of.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <atomic>

using namespace packetloom;
using namespace packetloom::test;

/// Distributions, against a plain recount.
class DistributionQueryTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithARecount_data();
    void agreesWithARecount();
    void followsTheNarrowing();
    void groupsAreTheLargest();
    void eitherEndCountsForBoth();
    void endsOfNumbers();
    void nothingInNothingOut();
    void figuresOfTheExactEngine();
    void everyQuantityIsCalledAsFiltersCallIt();
    void stopAbandons();
};

void DistributionQueryTest::agreesWithARecount_data()
{
    QTest::addColumn<int>("quantity");
    QTest::addColumn<int>("scale");
    QTest::addColumn<int>("flows");
    for (const auto quantity : {FilterField::Duration, FilterField::Packets, FilterField::Bytes})
        for (const auto scale : bothScales)
            for (const int flows : {1, 2, 3, 19, 100, 1000, 20'000})
                QTest::addRow("%s, %s, %d", std::string(packetloom::nameOf(quantity)).c_str(),
                              qPrintable(nameOfScale(scale)), flows)
                    << static_cast<int>(quantity) << static_cast<int>(scale) << flows;
}

void DistributionQueryTest::agreesWithARecount()
{
    QFETCH(int, quantity);
    QFETCH(int, scale);
    QFETCH(int, flows);
    const auto analysis = emptyAnalysis();
    fillAtRandom(*analysis, static_cast<unsigned>(flows), flows, 20);
    const auto distribution = ask(
        *analysis, {.quantity = static_cast<FilterField>(quantity), .scale = static_cast<BinScale>(scale)});
    QCOMPARE(distribution->all.unknown, 0U);
    const auto problem = differs(*distribution, distribution->all,
                                 valuesOf(*analysis, distribution->quantity, everyRow(*analysis)));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    QVERIFY(distribution->groups.empty() && !distribution->others);
}

void DistributionQueryTest::followsTheNarrowing()
{
    const auto analysis = emptyAnalysis();
    fillAtRandom(*analysis, 3, 3000, 20);
    for (const char* const filter :
         {"src == 10.0.0.3", "duration > 1s and packets < 5", "bytes == 123456789"}) {
        const Narrowing narrowing{.filter = filterOf(filter), .interval = std::pair(0, 1'000'000'000)};
        const auto rows = *selectFlows(*analysis, {.narrowing = narrowing});
        const auto distribution =
            ask(*analysis, {.quantity = FilterField::Bytes, .by = GroupKey::Service, .narrowing = narrowing});
        const auto problem =
            differs(*distribution, distribution->all, valuesOf(*analysis, FilterField::Bytes, rows));
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
}

void DistributionQueryTest::groupsAreTheLargest()
{
    const auto analysis = emptyAnalysis();
    fillAtRandom(*analysis, 4, 5000, 30);
    const auto distribution = ask(*analysis, {.quantity = FilterField::Duration, .by = GroupKey::Source});
    QCOMPARE(distribution->groups.size(), Distribution::mostGroups);
    QCOMPARE(distribution->otherGroups, std::uint64_t{30 - Distribution::mostGroups});
    // The same groups as the page Groups has, in its order.
    GroupQuery query;
    query.by = GroupKey::Source;
    const auto groups = *answerGroups(*analysis, query, {GroupColumn::Flows, true});
    std::vector<std::uint32_t> left = everyRow(*analysis);
    for (std::size_t i = 0; i < distribution->groups.size(); ++i) {
        const auto& group = distribution->groups[i];
        const auto address = distribution->values.value(group.value).address;
        QCOMPARE(address, groups.table->value(0, groups.rows[i]).address);
        std::vector<std::uint32_t> own;
        for (const auto row : everyRow(*analysis)) {
            if (analysis->flows.source(row) == address)
                own.push_back(row);
        }
        std::erase_if(left, [&](std::uint32_t row) { return analysis->flows.source(row) == address; });
        const auto problem =
            differs(*distribution, group.counts, valuesOf(*analysis, FilterField::Duration, own));
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
    }
    QVERIFY(distribution->others.has_value());
    const auto problem =
        differs(*distribution, *distribution->others, valuesOf(*analysis, FilterField::Duration, left));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
    // Of few groups there are no others.
    const auto few = ask(*analysis, {.by = GroupKey::DestinationPort});
    QCOMPARE(few->groups.size(), std::size_t{2});
    QVERIFY(!few->others);
    QCOMPARE(few->otherGroups, 0U);
}

void DistributionQueryTest::eitherEndCountsForBoth()
{
    const auto analysis = emptyAnalysis();
    const auto add = [&](int from, int to) {
        PlainFlow flow;
        flow.source = "10.0.0." + std::to_string(from);
        flow.destination = "10.0.0." + std::to_string(to);
        flow.packets = {{0, 60, false}, {from + to, 60, true}};
        addFlow(*analysis, flow);
    };
    for (int i = 1; i <= 12; ++i)
        for (int j = i; j <= 12; ++j)
            add(i, j);
    const auto distribution = ask(*analysis, {.by = GroupKey::Address});
    QCOMPARE(distribution->groups.size(), Distribution::mostGroups);
    std::vector<std::uint32_t> others;
    const auto isShown = [&](AddressId id) {
        return std::any_of(distribution->groups.begin(), distribution->groups.end(), [&](const auto& group) {
            return distribution->values.value(group.value).address == id;
        });
    };
    for (const auto row : everyRow(*analysis)) {
        if (!isShown(analysis->flows.source(row)) && !isShown(analysis->flows.destination(row)))
            others.push_back(row);
    }
    for (const auto& group : distribution->groups)
        QCOMPARE(group.counts.known, 12U); // that within itself once
    QCOMPARE(distribution->otherGroups, 4U);
    QCOMPARE(distribution->others->known, 10U); // of four addresses
    const auto problem =
        differs(*distribution, *distribution->others, valuesOf(*analysis, FilterField::Duration, others));
    QVERIFY2(problem.isEmpty(), qPrintable(problem));
}

void DistributionQueryTest::endsOfNumbers()
{
    const auto analysis = emptyAnalysis();
    for (const std::int64_t length :
         {lowestValue, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1}, highestValue}) {
        PlainFlow flow;
        flow.packets = {{lowestValue, length, false}, {highestValue, 0, true}};
        addFlow(*analysis, flow);
    }
    for (const auto scale : bothScales) {
        const auto bytes = ask(*analysis, {.quantity = FilterField::Bytes, .scale = scale});
        const auto problem =
            differs(*bytes, bytes->all, valuesOf(*analysis, FilterField::Bytes, everyRow(*analysis)));
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QCOMPARE(bytes->all.least, lowestValue);
        QCOMPARE(bytes->all.most, highestValue);
        // They last longer than a signed number reaches; a filter compares them as the largest.
        const auto lasts = ask(*analysis, {.quantity = FilterField::Duration, .scale = scale});
        QCOMPARE(lasts->bins.size(), std::size_t{1});
        QCOMPARE(lasts->all.bins, std::vector<std::uint64_t>{5});
        QCOMPARE(lasts->all.least, highestValue);
        QCOMPARE(lasts->all.percentiles[0], highestValue);
    }
}

void DistributionQueryTest::nothingInNothingOut()
{
    const auto analysis = emptyAnalysis();
    for (const auto scale : bothScales) {
        const auto distribution = ask(*analysis, {.scale = scale, .by = GroupKey::Source});
        QVERIFY(distribution->bins.empty() && distribution->all.bins.empty());
        QVERIFY(distribution->groups.empty() && !distribution->others);
        QCOMPARE(distribution->all.known + distribution->all.unknown, 0U);
    }
    // All equal: one bin.
    for (int i = 0; i < 10; ++i)
        addPlain(*analysis, "10.0.0.1", 777, 2, 60);
    for (const auto scale : bothScales) {
        const auto same = ask(*analysis, {.scale = scale});
        QCOMPARE(same->bins, (std::vector<ValueRange>{{777, 777}}));
        QCOMPARE(same->all.bins, std::vector<std::uint64_t>{10});
    }
}

void DistributionQueryTest::figuresOfTheExactEngine()
{
    const TestFolder folder;
    std::string text = captureHeader();
    constexpr int flows = 60;
    for (int i = 0; i < flows; ++i) {
        const std::string from = "10.0.0." + std::to_string(i + 1), to = "10.9.0.1";
        const std::int64_t start = captureStart + i * 1'000'000;
        const std::int64_t roundTrip = 100 + i * i * 37;
        text += captureRow(start, from, to, TcpFlags::syn, 1, 0);
        if (i % 4 == 0)
            continue; // nobody answers
        auto answer = captureRow(start + roundTrip, to, from, TcpFlags::syn | TcpFlags::ack, 9, 2);
        const std::string ports = ",40000,80,";
        answer.replace(answer.find(ports), ports.size(), ",80,40000,");
        text += answer;
        text += captureRow(start + roundTrip + 5, from, to, TcpFlags::ack, 2, 10);
    }
    Options options;
    options.temporaryFolder = folder.path();
    options.inputs = {folder.write("figures.csv", text)};
    const auto made = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    QVERIFY(bool(made));
    auto& analysis = const_cast<CaptureAnalysis&>(**made);
    const DistributionQuery query{.quantity = fieldOf(FlowFigure::HandshakeTime), .by = GroupKey::Close};
    const auto refused = distributionOf(analysis, query); // the reference does not tell it
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::NotExact);
    QCOMPARE(refused.error().detail, std::string("handshake_rtt"));

    QVERIFY(bool(tellExactFlows(analysis, {})));
    for (const auto scale : bothScales) {
        auto asked = query;
        asked.scale = scale;
        const auto distribution = ask(analysis, asked);
        std::vector<std::int64_t> values;
        for (std::size_t i = 0; i < analysis.exact->size(); ++i) {
            if (const auto number = numberOf(analysis.exact->flow(i), FlowFigure::HandshakeTime))
                values.push_back(*number);
        }
        std::sort(values.begin(), values.end());
        QCOMPARE(values.size(), std::size_t{flows - flows / 4});
        QCOMPARE(values.front(), std::int64_t{100 + 37 + 5});
        const auto problem = differs(*distribution, distribution->all, values);
        QVERIFY2(problem.isEmpty(), qPrintable(problem));
        QCOMPARE(distribution->all.unknown, std::uint64_t{flows / 4}); // never as 0
        std::uint64_t known = 0, unknown = 0;
        for (const auto& group : distribution->groups) {
            known += group.counts.known;
            unknown += group.counts.unknown;
        }
        QCOMPARE(known, distribution->all.known);
        QCOMPARE(unknown, distribution->all.unknown);
        // All bins together are the flows that it is known of.
        const auto filter = distributionFilter(*distribution, {0, distribution->bins.size() - 1},
                                               DistributionPart::All, 0, analysis.addresses);
        QVERIFY(filter.has_value());
        QCOMPARE(selectFlows(analysis, {.narrowing = {.filter = filterOf(*filter)}})->size(), values.size());
    }
    // A table of packets tells no retransmissions.
    const auto share = ask(analysis, {.quantity = fieldOf(FlowFigure::RetransmissionShare)});
    QVERIFY(share->bins.empty());
    QCOMPARE(share->all.known, 0U);
    QCOMPARE(share->all.unknown, std::uint64_t{flows});
    // Every quantity has an answer now.
    for (const auto quantity : distributionQuantities()) {
        const auto one = ask(analysis, {.quantity = quantity});
        QCOMPARE(one->all.known + one->all.unknown, std::uint64_t{flows});
    }
}

void DistributionQueryTest::everyQuantityIsCalledAsFiltersCallIt()
{
    std::vector<std::string_view> names;
    for (const auto quantity : distributionQuantities()) {
        names.push_back(packetloom::nameOf(quantity));
        QVERIFY(isOrdered(typeOf(quantity)));
        QCOMPARE(fieldNamed(names.back())->field, quantity);
    }
    const auto has = [&](const char* name) { return std::ranges::find(names, name) != names.end(); };
    for (const char* const name : {"duration", "packets", "bytes", "handshake_rtt", "retransmission_share"})
        QVERIFY(has(name));
    for (const char* const name : {"history", "end_reason", "one_sided", "estimated", "completeness"})
        QVERIFY(!has(name));
}

void DistributionQueryTest::stopAbandons()
{
    const auto analysis = emptyAnalysis();
    fillAtRandom(*analysis, 9, 100, 5);
    const std::atomic<bool> stop{true};
    const auto abandoned = distributionOf(*analysis, {.by = GroupKey::Source}, &stop);
    QVERIFY(!abandoned);
    QCOMPARE(abandoned.error().code, Errc::Cancelled);
}

QTEST_APPLESS_MAIN(DistributionQueryTest)
#include "distribution_query_test.moc"
