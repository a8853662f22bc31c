// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/packet_query.h"

#include "core/analysis/analyze.h"
#include "core/analysis/packet_filter.h"
#include "core/filter/filter_parser.h"
#include "tests/support/capture_text.h"
#include "tests/support/generator/generator.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <atomic>
#include <limits>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// Rows of an analysis that are chosen, and pages of them.
class PacketQueryTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase() { many_.reset(); }
    void rowsAndPlacesAreEachOthersInverse_data();
    void rowsAndPlacesAreEachOthersInverse();
    void intervals_data();
    void intervals();
    void filters_data();
    void filters();
    void stopsWhenAsked();
    void pagesAreTheRows();
    void timesAreFound();
    void sequencesGoRound();
    void firstSequencesAreThoseOfTheSender();

private:
    std::shared_ptr<const Analysis> analyzed(const std::filesystem::path& capture)
    {
        Options options;
        options.inputs = {capture};
        options.temporaryFolder = folder_.path();
        auto made = analyze(
            options, [](const Progress&) { return true; }, Depth::Flows);
        if (!made)
            qFatal("the capture cannot be analyzed");
        return *made;
    }

    const TestFolder folder_;
    std::shared_ptr<const Analysis> many_;
    std::vector<Packet> rows_;
};

void PacketQueryTest::initTestCase()
{
    generator::GeneratorOptions wanted;
    wanted.rows = 100'000;
    wanted.lateShare = 0.05;
    QVERIFY(generator::generateFiles(wanted, folder_ / "many.csv", {}).error.empty());
    many_ = analyzed(folder_ / "many.csv");
    QVERIFY(many_->spool.forEach({}, [this](const SpooledPacket& row) {
        rows_.push_back(row.packet);
        return true;
    }));
    QCOMPARE(rows_.size(), std::size_t{100'000});
}

void PacketQueryTest::rowsAndPlacesAreEachOthersInverse_data()
{
    QTest::addColumn<quint64>("rows");
    QTest::addColumn<int>("oneOf");
    for (const unsigned rows : {0u, 1u, 63u, 64u, 65u, 512u, 5000u}) {
        for (const int oneOf : {1, 2, 50, 100'000})
            QTest::addRow("%u rows, one of %d", rows, oneOf) << quint64{rows} << oneOf;
    }
}

void PacketQueryTest::rowsAndPlacesAreEachOthersInverse()
{
    QFETCH(quint64, rows);
    QFETCH(int, oneOf);
    std::mt19937_64 random(5);
    std::vector<std::uint64_t> bits(static_cast<std::size_t>((rows + 63) / 64)), chosen;
    std::vector<std::uint64_t> before;
    for (std::uint64_t row = 0; row < rows; ++row) {
        before.push_back(chosen.size());
        if (random() % static_cast<unsigned>(oneOf) != 0)
            continue;
        chosen.push_back(row);
        bits[static_cast<std::size_t>(row / 64)] |= std::uint64_t{1} << row % 64;
    }
    const PacketRows some(rows, bits);
    QCOMPARE(some.size(), std::uint64_t{chosen.size()});
    QCOMPARE(some.rows(), rows);
    QCOMPARE(some.everything(), chosen.size() == rows);
    for (std::size_t i = 0; i < chosen.size(); ++i)
        QCOMPARE(some.row(i), chosen[i]);
    for (std::uint64_t row = 0; row < rows; ++row) {
        QCOMPARE(some.before(row), before[static_cast<std::size_t>(row)]);
        QCOMPARE(some.has(row), (bits[static_cast<std::size_t>(row / 64)] >> row % 64 & 1) != 0);
    }
    QVERIFY(!some.has(rows));
    QCOMPARE(some.before(rows + 7), some.size());
    QCOMPARE(some.rows(0, chosen.size() + 5), chosen);
    if (chosen.size() > 3)
        QCOMPARE(some.rows(2, 2), (std::vector<std::uint64_t>{chosen[2], chosen[3]}));
    QVERIFY(some.rows(chosen.size(), 1).empty());
}

void PacketQueryTest::intervals_data()
{
    QTest::addColumn<qint64>("first"); // permille of the capture's time
    QTest::addColumn<qint64>("last");
    QTest::newRow("the middle") << qint64{300} << qint64{400};
    QTest::newRow("all") << qint64{-1} << qint64{2000};
    QTest::newRow("before") << qint64{-10} << qint64{-5};
    QTest::newRow("a moment") << qint64{500} << qint64{500};
    QTest::newRow("from the beginning") << qint64{0} << qint64{999};
}

void PacketQueryTest::intervals()
{
    QFETCH(qint64, first);
    QFETCH(qint64, last);
    const std::int64_t start = many_->totals.firstTimestamp,
                       permille = (many_->totals.lastTimestamp - start) / 1000;
    Narrowing narrowing;
    narrowing.interval = std::pair(start + first * permille, start + last * permille);
    const auto rows = selectPackets(*many_, narrowing);
    QVERIFY(rows);
    QCOMPARE(rows->rows(), std::uint64_t{rows_.size()});
    std::vector<std::uint64_t> expected;
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        if (rows_[row].timestamp >= narrowing.interval->first &&
            rows_[row].timestamp <= narrowing.interval->second)
            expected.push_back(row);
    }
    QVERIFY(rows->rows(0, rows_.size()) == expected);
    QCOMPARE(selectPackets(*many_, {})->size(), std::uint64_t{rows_.size()});
}

void PacketQueryTest::filters_data()
{
    QTest::addColumn<QString>("text");
    for (const auto* const text : {"src == 5",
                                   "dst == 5",
                                   "addr in {3 4}",
                                   "sport == 443",
                                   "dport < 1024",
                                   "port in {53 80..90}",
                                   ":443",
                                   "proto == udp",
                                   "tcp",
                                   "service == https",
                                   "len > 1000",
                                   "len == 0 and tcp",
                                   "seq > 2000000000",
                                   "ack == 0",
                                   "flags.syn == 1",
                                   "flags == 18",
                                   "flags.rst or flags.fin",
                                   "graceful",
                                   "packets > 20",
                                   "not graceful",
                                   "not number == 7",
                                   "number == 7",
                                   "reason == incomplete_no_synack and port == 443",
                                   "src == 5 and bytes > 10k",
                                   "https",
                                   "syn+ack",
                                   "addr contains 1",
                                   "not tcp and not udp",
                                   "flow(src == 5)",
                                   "time > \"2025-01-01 00:00:05\" and len > 100",
                                   "duration > 1s or proto == udp"})
        QTest::newRow(text) << QString::fromLatin1(text);
}

// Whole packets, one by one, and the flows by definition: only what a filter asks for is read otherwise.
void PacketQueryTest::filters()
{
    QFETCH(QString, text);
    auto parsed = parseFilter(text.toStdString(), FilterSubject::Packets);
    QVERIFY(std::holds_alternative<std::optional<FilterExpression>>(parsed));
    Narrowing narrowing;
    narrowing.filter = std::get<0>(std::move(parsed));
    const PacketFilter filter(*many_, *narrowing.filter);
    const auto flows = rowFlowsOf(*many_);
    QVERIFY(flows);
    std::vector<std::uint32_t> flowOfRow(rows_.size());
    QVERIFY((*flows)->read(0, flowOfRow));
    std::vector<std::uint64_t> expected, inMiddle;
    const std::int64_t start = many_->totals.firstTimestamp, length = many_->totals.lastTimestamp - start;
    const std::pair middle(start + length / 4, start + length / 2);
    for (std::size_t row = 0; row < rows_.size(); ++row) {
        std::uint8_t hit = 2;
        filter.match(std::span(rows_).subspan(row, 1), std::span(flowOfRow).subspan(row, 1), {&hit, 1});
        QVERIFY(hit < 2);
        if (hit == 0)
            continue;
        expected.push_back(row);
        if (rows_[row].timestamp >= middle.first && rows_[row].timestamp <= middle.second)
            inMiddle.push_back(row);
    }
    const auto all = selectPackets(*many_, narrowing);
    QVERIFY(all);
    QVERIFY(all->rows(0, rows_.size()) == expected);
    narrowing.interval = middle;
    const auto some = selectPackets(*many_, narrowing);
    QVERIFY(some);
    QVERIFY(some->rows(0, rows_.size()) == inMiddle);
    qInfo("%zu packets", expected.size());
}

void PacketQueryTest::stopsWhenAsked()
{
    const std::atomic<bool> stop{true};
    Narrowing narrowing;
    narrowing.interval = std::pair<std::int64_t, std::int64_t>(0, many_->totals.lastTimestamp);
    const auto rows = selectPackets(*many_, narrowing, &stop);
    QVERIFY(!rows);
    QCOMPARE(rows.error().code, Errc::Cancelled);
}

void PacketQueryTest::pagesAreTheRows()
{
    std::vector<std::uint64_t> bits((rows_.size() + 63) / 64, 0x0100'0010'0001'8001u);
    bits.back() = 0;
    const PacketRows some(rows_.size(), std::move(bits));
    const auto flows = rowFlowsOf(*many_);
    QVERIFY(flows);
    PacketPages pages(*many_);
    for (const std::uint64_t first :
         {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{400}, some.size() - 5}) {
        const auto page = pages.read(some, first, 200, flows->get());
        QVERIFY(page);
        QCOMPARE(page->size(), static_cast<std::size_t>(std::min<std::uint64_t>(200, some.size() - first)));
        for (std::size_t i = 0; i < page->size(); ++i) {
            const PacketView& view = (*page)[i];
            QCOMPARE(view.row, some.row(first + i));
            QVERIFY(view.packet == rows_[static_cast<std::size_t>(view.row)]);
            if (first + i == 0)
                QVERIFY(!view.sinceBefore);
            else
                QCOMPARE(view.sinceBefore,
                         std::optional(view.packet.timestamp -
                                       rows_[static_cast<std::size_t>(some.row(first + i - 1))].timestamp));
            QCOMPARE(view.flow.has_value(), view.packet.isTcp() && FlowKey::hasFlow(view.packet));
            if (view.flow) {
                QVERIFY(many_->flows.key(*view.flow) == FlowKey::of(view.packet));
                QVERIFY(view.relativeSequence);
            }
        }
    }
    QVERIFY(pages.read(some, some.size(), 10, nullptr)->empty());
    const auto without = pages.read(PacketRows::all(rows_.size()), 99'990, 200, nullptr);
    QCOMPARE(without->size(), std::size_t{10});
    QVERIFY(!without->front().flow && !without->front().relativeSequence);
}

void PacketQueryTest::timesAreFound()
{
    PacketPages pages(*many_);
    const auto all = PacketRows::all(rows_.size());
    std::vector<std::uint64_t> bits((rows_.size() + 63) / 64);
    for (std::size_t row = 50'000; row < 60'000; ++row)
        bits[row / 64] |= std::uint64_t{1} << row % 64;
    const PacketRows some(rows_.size(), std::move(bits));
    for (const std::size_t row : {std::size_t{0}, std::size_t{777}, std::size_t{55'000}, rows_.size() - 1}) {
        const std::int64_t time = rows_[row].timestamp;
        for (const auto* const rows : {&all, &some}) {
            std::uint64_t expected = 0;
            while (expected + 1 < rows->size() &&
                   rows_[static_cast<std::size_t>(rows->row(expected))].timestamp < time)
                ++expected;
            const auto found = pages.placeOfTime(*rows, time);
            QVERIFY(found);
            QCOMPARE(*found, std::optional(expected));
        }
    }
    QCOMPARE(*pages.placeOfTime(all, std::numeric_limits<std::int64_t>::max()),
             std::optional<std::uint64_t>(rows_.size() - 1));
    QCOMPARE(
        *pages.placeOfTime(PacketRows(rows_.size(), std::vector<std::uint64_t>((rows_.size() + 63) / 64)), 0),
        std::optional<std::uint64_t>());
}

void PacketQueryTest::sequencesGoRound()
{
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max(), last32 = 0xFFFF'FFFF;
    const auto relative = [](std::int64_t sequence, std::int64_t first, std::int64_t bytes = 1000) {
        return relativeSequence(sequence, first, bytes);
    };
    QCOMPARE(relative(7, 7), std::optional<std::int64_t>(0));
    QCOMPARE(relative(100, 90), std::optional<std::int64_t>(10));
    QCOMPARE(relative(3, last32), std::optional<std::int64_t>(4));
    QCOMPARE(relative(90, 100), std::optional<std::int64_t>(-10)); // late, or sent again
    QCOMPARE(relative(last32, 3), std::optional<std::int64_t>(-4));
    // A flow that long may well have come so far.
    QCOMPARE(relative(last32, 3, most), std::optional<std::int64_t>(last32 - 3));
    QCOMPARE(relative(90, 100, most), std::optional<std::int64_t>(last32 + 1 - 10));
    // What is no number of TCP's.
    QCOMPARE(relative(-5, 100), std::optional<std::int64_t>(-105));
    QCOMPARE(relative(last32 + 1, 0), std::optional<std::int64_t>(last32 + 1));
    QCOMPARE(relative(most, -1), std::optional<std::int64_t>());
}

void PacketQueryTest::firstSequencesAreThoseOfTheSender()
{
    const auto text = conversations(1) + "1257254615999999,10.0.0.1,10.9.0.1,1024,80,0,0,0,60,17\n";
    const auto analysis = analyzed(folder_.write("small.csv", text));
    const auto flows = rowFlowsOf(*analysis);
    QVERIFY(flows);
    PacketPages pages(*analysis);
    const auto page = pages.read(PacketRows::all(7), 0, 7, flows->get());
    QVERIFY(page);
    std::vector<std::optional<std::int64_t>> relative;
    for (const PacketView& view : *page)
        relative.push_back(view.relativeSequence);
    QCOMPARE(relative, (std::vector<std::optional<std::int64_t>>{0, 0, 1, 1, 1, 401, std::nullopt}));
}

QTEST_APPLESS_MAIN(PacketQueryTest)
#include "packet_query_test.moc"
