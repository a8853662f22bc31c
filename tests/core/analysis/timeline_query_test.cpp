// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/timeline_query.h"

#include "core/analysis/analyze.h"
#include "core/analysis/open_dataset.h"
#include "core/analysis/packet_filter.h"
#include "core/analysis/row_flows.h"
#include "core/output/convert.h"
#include "tests/core/analysis/small_captures.h"
#include "tests/support/filter_of.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <map>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

class TimelineQueryTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void packetsAreCountedToTheMicrosecond_data();
    void packetsAreCountedToTheMicrosecond();
    void anIntervalNarrows();
    void aFilterNarrows_data();
    void aFilterNarrows();
    void ofADatasetToo();
    void newFlowsStandAtTheirStart();
    void openFlowsAreTheMostAtOnce();
    void rangesThatShareABin();
    void theEndsOf64Bits();
    void tooManyBinsAreRefused();
    void stopsWhenAsked();

private:
    TestFolder folder_;
    std::shared_ptr<const Analysis> analysis_;
};

namespace {

using Cells = std::map<std::pair<std::int64_t, std::size_t>, std::pair<std::uint64_t, std::uint64_t>>;

bool goOn(const Progress&)
{
    return true;
}

/// Connections that overlap, of all outcomes, with times that go back now and then.
std::string manyFlows()
{
    std::mt19937 random(11);
    std::string text = captureHeader();
    std::int64_t time = captureStart;
    for (int i = 0; i < 3000; ++i) {
        constexpr std::array flags{2, 18, 16, 24, 17, 4, 20, 0};
        time += static_cast<std::int64_t>(random() % 40'000) - 2'000;
        const auto host = std::to_string(random() % 40);
        text += captureRow(time, "10.0.0." + host, "10.9.0.1", flags[random() % flags.size()], 0, 0,
                           static_cast<int>(random() % 1500));
    }
    return text;
}

std::int64_t floorBin(std::int64_t time, std::int64_t width)
{
    std::int64_t bin = time / width;
    while (bin * width > time)
        --bin;
    return bin;
}

/// What is not zero, by start of bin and category.
Cells cellsOf(const TimelineBins& bins)
{
    Cells cells;
    for (const auto& stretch : bins.stretches) {
        for (std::size_t i = 0; i < stretch.cells.size(); ++i) {
            if (const auto& cell = stretch.cells[i]; cell.packets > 0)
                cells[{bins.rangeOf(stretch, i / bins.categories).first, i % bins.categories}] = {
                    cell.packets, cell.bytes};
        }
    }
    return cells;
}

TimelineQuery queryOf(TimelineCount count, TimeRange range, std::int64_t width)
{
    return {.count = count, .ranges = {range}, .width = width, .narrowing = {}};
}

} // namespace

void TimelineQueryTest::initTestCase()
{
    analysis_ = analysisOf(folder_, manyFlows());
    QVERIFY(analysis_);
    QVERIFY(analysis_->flows.size() > 30);
}

void TimelineQueryTest::packetsAreCountedToTheMicrosecond_data()
{
    QTest::addColumn<qint64>("width");
    for (const qint64 width : {1'000LL, 7'000LL, 1'000'000LL, 60'000'000LL})
        QTest::addRow("%lld us", static_cast<long long>(width)) << width;
}

// Against a plain count of all rows; and what is of no flow has no outcome.
void TimelineQueryTest::packetsAreCountedToTheMicrosecond()
{
    QFETCH(qint64, width);
    const std::int64_t first = captureStart + 3'123'456, last = first + 20'000'000;
    const std::int64_t from = floorBin(first, width) * width;
    const std::int64_t to = floorBin(last, width) * width + width - 1;
    Cells expected;
    QVERIFY(analysis_->spool.forEach({}, [&](const SpooledPacket& row) {
        const auto& packet = row.packet;
        if (packet.timestamp >= from && packet.timestamp <= to) {
            auto& [packets, bytes] = expected[{floorBin(packet.timestamp, width) * width,
                                               static_cast<std::size_t>(classify(packet))}];
            ++packets;
            bytes += static_cast<std::uint64_t>(packet.length);
        }
        return true;
    }));
    QVERIFY(expected.size() > 2);
    const auto bins = readTimeline(*analysis_, queryOf(TimelineCount::PacketsByClass, {first, last}, width));
    QVERIFY(bins);
    QVERIFY(cellsOf(*bins) == expected);

    Cells byOutcome;
    for (std::size_t flow = 0; flow < analysis_->flows.size(); ++flow) {
        const auto detail = readFlow(*analysis_, flow);
        QVERIFY(detail);
        for (const auto& packet : detail->packets) {
            if (packet.timestamp < from || packet.timestamp > to)
                continue;
            auto& [packets, bytes] = byOutcome[{floorBin(packet.timestamp, width) * width,
                                                static_cast<std::size_t>(analysis_->flows.outcome(flow))}];
            ++packets;
            bytes += static_cast<std::uint64_t>(packet.length);
        }
    }
    const auto outcomes =
        readTimeline(*analysis_, queryOf(TimelineCount::PacketsByOutcome, {first, last}, width));
    QVERIFY(outcomes);
    QVERIFY(cellsOf(*outcomes) == byOutcome);
}

void TimelineQueryTest::anIntervalNarrows()
{
    const std::int64_t first = captureStart + 1'000'000, last = captureStart + 2'500'000;
    auto query = queryOf(TimelineCount::PacketsByClass, {captureStart, captureStart + 10'000'000}, 1'000'000);
    query.narrowing.interval = {first, last};
    std::uint64_t expected = 0, found = 0;
    QVERIFY(analysis_->spool.forEach({}, [&](const SpooledPacket& row) {
        expected += row.packet.timestamp >= first && row.packet.timestamp <= last ? 1u : 0u;
        return true;
    }));
    const auto bins = readTimeline(*analysis_, query);
    QVERIFY(bins);
    for (const auto& [key, cell] : cellsOf(*bins))
        found += cell.first;
    QCOMPARE(found, expected);
    QVERIFY(expected > 10);
}

void TimelineQueryTest::aFilterNarrows_data()
{
    QTest::addColumn<QString>("filter");
    QTest::newRow("of packets") << QStringLiteral("src == 10.0.0.7");
    QTest::newRow("of flows") << QStringLiteral("addr == 10.0.0.7 and packets > 3");
    QTest::newRow("nothing") << QStringLiteral("port == 1");
}

// As each packet by itself.
void TimelineQueryTest::aFilterNarrows()
{
    QFETCH(QString, filter);
    const auto parsed = filterOf(filter.toStdString());
    auto query = queryOf(TimelineCount::PacketsByClass,
                         {analysis_->totals.firstTimestamp, analysis_->totals.lastTimestamp}, 1'000'000);
    query.narrowing.filter = parsed;
    const PacketFilter test(*analysis_, parsed);
    const auto rows = rowFlowsOf(*analysis_);
    QVERIFY(rows);
    std::uint64_t expected = 0, found = 0;
    QVERIFY(analysis_->spool.forEach({}, [&](const SpooledPacket& row) {
        std::uint32_t flow = 0;
        std::uint8_t hit = 0;
        if (!(*rows)->read(row.row, std::span(&flow, 1)))
            return false;
        test.match(std::span(&row.packet, 1), std::span(&flow, 1), std::span(&hit, 1));
        expected += hit;
        return true;
    }));
    const auto bins = readTimeline(*analysis_, query);
    QVERIFY(bins);
    for (const auto& [key, cell] : cellsOf(*bins))
        found += cell.first;
    QCOMPARE(found, expected);
    QCOMPARE(expected > 0, filter != QStringLiteral("port == 1"));
}

void TimelineQueryTest::ofADatasetToo()
{
    Options options;
    options.inputs = {folder_ / "in.csv"};
    QVERIFY(convert(options, folder_ / "dataset", goOn));
    const auto dataset = openDataset(folder_ / "dataset", goOn);
    QVERIFY(dataset);
    for (const auto count : {TimelineCount::PacketsByClass, TimelineCount::PacketsByOutcome,
                             TimelineCount::NewFlows, TimelineCount::OpenFlows}) {
        const auto query = queryOf(count, {captureStart, captureStart + 60'000'000}, 500'000);
        const auto here = readTimeline(*analysis_, query), there = readTimeline(**dataset, query);
        QVERIFY(here && there);
        QVERIFY(!cellsOf(*here).empty());
        QVERIFY(cellsOf(*here) == cellsOf(*there));
    }
}

void TimelineQueryTest::newFlowsStandAtTheirStart()
{
    constexpr std::int64_t width = 500'000;
    Cells expected;
    const FlowTable& flows = analysis_->flows;
    for (std::size_t i = 0; i < flows.size(); ++i) {
        auto& [number, bytes] =
            expected[{floorBin(flows.start(i), width) * width, static_cast<std::size_t>(flows.outcome(i))}];
        ++number;
        bytes += static_cast<std::uint64_t>(flows.bytes(i));
    }
    const auto bins = readTimeline(
        *analysis_, queryOf(TimelineCount::NewFlows,
                            {analysis_->totals.firstTimestamp, analysis_->totals.lastTimestamp}, width));
    QVERIFY(bins);
    QVERIFY(cellsOf(*bins) == expected);
}

// Against trying every moment at which a flow begins, and the begin of each bin.
void TimelineQueryTest::openFlowsAreTheMostAtOnce()
{
    const FlowTable& flows = analysis_->flows;
    const auto openAt = [&](std::int64_t time) {
        std::uint64_t open = 0;
        for (std::size_t i = 0; i < flows.size(); ++i)
            open += flows.start(i) <= time && time <= flows.end(i) ? 1u : 0u;
        return open;
    };
    const auto bins = readTimeline(
        *analysis_, queryOf(TimelineCount::OpenFlows,
                            {analysis_->totals.firstTimestamp, analysis_->totals.lastTimestamp}, 700'000));
    QVERIFY(bins);
    const auto& stretch = bins->stretches.front();
    std::uint64_t highest = 0;
    for (std::size_t bin = 0; bin < stretch.bins; ++bin) {
        const TimeRange range = bins->rangeOf(stretch, bin);
        std::uint64_t expected = openAt(range.first), sum = 0;
        for (std::size_t i = 0; i < flows.size(); ++i) {
            if (flows.start(i) >= range.first && flows.start(i) <= range.last)
                expected = std::max(expected, openAt(flows.start(i)));
        }
        for (std::size_t i = 0; i < bins->categories; ++i)
            sum += stretch.cells[bin * bins->categories + i].packets;
        QCOMPARE(sum, expected);
        highest = std::max(highest, sum);
    }
    QVERIFY(highest > 5);
}

void TimelineQueryTest::rangesThatShareABin()
{
    const auto analysis = analysisOf(folder_, packetsAt({0, 10, 20, 999, 1000, 5000, 9999}));
    TimelineQuery query{.count = TimelineCount::PacketsByClass,
                        .ranges = {{0, 10}, {20, 30}, {5000, 5000}},
                        .width = 1000,
                        .narrowing = {}};
    const auto bins = readTimeline(*analysis, query);
    QVERIFY(bins);
    QCOMPARE(bins->stretches.size(), std::size_t{2});
    const Cells expected{{{0, 0}, {4, 240}}, {{5000, 0}, {1, 60}}};
    QVERIFY(cellsOf(*bins) == expected);
}

void TimelineQueryTest::theEndsOf64Bits()
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max(),
                   least = std::numeric_limits<std::int64_t>::min();
    const auto analysis = analysisOf(folder_, packetsAt({least, most}));
    QVERIFY(analysis);
    const TimelineQuery query{.count = TimelineCount::PacketsByClass,
                              .ranges = {{least, least + 5}, {most - 5, most}},
                              .width = 1000,
                              .narrowing = {}};
    for (const auto count : {TimelineCount::PacketsByClass, TimelineCount::OpenFlows}) {
        auto asked = query;
        asked.count = count;
        const auto bins = readTimeline(*analysis, asked);
        QVERIFY(bins);
        QCOMPARE(bins->stretches.size(), std::size_t{2});
        QCOMPARE(bins->rangeOf(bins->stretches[0], 0).first, least);
        QCOMPARE(bins->rangeOf(bins->stretches[1], 0).last, most);
    }
    const auto stretches = busyStretches(*analysis);
    QVERIFY(stretches);
    QCOMPARE(*stretches, (std::vector<TimeRange>{{least, least}, {most, most}}));
}

void TimelineQueryTest::tooManyBinsAreRefused()
{
    const auto refused = readTimeline(
        *analysis_,
        queryOf(TimelineCount::PacketsByClass,
                {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()}, 1));
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::Internal);
}

void TimelineQueryTest::stopsWhenAsked()
{
    const std::atomic<bool> stop{true};
    for (const auto count : {TimelineCount::PacketsByClass, TimelineCount::PacketsByOutcome,
                             TimelineCount::NewFlows, TimelineCount::OpenFlows}) {
        const auto bins =
            readTimeline(*analysis_, queryOf(count, {captureStart, captureStart + 1'000'000}, 1000), &stop);
        QVERIFY(!bins);
        QCOMPARE(bins.error().code, Errc::Cancelled);
    }
}

QTEST_GUILESS_MAIN(TimelineQueryTest)
#include "timeline_query_test.moc"
