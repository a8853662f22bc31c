// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_query.h"
#include "core/analysis/flow_words.h"
#include "core/analysis/narrowed_packets.h"
#include "core/analysis/open_flow_table.h"
#include "core/input/inspect.h"
#include "core/output/convert.h"
#include "core/stats/traffic_record.h"
#include "tests/support/capture_text.h"
#include "tests/support/filter_of.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What is counted of another tool's table of flows.
class FlowTableAnalysisTest : public QObject
{
    Q_OBJECT

private slots:
    void countsAllProtocols();
    void keepsTheTablesWords();
    void anIntervalHasTheFlowsThatOverlapIt();
    void flowsAreFoundAndSortedByTheirWords();
    void rejectedRowsAreTold();
    void saysWhatHadToBeAssumed();
    void flowsWithoutPacketsCountToo();
    void isNoCapture();
    void saysWhyItCannotBeOpened();
    void canBeStopped();
};

namespace {

const Heartbeat goOn = [](const Progress&) { return true; };

const std::string header =
    "#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\tts\tid.orig_h\tid.orig_p\t"
    "id.resp_h\tid.resp_p\tproto\tservice\tduration\tconn_state\torig_pkts\torig_ip_bytes\t"
    "resp_pkts\tresp_ip_bytes\n";
const std::string rows = "100\t10.0.0.1\t40000\t10.0.0.2\t22\ttcp\tssh\t5\tSF\t10\t1000\t8\t800\n"
                         "50\t10.0.0.3\t50000\t10.0.0.1\t443\ttcp\t-\t1.5\tS0\t2\t100\t0\t0\n"
                         "200\t10.0.0.2\t5353\t10.0.0.1\t53\tudp\t-\t-\tSF\t1\t60\t1\t90\n"
                         "300\t10.0.0.2\t8\t10.0.0.9\t0\ticmp\t-\t-\tOTH\t3\t252\t-\t-\n";

std::shared_ptr<const FlowTableAnalysis> opened(const TestFolder& folder, const std::string& text)
{
    auto analysis = openFlowTable(folder.write("conn.log", text), goOn);
    return analysis ? *analysis : nullptr;
}

Narrowing within(std::int64_t first, std::int64_t last)
{
    return {.interval = std::pair(first, last)};
}

AddressCounters countersOf(const CountedPackets& analysis, std::string_view address)
{
    const auto id = analysis.addresses.find(address);
    return id ? analysis.addressStats.counters(*id) : AddressCounters();
}

QStringList sorted(const Analysis& analysis, FlowColumn column, bool descending = false)
{
    QStringList numbers;
    const auto flows = *selectFlows(analysis, {.sort = {{column, descending}}});
    for (const auto flow : flows)
        numbers << QString::number(analysis.flows.number(flow));
    return numbers;
}

std::vector<std::uint32_t> found(const Analysis& analysis, const std::string& text)
{
    return *selectFlows(analysis, {.narrowing = {.filter = filterOf(text)}});
}

} // namespace

void FlowTableAnalysisTest::countsAllProtocols()
{
    const TestFolder folder;
    const auto analysis = opened(folder, header + rows);
    QVERIFY(analysis);
    QCOMPARE(analysis->flowTable(), analysis.get());
    QVERIFY(!analysis->capture() && !analysis->dataset());
    QCOMPARE(std::string(analysis->format->id), std::string("zeek"));
    const RunTotals& totals = analysis->totals;
    QCOMPARE(totals.rows, (RowCounts{.read = 4, .kept = 4, .filtered = 0, .rejected = 0}));
    QCOMPARE(totals.flows, std::uint64_t{4});
    QCOMPARE(analysis->packets(), std::uint64_t{25});
    QCOMPARE(totals.tcpPackets, std::uint64_t{20});
    QCOMPARE(totals.uniqueAddresses, std::uint64_t{4});
    QCOMPARE(totals.firstTimestamp, std::int64_t{50'000'000});
    QCOMPARE(totals.lastTimestamp, std::int64_t{300'000'000});
    QVERIFY(totals.inputs.empty() && analysis->firstRows.empty() && analysis->bins.empty());
    QCOMPARE(analysis->tally.closeTypes[std::size_t(CloseType::Graceful)], std::uint64_t{1});
    QCOMPARE(analysis->tally.closeTypes[std::size_t(CloseType::None)], std::uint64_t{3});
    QCOMPARE(analysis->tally.closeTypes[std::size_t(CloseType::Invalid)], std::uint64_t{0});

    const auto one = countersOf(*analysis, "10.0.0.1");
    QCOMPARE(one.sentPackets, std::uint64_t{11});
    QCOMPARE(one.receivedPackets, std::uint64_t{11});
    QCOMPARE(one.sentBytes, WideSum(1090));
    QCOMPARE(one.receivedBytes, WideSum(960));
    QCOMPARE(one.firstTimestamp, std::int64_t{50'000'000});
    QCOMPARE(one.lastTimestamp, std::int64_t{200'000'000});
    QCOMPARE(analysis->pairs.size(), std::size_t{3});
    const AddressPair pair = analysis->pairs.pairs()[0];
    QCOMPARE(analysis->addresses.text(pair.a), std::string_view("10.0.0.1"));
    QCOMPARE(pair.packetsFromA, std::uint64_t{11});
    QCOMPARE(pair.packetsFromB, std::uint64_t{9});

    // A flow's packets stand at its start.
    const Timeline& timeline = analysis->byOutcome;
    std::uint64_t graceful = 0, all = 0;
    for (std::size_t bin = 0; bin < timeline.bins(); ++bin) {
        for (std::size_t outcome = 0; outcome < flowOutcomeCount; ++outcome)
            all += timeline.cell(bin, outcome).packets;
        const auto here = timeline.cell(bin, std::size_t(FlowOutcome::Graceful)).packets;
        graceful += here;
        if (here > 0)
            QVERIFY(timeline.start(bin) <= 100'000'000 &&
                    timeline.start(bin) + (std::int64_t{1} << timeline.shift()) > 100'000'000);
    }
    QCOMPARE(graceful, std::uint64_t{18});
    QCOMPARE(all, std::uint64_t{25});
    QCOMPARE(analysis->byClass.bins(), std::size_t{0});

    QStringList services;
    for (const ServiceCount& service : analysis->services)
        services << QString("%1 %2 %3")
                        .arg(QString::fromStdString(std::string(service.name)))
                        .arg(service.flows)
                        .arg(service.packets);
    QCOMPARE(services, (QStringList{" 1 3", "domain 1 2", "https 1 2", "ssh 1 18"}));

    const auto detail = readFlow(*analysis, 0);
    QVERIFY(!detail);
    QCOMPARE(detail.error().code, Errc::FlowTable);
}

void FlowTableAnalysisTest::keepsTheTablesWords()
{
    const TestFolder folder;
    const auto analysis = opened(folder, header + rows);
    QVERIFY(analysis);
    const auto words = [&](std::size_t i) {
        return QString("%1 %2 %3")
            .arg(QString::fromStdString(std::string(flowProtocol(*analysis, i))),
                 QString::fromStdString(std::string(flowService(*analysis, i))),
                 QString::fromStdString(std::string(flowStateWord(*analysis, i))));
    };
    QCOMPARE(words(0), QString("tcp ssh SF"));
    QCOMPARE(words(1), QString("tcp https S0")); // by the port
    QCOMPARE(words(2), QString("udp domain SF"));
    QCOMPARE(words(3), QString("icmp  OTH"));
    QVERIFY(analysis->flows.has(0, FlowTable::InitiatorKnown) &&
            analysis->flows.has(0, FlowTable::Established));
    QVERIFY(!analysis->flows.has(1, FlowTable::Established));
    QCOMPARE(analysis->flows.end(0) - analysis->flows.start(0), std::int64_t{5'000'000});
    QCOMPARE(analysis->flows.bytes(0), std::int64_t{1800});
}

void FlowTableAnalysisTest::anIntervalHasTheFlowsThatOverlapIt()
{
    const TestFolder folder;
    const auto analysis = opened(folder, header + rows);
    QVERIFY(analysis);
    const auto some = narrowPackets(*analysis, within(100'000'000, 200'000'000));
    QVERIFY(some);
    QCOMPARE((*some)->totals.flows, std::uint64_t{2});
    QCOMPARE((*some)->totals.tcpPackets, std::uint64_t{18});
    QCOMPARE((*some)->totals.uniqueAddresses, std::uint64_t{2});
    QCOMPARE(countersOf(**some, "10.0.0.1").sentPackets, std::uint64_t{11});
    QCOMPARE(countersOf(**some, "10.0.0.1").receivedPackets, std::uint64_t{9});
    QCOMPARE((*some)->pairs.size(), std::size_t{1});

    // The second begins with an address that the first has as its destination: their order turns.
    const auto later = narrowPackets(*analysis, within(200'000'000, 200'000'000));
    QVERIFY(later);
    QCOMPARE(countersOf(**later, "10.0.0.2").sentBytes, WideSum(60));
    QCOMPARE(countersOf(**later, "10.0.0.2").receivedBytes, WideSum(90));
    const auto none = narrowPackets(*analysis, within(1, 2));
    QVERIFY(none && (*none)->totals.flows == 0 && (*none)->addressStats.inOrder().empty());
    const std::atomic<bool> stop{true};
    QCOMPARE(narrowPackets(*analysis, within(0, 1), &stop).error().code, Errc::Cancelled);
}

void FlowTableAnalysisTest::flowsAreFoundAndSortedByTheirWords()
{
    const TestFolder folder;
    const auto analysis = opened(folder, header + rows);
    QVERIFY(analysis);
    using Flows = std::vector<std::uint32_t>;
    QCOMPARE(found(*analysis, "udp"), Flows{2});
    QCOMPARE(found(*analysis, "https"), Flows{1});
    QCOMPARE(found(*analysis, "s0"), Flows{1});
    QCOMPARE(found(*analysis, "SSH 10.0.0.1"), Flows{0});
    QCOMPARE(sorted(*analysis, FlowColumn::State), (QStringList{"4", "2", "1", "3"}));
    QCOMPARE(sorted(*analysis, FlowColumn::Protocol), (QStringList{"4", "1", "2", "3"}));
    QCOMPARE(sorted(*analysis, FlowColumn::Service), (QStringList{"4", "3", "2", "1"}));
    QCOMPARE(sorted(*analysis, FlowColumn::Service, true), (QStringList{"1", "2", "3", "4"}));
}

void FlowTableAnalysisTest::rejectedRowsAreTold()
{
    const TestFolder folder;
    const auto analysis = opened(folder, header + rows + "oops\n" + rows.substr(0, 20));
    QVERIFY(analysis);
    const RunTotals& totals = analysis->totals;
    QCOMPARE(totals.rows, (RowCounts{.read = 6, .kept = 4, .filtered = 0, .rejected = 2}));
    QCOMPARE(totals.rejectedBy[std::size_t(RejectReason::TooFewFields)], std::uint64_t{2});
    QCOMPARE(totals.firstRejected.size(), std::size_t{2});
    QCOMPARE(totals.firstRejected[0].line, std::uint64_t{9});
    QCOMPARE(totals.firstRejected[0].raw, std::string("oops"));
    QCOMPARE(opened(folder, header)->totals.warnings.front().kind, Warning::Kind::NothingKept);
}

void FlowTableAnalysisTest::saysWhatHadToBeAssumed()
{
    const TestFolder folder;
    const auto analysis =
        opened(folder, "StartTime,Proto,SrcAddr,Sport,DstAddr,Dport,TotPkts,TotBytes,State\n"
                       "13:23:35.5,tcp,10.0.0.1,1,10.0.0.2,2,7,700,FIN\n");
    QVERIFY(analysis);
    std::vector<Warning::Kind> kinds;
    for (const auto& warning : analysis->totals.warnings)
        kinds.push_back(warning.kind);
    QCOMPARE(kinds, (std::vector{Warning::Kind::TimesWithoutDate, Warning::Kind::NoDirections,
                                 Warning::Kind::TimesWithoutZone}));
    // Both ends are there all the same; who sent what is not known.
    QCOMPARE(analysis->packets(), std::uint64_t{7});
    QCOMPARE(analysis->addressStats.inOrder().size(), std::size_t{2});
    QCOMPARE(countersOf(*analysis, "10.0.0.1").sentPackets, std::uint64_t{0});
    QCOMPARE(countersOf(*analysis, "10.0.0.1").firstTimestamp, std::int64_t{48'215'500'000});
    QVERIFY(opened(folder, header + rows)->totals.warnings.empty());
}

// A record without packets must not be taken for one that is kept elsewhere, whatever its duration.
void FlowTableAnalysisTest::flowsWithoutPacketsCountToo()
{
    const TestFolder folder;
    const auto bare = [](const std::string& start, const std::string& duration, const std::string& to) {
        return start + "\t10.0.0.1\t1\t" + to + "\t2\ttcp\t-\t" + duration + "\tS0\t-\t-\t-\t-\n";
    };
    std::string text = header;
    for (int hours = 0; hours < 30; ++hours) // 2^32 microseconds are 71 minutes
        text += bare("1000", std::to_string(hours * 3600), "10.0.1." + std::to_string(hours));
    text += bare("500", "1", "10.0.1.0");
    const auto analysis = opened(folder, text);
    QVERIFY(analysis);
    QCOMPARE(analysis->addressStats.inOrder().size(), std::size_t{31});
    QCOMPARE(analysis->pairs.size(), std::size_t{30});
    for (int hours = 1; hours < 30; ++hours) {
        const auto counters = countersOf(*analysis, "10.0.1." + std::to_string(hours));
        QCOMPARE(counters.firstTimestamp, std::int64_t{1'000'000'000});
        QCOMPARE(counters.lastTimestamp, 1'000'000'000 + std::int64_t{hours} * 3'600'000'000);
        QCOMPARE(counters.sentPackets + counters.receivedPackets, std::uint64_t{0});
    }
    QCOMPARE(countersOf(*analysis, "10.0.1.0").firstTimestamp, std::int64_t{500'000'000});
    QCOMPARE(countersOf(*analysis, "10.0.0.1").firstTimestamp, std::int64_t{500'000'000});

    TrafficRecord record;
    const Traffic longest{{0, 0}, {}, 0, (std::int64_t{16} << 32) - 1};
    QVERIFY(!record.put(longest) && !record.isWide());
}

void FlowTableAnalysisTest::isNoCapture()
{
    const TestFolder folder;
    const auto file = folder.write("conn.log", header + rows);
    const auto facts = inspectCapture({.file = file});
    QVERIFY(!facts);
    QCOMPARE(facts.error().code, Errc::FlowTable);
    QCOMPARE(facts.error().detail, std::string("Zeek conn.log"));
    Options options;
    options.inputs = {file};
    const auto converted = convert(options, folder / "out", goOn);
    QVERIFY(!converted);
    QCOMPARE(converted.error().code, Errc::FlowTable);
    QCOMPARE(converted.error().stage, Stage::Prepare);
    QCOMPARE(folder.names(), std::vector<std::string>{"conn.log"});
}

void FlowTableAnalysisTest::saysWhyItCannotBeOpened()
{
    const TestFolder folder;
    const auto code = [](const std::filesystem::path& path) {
        return openFlowTable(path, goOn).error().code;
    };
    QCOMPARE(code(folder / "none"), Errc::Open);
    QCOMPARE(code(folder.path()), Errc::IsDirectory);
    QCOMPARE(code(folder.write("in.csv", conversations(3))), Errc::NotAFlowTable);
    QCOMPARE(code(folder.write("empty", "")), Errc::NotAFlowTable);
    QVERIFY(!flowTableFormatOf(folder / "none") && !flowTableFormatOf(folder.path()));
}

void FlowTableAnalysisTest::canBeStopped()
{
    const TestFolder folder;
    std::string text = header;
    for (int i = 0; i < 3000; ++i)
        text += rows;
    const auto file = folder.write("conn.log", text);
    QCOMPARE(openFlowTable(file, [](const Progress&) { return false; }).error().code, Errc::Cancelled);
    QCOMPARE(openFlowTable(file, goOn, 1).error().code, Errc::MemoryLimit);
}

QTEST_GUILESS_MAIN(FlowTableAnalysisTest)
#include "flow_table_analysis_test.moc"
