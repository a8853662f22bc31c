// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/analyze.h"
#include "core/convert/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

class AnalysisTest : public QObject
{
    Q_OBJECT

private slots:
    void countsPairsEachWay();
    void leavesNoFileBehind();
    void equalsTheConversion();
    void bothEndsAreAskedFor();
    void pairBytesNeverOverflow();
    void aServerWithManyClientsIsCheap();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

} // namespace

void AnalysisTest::countsPairsEachWay()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", captureHeader() + captureRow(5, "b", "a", 2, 0, 0, 100) +
                                                 captureRow(3, "a", "b", 16, 0, 0, 10) +
                                                 captureRow(9, "a", "b", 16, 0, 0, -7) +
                                                 captureRow(6, "c", "c", 16, 0, 0, 1))};
    const auto analysis = analyze(options, goOn);
    QVERIFY(analysis);
    const auto& pairs = (*analysis)->pairs.pairs();
    QCOMPARE(pairs.size(), 2u);
    const auto text = [&](AddressId id) { return std::string((*analysis)->addresses.text(id)); };
    QCOMPARE(text(pairs[0].a), std::string("b")); // first seen
    QCOMPARE(text(pairs[0].b), std::string("a"));
    QCOMPARE(pairs[0].packetsFromA, 1u);
    QCOMPARE(pairs[0].packetsFromB, 2u);
    QCOMPARE(pairs[0].bytesFromA.decimal(), std::string("100"));
    QCOMPARE(pairs[0].bytesFromB.decimal(), std::string("10")); // a negative length counts as nothing
    QCOMPARE(pairs[0].firstTimestamp, 3);
    QCOMPARE(pairs[0].lastTimestamp, 9);
    QCOMPARE(pairs[1].packetsFromA + pairs[1].packetsFromB, 1u); // to itself: once
}

void AnalysisTest::leavesNoFileBehind()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(50))};
    options.temporaryFolder = folder.path();
    QVERIFY(analyze(options, goOn));
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
}

void AnalysisTest::equalsTheConversion()
{
    const TestFolder folder;
    Options options;
    options.inputs = {
        folder.write("in.csv", conversations(300) + "bad\n" + conversations(20, captureStart + 400'000'000))};
    options.readChunkRows = 100;
    options.addressFilter = "10.0.0.0/25";
    const auto analysis = analyze(options, goOn);
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(analysis);
    QVERIFY(summary);
    const RunTotals &a = (*analysis)->totals, &b = summary->totals;
    QCOMPARE(a.rows, b.rows);
    QVERIFY(a.rows.filtered > 0 && a.rows.rejected > 0 && a.rows.kept > 0);
    QCOMPARE(a.flows, b.flows);
    QCOMPARE(a.tcpPackets, b.tcpPackets);
    QCOMPARE(a.uniqueAddresses, b.uniqueAddresses);
    QCOMPARE(a.firstTimestamp, b.firstTimestamp);
    QCOMPARE(a.lastTimestamp, b.lastTimestamp);
    QVERIFY((*analysis)->tally.closeTypes == summary->tally.closeTypes);
    QVERIFY((*analysis)->tally.invalidReasons == summary->tally.invalidReasons);
    QCOMPARE((*analysis)->bins.size(), std::size_t(referenceBinCount));
}

void AnalysisTest::bothEndsAreAskedFor()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", captureHeader() + captureRow(1, "10.0.0.1", "10.0.0.2", 2) +
                                                 captureRow(2, "10.0.0.2", "10.1.0.1", 2) +
                                                 captureRow(3, "10.1.0.1", "10.1.0.2", 2))};
    options.addressFilter = "10.0.0.0/24";
    const auto kept = [&](FilterEnds ends) {
        options.filterEnds = ends;
        const auto analysis = analyze(options, goOn);
        return analysis ? (*analysis)->totals.rows.kept : 0;
    };
    QCOMPARE(kept(FilterEnds::Either), 2u);
    QCOMPARE(kept(FilterEnds::Both), 1u);
    // Only the manifest of such a dataset says so; those that the reference knows stay as they are.
    QVERIFY(convert(options, folder / "both", goOn));
    QVERIFY(contentOf(folder / "both" / "manifest.json").find("\"filter_ends\": \"both\"") !=
            std::string::npos);
    options.filterEnds = FilterEnds::Either;
    QVERIFY(convert(options, folder / "either", goOn));
    QVERIFY(contentOf(folder / "either" / "manifest.json").find("filter_ends") == std::string::npos);
}

void AnalysisTest::pairBytesNeverOverflow()
{
    const TestFolder folder;
    std::string text = "timestamp,src_ip,dst_ip,length,protocol\n";
    for (int i = 0; i < 3; ++i)
        text += "1,a,b,9223372036854775807,6\n";
    Options options;
    options.inputs = {folder.write("in.csv", text)};
    const auto analysis = analyze(options, goOn);
    QVERIFY(analysis);
    QCOMPARE((*analysis)->pairs.pairs().at(0).bytesFromA.decimal(), std::string("27670116110564327421"));
    const auto a = (*analysis)->addressStats.inOrder().at(0);
    QCOMPARE((*analysis)->addressStats.counters(a).sentBytes.decimal(), std::string("27670116110564327421"));
}

// Pairs that share an address must not share a hash: the table of a flooded server once took all the memory.
void AnalysisTest::aServerWithManyClientsIsCheap()
{
    PairStats pairs;
    constexpr std::uint32_t clients = 300'000;
    for (int repeated = 0; repeated < 2; ++repeated) {
        for (std::uint32_t client = 2; client < clients + 2; ++client) {
            Packet packet;
            packet.source = AddressId{client};
            packet.destination = AddressId{1};
            pairs.add(packet, client);
        }
    }
    QCOMPARE(pairs.pairs().size(), clients);
    QCOMPARE(pairs.pairs().front().packetsFromA + pairs.pairs().front().packetsFromB, 2u);
    pairs.putInOrder();
    QCOMPARE(index(pairs.pairs().front().a), 2u);
}

QTEST_APPLESS_MAIN(AnalysisTest)
#include "analysis_test.moc"
