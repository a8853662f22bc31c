// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/open_flow_table.h"
#include "core/output/conn_log/conn_json.h"
#include "core/output/conn_log/conn_log.h"
#include "core/output/flow_export.h"
#include "tests/support/capture_text.h"
#include "tests/support/filter_of.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// From captures to files of flows.
class FlowExportTest : public QObject
{
    Q_OBJECT

private slots:
    void aCapturesConnection();
    void theSameForAnyNumberOfThreads();
    void aFilterChoosesWithoutChangingALine();
    void whatIsWrittenOpensAsATable_data();
    void whatIsWrittenOpensAsATable();
    void anEmptyCaptureHasItsHeader();
    void anErrorLeavesNothing();
    void whoTakesTheTextMayEndIt();
    void stopLeavesWhatWasThere();
};

namespace {

constexpr auto goOn = [](const Progress&) { return true; };

Options of(const std::filesystem::path& input, unsigned threads = 1)
{
    Options options;
    options.inputs = {input};
    options.threads = threads;
    return options;
}

/// The text that was exported.
std::string textOf(const Options& options, FlowExport wanted)
{
    std::string text;
    wanted.take = [&](std::string_view piece) -> Result<void> {
        text += piece;
        return {};
    };
    const auto written = exportFlows(options, wanted, goOn);
    if (!written)
        qFatal("export: %s", written.error().detail.c_str());
    if (written->bytes != text.size())
        qFatal("other bytes than were told");
    return text;
}

/// A whole HTTP connection of ten bytes each way, and a lone question over UDP.
std::string capture()
{
    PcapFile pcap;
    std::uint32_t time = 0;
    const auto add = [&](bool forward, unsigned flags, std::uint32_t sequence, std::uint32_t acknowledgment,
                         const std::string& payload = {}) {
        const Tcp header{.sourcePort = forward ? 40000u : 80u,
                         .destinationPort = forward ? 80u : 40000u,
                         .sequence = sequence,
                         .acknowledgment = acknowledgment,
                         .flags = flags};
        const Ip ip{.source = forward ? "10.0.0.1" : "10.0.0.2",
                    .destination = forward ? "10.0.0.2" : "10.0.0.1"};
        pcap.add(1'257'254'615, 1000 * time++, ethernet(0x0800, ipv4(ip, tcp(header, payload))));
    };
    add(true, 0x02, 100, 0);
    add(false, 0x12, 500, 101);
    add(true, 0x10, 101, 501);
    add(true, 0x18, 101, 501, "0123456789");
    add(false, 0x18, 501, 111, "abcdefghij");
    add(true, 0x11, 111, 511);
    add(false, 0x11, 511, 112);
    add(true, 0x10, 112, 512);
    pcap.add(1'257'254'616, 0,
             ethernet(0x0800, ipv4({.source = "10.0.0.1", .destination = "10.0.0.9", .protocol = 17},
                                   udp(5353, 53, "question"))));
    return pcap.bytes();
}

} // namespace

void FlowExportTest::aCapturesConnection()
{
    const TestFolder folder;
    const auto text =
        QString::fromStdString(textOf(of(folder.write("in.pcap", capture())), FlowExport{.format = connLog}));
    const auto lines = text.split('\n');
    QCOMPARE(lines.size(), 12);
    QCOMPARE(lines[5], QString("#open\t2009-11-03-13-23-35"));
    auto fields = lines[8].split('\t');
    fields.remove(1); // the uid
    QCOMPARE(fields.join(' '),
             QString("1257254615.000000 10.0.0.1 40000 10.0.0.2 80 tcp - 0.006000 10 10 SF T T 0 "
                     "ShADdFf 5 210 3 130 - 6"));
    fields = lines[9].split('\t');
    fields.remove(1);
    QCOMPARE(fields.join(' '),
             QString("1257254616.000000 10.0.0.1 5353 10.0.0.9 53 udp - - - - S0 T T 0 D 1 36 0 0 - 17"));
    QCOMPARE(lines[10], QString("#close\t2009-11-03-13-23-36"));
}

void FlowExportTest::theSameForAnyNumberOfThreads()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(20'000));
    for (const auto* const format : {&connLog, &connJson}) {
        const auto one = textOf(of(input, 1), FlowExport{.format = *format});
        QVERIFY(std::count(one.begin(), one.end(), '\n') >= 20'000);
        for (const unsigned threads : {2u, 8u})
            QVERIFY(textOf(of(input, threads), FlowExport{.format = *format}) == one);
    }
}

void FlowExportTest::aFilterChoosesWithoutChangingALine()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(50));
    const auto all = QString::fromStdString(textOf(of(input), FlowExport{.format = connJson})).split('\n');
    FlowExport wanted{.format = connJson};
    wanted.filter = filterOf("sport in {1027 1031}");
    const auto some = QString::fromStdString(textOf(of(input), wanted)).split('\n');
    QCOMPARE(some.size(), 3);
    QCOMPARE(some[0], all[3]);
    QCOMPARE(some[1], all[7]);
}

void FlowExportTest::whatIsWrittenOpensAsATable_data()
{
    QTest::addColumn<bool>("json");
    QTest::newRow("conn-log") << false;
    QTest::newRow("conn-json") << true;
}

void FlowExportTest::whatIsWrittenOpensAsATable()
{
    QFETCH(bool, json);
    const TestFolder folder;
    FlowExport wanted{.format = json ? connJson : connLog};
    wanted.file = folder / "conn.log";
    const auto written = exportFlows(of(folder.write("in.pcap", capture())), wanted, goOn);
    QVERIFY(written);
    QCOMPARE(written->flows, 2u);
    QCOMPARE(written->written, 2u);
    QCOMPARE(written->states[static_cast<std::size_t>(ConnState::SF)], 1u);
    QCOMPARE(written->bytes, std::filesystem::file_size(wanted.file));
    const auto table = openFlowTable(wanted.file, goOn);
    QVERIFY(table);
    const auto& flows = (*table)->flows;
    QCOMPARE(flows.size(), 2u);
    QCOMPARE((*table)->totals.rows.rejected, 0u);
    QCOMPARE(flows.start(0), 1'257'254'615'000'000);
    QCOMPARE(flows.end(0), 1'257'254'615'006'000); // the last ACK comes when both have closed
    QCOMPARE(flows.packets(0), 8u);
    QCOMPARE((*table)->addresses.text(flows.source(0)), std::string_view("10.0.0.1"));
    QCOMPARE(flows.destinationPort(0), 80);
    QCOMPARE(flows.closeType(0), CloseType::Graceful);
}

void FlowExportTest::anEmptyCaptureHasItsHeader()
{
    const TestFolder folder;
    const auto text = textOf(of(folder.write("in.csv", captureHeader())), FlowExport{.format = connLog});
    QVERIFY(text.find("#open\t1970-01-01-00-00-00\n") != std::string::npos);
    QVERIFY(text.ends_with("count\n#close\t1970-01-01-00-00-00\n"));
}

void FlowExportTest::anErrorLeavesNothing()
{
    const TestFolder folder;
    FlowExport wanted{.format = connLog};
    wanted.file = folder / "out";
    const auto written = exportFlows(of(folder.write("bad", "no,columns\n")), wanted, goOn);
    QVERIFY(!written);
    QCOMPARE(written.error().stage, Stage::Prepare);
    QCOMPARE(folder.names(), std::vector<std::string>{"bad"});
}

void FlowExportTest::whoTakesTheTextMayEndIt()
{
    const TestFolder folder;
    FlowExport wanted{.format = connLog};
    int pieces = 0;
    wanted.take = [&](std::string_view) -> Result<void> {
        ++pieces;
        return Error{.code = Errc::Write, .detail = "no more", .file = {}};
    };
    const auto written = exportFlows(of(folder.write("in.csv", conversations(20'000))), wanted, goOn);
    QVERIFY(!written);
    QCOMPARE(written.error().detail, std::string("no more"));
    QCOMPARE(pieces, 1);
}

void FlowExportTest::stopLeavesWhatWasThere()
{
    const TestFolder folder;
    FlowExport wanted{.format = connLog};
    wanted.file = folder.write("out", "old");
    wanted.replace = true;
    const auto input = folder.write("in.csv", conversations(100));
    for (const auto stopAt : {Phase::Reading, Phase::Finishing}) {
        const auto written =
            exportFlows(of(input), wanted, [&](const Progress& progress) { return progress.phase < stopAt; });
        QVERIFY(!written);
        QCOMPARE(written.error().code, Errc::Cancelled);
    }
    StopEvent stop;
    stop.request();
    QCOMPARE(exportFlows(of(input), wanted, goOn, &stop).error().code, Errc::Cancelled);
    QCOMPARE(contentOf(wanted.file), std::string("old"));
    QCOMPARE(folder.names(), (std::vector<std::string>{"in.csv", "out"}));
}

QTEST_GUILESS_MAIN(FlowExportTest)
#include "flow_export_test.moc"
