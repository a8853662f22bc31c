// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/narrowed_packets.h"

#include "core/analysis/analyze.h"
#include "core/analysis/open_dataset.h"
#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/filter_of.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <atomic>
#include <limits>

using namespace packetloom;
using namespace packetloom::test;

class NarrowedPacketsTest : public QObject
{
    Q_OBJECT

private slots:
    void countsWhatATimeWindowKeeps_data();
    void countsWhatATimeWindowKeeps();
    void countsWhatAnAddressFilterKeeps();
    void flowsHaveATallyOfTheirOwn();
    void ofADatasetToo();
    void stopsWhenAsked();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

using Analysed = std::shared_ptr<const Analysis>;

Analysed wholeOf(const Options& options)
{
    const auto analysis = analyze(options, goOn, Depth::Flows);
    return analysis ? *analysis : nullptr;
}

/// What the tables of addresses, pairs, flags and rows show, with addresses as texts.
QStringList tablesOf(const CountedPackets& analysis)
{
    QStringList lines;
    const auto text = [&](AddressId id) {
        const auto address = analysis.addresses.text(id);
        return QString::fromUtf8(address.data(), qsizetype(address.size()));
    };
    const auto sum = [](const WideSum& value) { return QString::number(value.clamped()); };
    for (const auto id : analysis.addressStats.inOrder()) {
        const auto& c = analysis.addressStats.counters(id);
        lines << QStringList{"address",
                             text(id),
                             QString::number(c.sentPackets),
                             QString::number(c.receivedPackets),
                             sum(c.sentBytes),
                             sum(c.receivedBytes),
                             QString::number(c.firstTimestamp),
                             QString::number(c.lastTimestamp)}
                     .join('|');
    }
    for (const auto& pair : analysis.pairs.pairs()) {
        lines << QStringList{"pair",
                             text(pair.a),
                             text(pair.b),
                             QString::number(pair.packetsFromA),
                             QString::number(pair.packetsFromB),
                             sum(pair.bytesFromA),
                             sum(pair.bytesFromB),
                             QString::number(pair.firstTimestamp),
                             QString::number(pair.lastTimestamp)}
                     .join('|');
    }
    for (const auto& flag : analysis.flags.counts())
        lines << QStringList{"flag", QString::fromStdString(flag.name), QString::number(flag.packets)}.join(
            '|');
    for (const auto& row : analysis.firstRows)
        lines << QStringList{"row", QString::number(row.packet.timestamp), text(row.packet.source)}.join('|');
    lines << QStringList{"totals",
                         QString::number(analysis.totals.rows.kept),
                         QString::number(analysis.totals.tcpPackets),
                         QString::number(analysis.totals.uniqueAddresses),
                         QString::number(analysis.totals.firstTimestamp),
                         QString::number(analysis.totals.lastTimestamp)}
                 .join('|');
    return lines;
}

} // namespace

void NarrowedPacketsTest::countsWhatATimeWindowKeeps_data()
{
    QTest::addColumn<qint64>("first");
    QTest::addColumn<qint64>("last");
    const qint64 start = captureStart;
    QTest::newRow("everything") << std::numeric_limits<qint64>::min() << std::numeric_limits<qint64>::max();
    QTest::newRow("the middle") << start + 5'000 << start + 20'000;
    QTest::newRow("one microsecond") << start + 100 << start + 100;
    QTest::newRow("before") << qint64{0} << start - 1;
    QTest::newRow("after") << start + 1'000'000'000 << start + 2'000'000'000;
}

void NarrowedPacketsTest::countsWhatATimeWindowKeeps()
{
    QFETCH(const qint64, first);
    QFETCH(const qint64, last);
    const TestFolder folder;
    Options options;
    options.inputs = {
        folder.write("in.csv", conversations(100) + captureRow(captureStart + 6'000, "10.0.0.1", "new", 2))};
    const auto whole = wholeOf(options);
    QVERIFY(whole);
    const auto interval = narrowPackets(*whole, {.interval = std::pair(first, last)});
    QVERIFY(interval);
    options.window = {.start = first, .end = last};
    const auto expected = wholeOf(options);
    QVERIFY(expected);
    QCOMPARE(tablesOf(**interval), tablesOf(*expected));
}

void NarrowedPacketsTest::countsWhatAnAddressFilterKeeps()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(100))};
    const auto whole = wholeOf(options);
    QVERIFY(whole);
    const auto left = narrowPackets(*whole, {.filter = filterOf("addr == 10.0.0.0/28")});
    options.addressFilter = "10.0.0.0/28";
    const auto expected = wholeOf(options);
    QVERIFY(left && expected);
    QCOMPARE(tablesOf(**left), tablesOf(*expected));
    QCOMPARE((*left)->totals.flows, std::uint64_t{15});
    QCOMPARE((*left)->packetCount, expected->totals.rows.kept);
    // What only flows have is asked of the packet's flow.
    const auto some = narrowPackets(*whole, {.filter = filterOf("number in {3..5} and src == 10.0.0.3")});
    QVERIFY(some);
    QCOMPARE((*some)->totals.flows, std::uint64_t{1});
    QCOMPARE((*some)->totals.rows.kept, std::uint64_t{packetsPerConversation - 2}); // what it sent itself
}

void NarrowedPacketsTest::flowsHaveATallyOfTheirOwn()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(20) + captureRow(captureStart, "a", "b", 2))};
    const auto whole = wholeOf(options);
    QVERIFY(whole);
    const auto all = narrowPackets(*whole, {});
    const auto graceful = narrowPackets(*whole, {.filter = filterOf("close == graceful")});
    QVERIFY(all && graceful);
    QCOMPARE((*all)->tally.closeTypes, whole->tally.closeTypes);
    QCOMPARE((*all)->tally.invalidReasons, whole->tally.invalidReasons);
    QCOMPARE((*graceful)->totals.flows, std::uint64_t{20});
    QCOMPARE((*graceful)->tally.invalidReasons[std::size_t(InvalidReason::IncompleteNoSynAck)],
             std::uint64_t{0});
}

void NarrowedPacketsTest::ofADatasetToo()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(50))};
    QVERIFY(convert(options, folder / "out", goOn));
    const auto whole = wholeOf(options);
    const auto opened = openDataset(folder / "out", goOn);
    QVERIFY(whole && opened);
    const Narrowing narrowing{.interval = std::pair(captureStart, captureStart + 9'000)};
    const auto expected = narrowPackets(*whole, narrowing);
    const auto interval = narrowPackets(**opened, narrowing);
    QVERIFY(expected && interval);
    QVERIFY((*expected)->totals.rows.kept > 0);
    QCOMPARE(tablesOf(**interval), tablesOf(**expected));
}

void NarrowedPacketsTest::stopsWhenAsked()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(50))};
    const auto whole = wholeOf(options);
    QVERIFY(whole);
    const std::atomic<bool> stop = true;
    const auto interval = narrowPackets(*whole, {}, &stop);
    QVERIFY(!interval);
    QVERIFY(interval.error().code == Errc::Cancelled);
}

QTEST_GUILESS_MAIN(NarrowedPacketsTest)
#include "narrowed_packets_test.moc"
