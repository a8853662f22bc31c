// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/analysis/engine_comparison.h"
#include "core/analysis/engine_judgement.h"
#include "tests/support/capture_text.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <map>
#include <sstream>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// Where the two engines tell flows otherwise: a capture for each difference.
class EngineComparisonTest : public QObject
{
    Q_OBJECT

private slots:
    void aCaptureOfEach_data();
    void aCaptureOfEach();
    void headersThatAreCut();
    void everyFlowIsInOneCase();
    void theSameOutOfOrder();
    void theSameWhoeverTellsOfTheFlows();
    void whatNoCaptureMakes();
    void namesAreDifferent();
    void stops();
};

namespace {

constexpr auto goOn = [](const Progress&) { return true; };
using Counts =
    std::map<std::string, std::vector<std::uint64_t>>; ///< cases, flows of the reference, of the exact

/// Packets of 10.0.0.1:40000 (>) and 10.0.0.2:80 (<), one a line: the time in milliseconds, who sends, flags,
/// sequence and acknowledgment number, bytes of payload.
std::string capture(const QString& lines, unsigned clientPort = 40000)
{
    PcapFile pcap;
    for (const auto& line : lines.split(';', Qt::SkipEmptyParts)) {
        const auto words = line.simplified().split(' ');
        unsigned flags = 0;
        for (const QChar flag : words[2])
            flags |= 1u << QStringLiteral("FSRPA").indexOf(flag);
        const bool forward = words[1] == QStringLiteral(">");
        const Tcp header{.sourcePort = forward ? clientPort : 80u,
                         .destinationPort = forward ? 80u : clientPort,
                         .sequence = words[3].toUInt(),
                         .acknowledgment = words[4].toUInt(),
                         .flags = flags};
        const Ip ip{.source = forward ? "10.0.0.1" : "10.0.0.2",
                    .destination = forward ? "10.0.0.2" : "10.0.0.1"};
        const std::string payload(words.size() > 5 ? words[5].toUInt() : 0, 'x');
        const auto time = words[0].toUInt();
        pcap.add(1'000'000 + time / 1000, time % 1000 * 1000,
                 ethernet(0x0800, ipv4(ip, tcp(header, payload))));
    }
    return pcap.bytes();
}

Options of(const std::filesystem::path& input)
{
    Options options;
    options.inputs = {input};
    options.threads = 1;
    return options;
}

std::shared_ptr<const CaptureAnalysis> analyzed(const Options& options)
{
    auto analysis = analyze(options, goOn, Depth::Flows);
    if (!analysis)
        qFatal("analysis: %s", analysis.error().detail.c_str());
    return *std::move(analysis);
}

ComparedEngines compared(const Options& options)
{
    auto found = compareEngines(analyzed(options));
    if (!found)
        qFatal("comparison: %s", found.error().detail.c_str());
    return *std::move(found);
}

Counts countsOf(const EngineComparison& comparison)
{
    Counts found;
    const auto add = [&](std::string_view name, const EngineCounts& counts) {
        if (counts.cases > 0)
            found[std::string(name)] = {counts.cases, counts.reference, counts.exact};
    };
    add("agree", comparison.agree());
    for (std::size_t i = 0; i < engineDifferenceCount; ++i)
        add(engineDifferenceName(static_cast<EngineDifference>(i)),
            comparison.counts(static_cast<EngineDifference>(i)));
    return found;
}

std::string textOf(const Counts& counts)
{
    std::ostringstream out;
    for (const auto& [name, numbers] : counts)
        out << name << ' ' << numbers[0] << ' ' << numbers[1] << ' ' << numbers[2] << "; ";
    return out.str();
}

const QString handshake = QStringLiteral("0 > S 100 0; 1 < SA 500 101; 2 > A 101 501;");
const QString closing = QStringLiteral("10 > FA 101 501; 11 < FA 501 102; 12 > A 102 502;");

} // namespace

void EngineComparisonTest::aCaptureOfEach_data()
{
    QTest::addColumn<QString>("lines");
    QTest::addColumn<int>("chunk"); ///< rows of a read chunk
    QTest::addColumn<QString>("expected");
    const auto row = [](const char* name, const QString& lines, const char* expected, int chunk = 1000) {
        QTest::newRow(name) << lines << chunk << QString(expected);
    };
    row("a whole connection", handshake + closing, "agree 1 1 1; ");
    row("a SYN without an answer", "0 > S 100 0", "agree 1 1 1; ");
    row("rejected", "0 > S 100 0; 1 < RA 0 101", "agree 1 1 1; ");
    row("reset", handshake + "5 > PA 101 501 10; 6 < R 501 0", "agree 1 1 1; ");
    row("open", handshake + "5 > PA 101 501 10; 6 < A 501 111", "agree 1 1 1; ");
    row("midstream", "0 > PA 101 501 10; 1 < A 501 111", "agree 1 1 1; ");
    row("a SYN that comes again", "0 > S 100 0; 1000 > S 100 0; 1001 < SA 500 101; 1002 > A 101 501",
        "agree 1 1 1; ");

    row("SYN with another number", "0 > S 100 0; 1000 > S 200 0; 1001 < SA 500 201; 1002 > A 201 501",
        "syn_with_another_number 1 1 2; ");
    row("number wraps", "0 > S 4294967295 0; 1 < SA 500 0; 2 > A 0 501", "number_wraps 1 1 1; ");
    row("handshake out of order", "0 < SA 500 101; 1 > S 100 0; 2 > PA 101 501 10; 3 < PA 501 111 10",
        "handshake_out_of_order 1 1 1; ");
    row("ACK out of place", "0 > S 100 0; 1 < SA 500 101; 2 > PA 101 501 10; 3 < A 501 111",
        "ack_out_of_place 1 1 1; ");
    row("ACK with data", "0 > S 100 0; 1 < SA 500 101; 2 > PA 101 501 10; 3 < PA 501 111 10",
        "ack_with_data 1 1 1; ");
    row("reset after an unseen handshake", "0 > S 100 0; 1 < SA 500 101; 2 > PA 101 501 10; 3 < R 501 0",
        "reset_in_handshake 1 1 1; ");
    row("never established", "0 > S 100 0; 1 > F 101 0", "never_established 1 1 1; ");
    row("closed by one side", handshake + "10 > FA 101 501; 11 < A 501 102", "half_closed 1 1 1; ");
    row("FIN and RST", handshake + closing + "13 < R 502 0", "reset_with_close 1 1 1; ");
    row("beginning not captured", "0 > R 501 0", "begin_missed 1 1 1; ");

    row("late packets", handshake + closing + "1000 < FA 501 102; 1001 > A 102 502", "late_packets 1 2 1; ",
        6);
    row("split at a read chunk",
        handshake + "10 > FA 101 501; 11 < A 501 102; 12 < PA 501 102 10; 13 < FA 511 102",
        "read_chunk 1 2 1; ", 4);
    row("ends used again",
        handshake + closing + "20000 > S 9000 0; 20001 < SA 7000 9001; 20002 > A 9001 7001",
        "port_reuse 1 1 2; ");
    row("long after the close", handshake + closing + "20000 < A 502 102", "after_linger 1 1 2; ");
    row("inactivity at its time", handshake + "400000 > PA 101 501 10; 400001 < A 501 111",
        "exact_inactivity 1 1 2; ");
    row("attempt ended", "0 > S 100 0; 20000 > S 100 0", "attempt_ended 1 1 2; ");
    row("several",
        handshake + closing +
            "20000 > S 9000 0; 20001 < SA 7000 9001; 20002 > A 9001 7001; 20003 > FA 9001 7001; "
            "20004 < FA 7001 9002",
        "several 1 2 2; ", 10);
}

void EngineComparisonTest::aCaptureOfEach()
{
    QFETCH(QString, lines);
    QFETCH(int, chunk);
    QFETCH(QString, expected);
    const TestFolder folder;
    auto options = of(folder.write("in.pcap", capture(lines)));
    options.readChunkRows = chunk;
    QCOMPARE(QString::fromStdString(textOf(countsOf(*compared(options).comparison))), expected);
}

void EngineComparisonTest::headersThatAreCut()
{
    const TestFolder folder;
    const auto frame = [](unsigned port) {
        return ethernet(0x0800, ipv4({}, tcp({.sourcePort = port, .flags = 2})));
    };
    constexpr std::size_t withPorts = 14 + 20 + 8;
    PcapFile pcap;
    pcap.add(1, 0, frame(40000));
    pcap.add(1, 1000, frame(40000).substr(0, withPorts), 54); // of that flow
    pcap.add(1, 2000, frame(40001).substr(0, withPorts), 54); // one by itself
    pcap.add(1, 3000, frame(0));
    const auto found = compared(of(folder.write("in.pcap", pcap.bytes())));
    QCOMPARE(QString::fromStdString(textOf(countsOf(*found.comparison))),
             QString("exact_only 1 0 1; left_out 1 1 1; reference_only 1 1 0; "));
}

// Ended by the reference alone, for the exact engine is told to wait longer; and many of all kinds at once.
void EngineComparisonTest::everyFlowIsInOneCase()
{
    const TestFolder folder;
    std::vector<std::filesystem::path> inputs;
    const QStringList kinds{
        handshake + closing,
        QStringLiteral("0 > S 100 0; 1000 > S 200 0; 1001 < SA 500 201; 1002 > A 201 501"),
        handshake + closing + QStringLiteral("20000 < A 502 102"),
        handshake + QStringLiteral("400000 > PA 101 501 10")};
    for (unsigned i = 0; i < 40; ++i)
        inputs.push_back(folder.write("in" + std::to_string(i) + ".pcap",
                                      capture(kinds[static_cast<int>(i) % kinds.size()], 40000 + i)));
    auto options = of(inputs.front());
    options.inputs = inputs;
    const auto found = compared(options);
    const auto all = countsOf(*found.comparison);
    QCOMPARE(QString::fromStdString(textOf(all)),
             QString("after_linger 10 10 20; agree 10 10 10; exact_inactivity 10 10 20; "
                     "syn_with_another_number 10 10 20; "));
    std::vector<std::uint32_t> reference, exact;
    for (std::size_t i = 0; i < engineDifferenceCount; ++i) {
        const auto difference = static_cast<EngineDifference>(i);
        for (std::size_t j = 0; j < found.comparison->cases(difference); ++j) {
            const auto one = found.comparison->at(difference, j);
            QCOMPARE(one.why, difference);
            reference.insert(reference.end(), one.reference.begin(), one.reference.end());
            exact.insert(exact.end(), one.exact.begin(), one.exact.end());
            for (const auto flow : one.exact)
                QVERIFY(found.exact->flow(flow).key == found.reference->key(one.reference.front()));
        }
    }
    std::sort(reference.begin(), reference.end());
    QVERIFY(std::adjacent_find(reference.begin(), reference.end()) == reference.end());
    QCOMPARE(reference.size(), 30u);
    QCOMPARE(exact.size(), 60u);
    const auto late = found.comparison->referenceFlows(EngineDifference::AfterLinger);
    QCOMPARE(late.size(), 10u);
    QVERIFY(std::is_sorted(late.begin(), late.end()));

    options.inputs = {inputs[3]};
    options.readChunkRows = 3;
    options.exact.tcpInactivity = 1000 * ExactRules::second;
    // The newest time of a chunk must be that of another flow.
    const auto other =
        folder.write("other.pcap", capture("350000 > S 1 0; 350001 > S 1 0; 350002 > S 1 0", 50000));
    const auto first = folder.write("first.pcap", capture(handshake));
    const auto last = folder.write("last.pcap", capture("360000 > PA 101 501 10; 360001 < A 501 111"));
    options.inputs = {first, other, last};
    const auto counts = countsOf(*compared(options).comparison);
    QVERIFY2(counts.contains("reference_inactivity"), textOf(counts).c_str());
}

// The packets are the same, their order in the file is not.
void EngineComparisonTest::theSameOutOfOrder()
{
    const TestFolder folder;
    const auto late = capture("20000 > S 9000 0; 20001 < SA 7000 9001; 20002 > A 9001 7001");
    auto options = of({});
    options.inputs = {folder.write("late.pcap", late),
                      folder.write("early.pcap", capture(handshake + closing))};
    auto found = compared(options);
    // The flow of the first file is open yet when the second one begins.
    QCOMPARE(QString::fromStdString(textOf(countsOf(*found.comparison))), QString("port_reuse 1 1 2; "));
    std::swap(options.inputs[0], options.inputs[1]);
    found = compared(options);
    QCOMPARE(QString::fromStdString(textOf(countsOf(*found.comparison))), QString("agree 2 2 2; "));
}

// Where the exact engine tells of the flows, those of the reference are made out of the spool.
void EngineComparisonTest::theSameWhoeverTellsOfTheFlows()
{
    const TestFolder folder;
    auto options = of(folder.write("in.pcap", capture(handshake + closing +
                                                      "1000 < FA 501 102; 1001 > A 102 502; "
                                                      "20000 > S 9000 0; 40000 > S 9000 0")));
    options.readChunkRows = 6;
    const auto first = compared(options);
    QVERIFY(first.ofReference);
    options.flowsBy = FlowsBy::Exact;
    const auto analysis = analyzed(options);
    const auto second = compareEngines(analysis);
    QVERIFY(second);
    QVERIFY(!second->ofReference);
    QCOMPARE(second->exact, analysis->exact);
    QCOMPARE(QString::fromStdString(textOf(countsOf(*second->comparison))),
             QString::fromStdString(textOf(countsOf(*first.comparison))));
    QCOMPARE(second->reference->size(), first.reference->size());
    for (std::size_t i = 0; i < first.reference->size(); ++i) {
        QVERIFY(second->reference->key(i) == first.reference->key(i));
        QCOMPARE(second->reference->number(i), first.reference->number(i));
        QCOMPARE(second->reference->packets(i), first.reference->packets(i));
        QCOMPARE(second->reference->outcome(i), first.reference->outcome(i));
        QCOMPARE(second->reference->lastRow(i), first.reference->lastRow(i));
    }
}

void EngineComparisonTest::whatNoCaptureMakes()
{
    FlowTable flows;
    for (const auto type : {CloseType::Graceful, CloseType::Open}) {
        FlowTable::Recorded recorded;
        recorded.closeType = type;
        recorded.packets = 3;
        flows.add(recorded);
    }
    FlowTable::Recorded invalid;
    invalid.closeType = CloseType::Invalid;
    invalid.invalidReason = InvalidReason::IncompleteNoAck;
    invalid.source = {AddressId{1}, 1};
    invalid.destination = {AddressId{2}, 2};
    invalid.marks = FlowTable::InitiatorKnown;
    invalid.packets = 3;
    flows.add(invalid);
    std::vector<ReferenceFacts> facts(3);
    facts[2].marks = ReferenceFacts::Syn | ReferenceFacts::SynAck | ReferenceFacts::SynAckFirst;
    const EngineJudgement judgement{flows, facts};
    ExactFlow flow;
    flow.sides[0].packets = 3;
    flow.state = ConnState::S0;
    const auto why = [&](std::vector<std::uint32_t> reference, std::vector<ExactFlow> exact) {
        return judgement.difference(
            reference, exact.size(), [&](std::size_t i) { return exact[i]; }, 3);
    };
    QCOMPARE(why({0}, {flow}), EngineDifference::Other);
    QCOMPARE(why({1}, {flow}), EngineDifference::Other);
    QCOMPARE(why({0, 1}, {flow}), EngineDifference::Other);    // nothing ended the first
    QCOMPARE(why({0}, {flow, flow}), EngineDifference::Other); // it was open when the capture ended
    QCOMPARE(why({}, {flow}), EngineDifference::ExactOnly);
    flow.key = {{AddressId{1}, 1}, {AddressId{2}, 2}};
    QCOMPARE(why({}, {flow}), EngineDifference::Other);
    flow.state = ConnState::SF;
    QVERIFY(!why({0}, {flow}));
    flow.completeness = SeenSyn | SeenSynAck | SeenData;
    QCOMPARE(why({2}, {flow}), EngineDifference::HandshakeOutOfOrder);
    flow.completeness = SeenSyn | SeenSynAck;
    flow.state = ConnState::S1;
    QVERIFY(!why({2}, {flow}));
    flow.originatorIsHigh = true;
    QCOMPARE(why({2}, {flow}), EngineDifference::Direction);
    flow.sides[0].packets = 4;
    QCOMPARE(why({0}, {flow}), EngineDifference::Other);
}

void EngineComparisonTest::namesAreDifferent()
{
    std::map<std::string_view, int> names;
    for (std::size_t i = 0; i < engineDifferenceCount; ++i)
        ++names[engineDifferenceName(static_cast<EngineDifference>(i))];
    QCOMPARE(names.size(), engineDifferenceCount);
    QVERIFY(!names.contains(""));
}

void EngineComparisonTest::stops()
{
    const TestFolder folder;
    const auto found = compared(of(folder.write("in.csv", conversations(100))));
    QCOMPARE(found.comparison->agree().cases, 100u);
    QCOMPARE(found.comparison->agree().packets, 600u);
    const std::atomic<bool> stop{true};
    const auto stopped = compareEngines(analyzed(of(folder / "in.csv")), &stop);
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, Errc::Cancelled);
}

QTEST_GUILESS_MAIN(EngineComparisonTest)
#include "engine_comparison_test.moc"
