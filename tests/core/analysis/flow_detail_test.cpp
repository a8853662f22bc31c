// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/output/export.h"
#include "core/run/option_table.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What an analysis with Depth::Flows keeps beyond counts.
class FlowDetailTest : public QObject
{
    Q_OBJECT

private slots:
    void everyFlowFindsItsPackets();
    void timelinesHoldEveryPacket();
    void firstRowsAreTheFirstRows();
    void exportChecksItsTarget();
    void exportStopsWhenAsked();
    void optionsOfTheOutputDoNotMatter();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

/// The same connection three times over, closed in between, in chunks of seven rows.
Options reopened(const TestFolder& folder)
{
    std::string text = conversations(4);
    for (int i = 1; i < 3; ++i)
        text += conversations(4, captureStart + std::int64_t{i} * 1000)
                    .substr(captureHeader().size()); // overlapping in time
    text += "5,x,y,0,0,2,0,0,10,6\n6,x,y,5,5,0,0,0,10,17\n";
    Options options;
    options.inputs = {folder.write("in.csv", text)};
    options.readChunkRows = 7;
    options.temporaryFolder = folder.path();
    return options;
}

} // namespace

void FlowDetailTest::everyFlowFindsItsPackets()
{
    const TestFolder folder;
    const auto result = analyze(reopened(folder), goOn, Depth::Flows);
    QVERIFY(result);
    const Analysis& analysis = **result;
    QVERIFY(analysis.flows.size() > 8);
    QCOMPARE(analysis.flows.size(), analysis.totals.flows);
    std::uint64_t packets = 0;
    std::vector<bool> seen(analysis.flows.size() + 1);
    for (std::size_t i = 0; i < analysis.flows.size(); ++i) {
        const auto detail = readFlow(analysis, i);
        QVERIFY(detail);
        QCOMPARE(detail->packets.size(), analysis.flows.packets(i));
        QCOMPARE(detail->packets.front().timestamp, analysis.flows.start(i));
        QCOMPARE(detail->packets.back().timestamp, analysis.flows.end(i));
        QCOMPARE(detail->life.closeType, analysis.flows.closeType(i));
        QCOMPARE(detail->life.invalidReason, analysis.flows.invalidReason(i));
        QCOMPARE(detail->life.state, analysis.flows.state(i));
        QCOMPARE(detail->life.totalBytes.clamped(), analysis.flows.bytes(i));
        seen[static_cast<std::size_t>(analysis.flows.number(i))] = true;
        packets += detail->packets.size();
    }
    QCOMPARE(packets, analysis.totals.tcpPackets - 1); // one has no ports
    QCOMPARE(std::count(seen.begin(), seen.end(), true), qsizetype(analysis.flows.size()));
}

void FlowDetailTest::timelinesHoldEveryPacket()
{
    const TestFolder folder;
    const auto result = analyze(reopened(folder), goOn, Depth::Flows);
    QVERIFY(result);
    const auto packetsOf = [](const Timeline& timeline) {
        std::uint64_t packets = 0;
        for (std::size_t bin = 0; bin < timeline.bins(); ++bin) {
            for (std::size_t category = 0; category < timeline.categories(); ++category)
                packets += timeline.cell(bin, category).packets;
        }
        return packets;
    };
    QCOMPARE(packetsOf((*result)->byClass), (*result)->totals.rows.kept);
    QCOMPARE(packetsOf((*result)->byOutcome), (*result)->totals.tcpPackets - 1);
}

void FlowDetailTest::firstRowsAreTheFirstRows()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("a.csv", conversations(2)), folder.write("b.csv", conversations(500))};
    const auto result = analyze(options, goOn, Depth::Flows);
    QVERIFY(result);
    const auto& rows = (*result)->firstRows;
    QCOMPARE(rows.size(), keptPreviewRows);
    QCOMPARE(rows[11].input, 0u);
    QCOMPARE(rows[11].line, 13u);
    QCOMPARE(rows[12].input, 1u);
    QCOMPARE(rows[12].line, 2u);
    QCOMPARE(rows[12].packet.timestamp, captureStart + 100);
}

void FlowDetailTest::exportChecksItsTarget()
{
    const TestFolder folder;
    const auto options = reopened(folder);
    const auto result = analyze(options, goOn, Depth::Flows);
    QVERIFY(result);
    static_cast<void>(folder.write("photos/a.jpg", "x"));
    const auto summary = exportDataset(**result, options, folder / "photos", goOn);
    QVERIFY(!summary);
    QCOMPARE(summary.error().code, Errc::Exists);
    QCOMPARE(summary.error().stage, Stage::Prepare);
}

void FlowDetailTest::exportStopsWhenAsked()
{
    const TestFolder folder;
    const auto options = reopened(folder);
    const auto result = analyze(options, goOn, Depth::Flows);
    QVERIFY(result);
    const auto before = folder.names();
    const auto summary =
        exportDataset(**result, options, folder / "out", [](const Progress&) { return false; });
    QVERIFY(!summary);
    QCOMPARE(summary.error().code, Errc::Cancelled);
    QCOMPARE(folder.names(), before);
}

void FlowDetailTest::optionsOfTheOutputDoNotMatter()
{
    Options a, b;
    QVERIFY(sameCapture(a, b));
    b.flowsPerChunk = 1;
    b.attackContext = "x";
    b.replaceAnything = true;
    QVERIFY(sameCapture(a, b));
    b.addressFilter = "1";
    QVERIFY(!sameCapture(a, b));
}

QTEST_APPLESS_MAIN(FlowDetailTest)
#include "flow_detail_test.moc"
