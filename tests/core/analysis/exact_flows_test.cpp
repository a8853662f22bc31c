// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/exact_flows.h"

#include "core/analysis/analyze.h"
#include "core/analysis/exact_analysis.h"
#include "core/analysis/flow_members.h"
#include "core/analysis/flow_query.h"
#include "core/analysis/row_flows.h"
#include "tests/support/capture_text.h"
#include "tests/support/filter_of.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <atomic>
#include <map>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// The exact engine's flows of whole captures.
class ExactFlowsTest : public QObject
{
    Q_OBJECT
private slots:
    void orderThreadsAndFilesChangeNothing();
    void rowsBelongToTheirFlows();
    void otherRulesMakeOthers();
    void figuresAreAskedAndSorted();
    void eachSideIsAskedAndSorted();
    void stops();
    void aRunIsStopped_data();
    void aRunIsStopped();

private:
    const TestFolder folder_;
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

/// Rows of many conversations that go on at the same time; some SYNs are not answered, some ports are used
/// again.
std::vector<std::string> manyRows()
{
    std::mt19937_64 random(4); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    std::vector<std::pair<std::int64_t, std::string>> rows;
    for (int i = 0; i < 400; ++i) {
        const std::int64_t start = captureStart + static_cast<std::int64_t>(random() % 200'000'000);
        const std::string from = "10.0.0." + std::to_string(random() % 6), to = "10.9.0.1";
        const auto sequence = static_cast<std::int64_t>(random() % 1'000'000'000);
        const auto row = [&](std::int64_t after, bool answer, int flags, std::int64_t seq, std::int64_t ack,
                             int length) {
            auto text =
                captureRow(start + after, answer ? to : from, answer ? from : to, flags, seq, ack, length);
            if (constexpr std::string_view ports = ",40000,80,"; answer)
                text.replace(text.find(ports), ports.size(), ",80,40000,");
            rows.emplace_back(start + after, text);
        };
        row(0, false, TcpFlags::syn, sequence, 0, 60);
        if (i % 5 == 0)
            continue;
        row(1'000, true, TcpFlags::syn | TcpFlags::ack, 7, sequence + 1, 60);
        row(2'000, false, TcpFlags::ack, sequence + 1, 8, 60);
        for (int data = 0; data < i % 7; ++data)
            row(3'000 + data * 100, false, TcpFlags::ack | TcpFlags::psh, sequence + 1 + data * 100, 8, 154);
        if (i % 3 == 0)
            row(50'000, true, TcpFlags::rst, 8, 0, 60);
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    std::vector<std::string> texts;
    for (const auto& [time, text] : rows)
        texts.push_back(text);
    return texts;
}

std::shared_ptr<const CaptureAnalysis> analyzed(Options options)
{
    auto made = analyze(options, goOn, Depth::Flows);
    if (!made)
        qFatal("the rows cannot be analyzed");
    return *made;
}

/// Without what depends on the order of rows: their numbers, and those of addresses.
QStringList told(const Analysis& analysis, const ExactFlows& flows)
{
    QStringList lines;
    for (std::size_t i = 0; i < flows.size(); ++i) {
        const ExactFlow flow = flows.flow(i);
        const auto end = [&](const Endpoint& e) {
            const auto text = analysis.addresses.text(e.address);
            return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())) + QLatin1Char(':') +
                   QString::number(e.port);
        };
        lines << QStringLiteral("%1 %2 > %3 %4 %5 %6 %7/%8 %9")
                     .arg(flow.start)
                     .arg(end(flow.originatorEnd()), end(flow.responderEnd()))
                     .arg(QString::fromStdString(std::string(connStateName(flow.state))),
                          QString::fromStdString(std::string(flow.history)))
                     .arg(flow.lastPacket)
                     .arg(flow.sides[0].packets)
                     .arg(flow.sides[1].packets)
                     .arg(int(flow.ending));
    }
    return lines;
}

QStringList told(const Analysis& analysis, unsigned threads = 1)
{
    const auto flows = exactFlowsOf(analysis, {}, threads);
    return flows ? told(analysis, **flows) : QStringList("an error");
}

} // namespace

void ExactFlowsTest::orderThreadsAndFilesChangeNothing()
{
    const auto rows = manyRows();
    const auto write = [&](const char* name, auto begin, auto end) {
        std::string text = captureHeader();
        for (; begin != end; ++begin)
            text += *begin;
        return folder_.write(name, text);
    };
    Options options;
    options.temporaryFolder = folder_.path();
    options.inputs = {write("all.csv", rows.begin(), rows.end())};
    const auto all = analyzed(options);
    const auto wanted = told(*all);
    QVERIFY(wanted.size() >= 400);
    for (const unsigned threads : {2u, 3u, 8u})
        QCOMPARE(told(*analyzed(options), threads), wanted);
    options.blockSize = 4'096;
    options.readChunkRows = 100;
    QCOMPARE(told(*analyzed(options)), wanted);
    options = {};
    options.temporaryFolder = folder_.path();
    const auto third = static_cast<std::ptrdiff_t>(rows.size() / 3);
    const auto a = write("a.csv", rows.begin(), rows.begin() + third);
    const auto b = write("b.csv", rows.begin() + third, rows.begin() + 2 * third);
    const auto c = write("c.csv", rows.begin() + 2 * third, rows.end());
    options.inputs = {a, b, c};
    QCOMPARE(told(*analyzed(options)), wanted);
    options.inputs = {c, a, b}; // sorted by time first
    QCOMPARE(told(*analyzed(options)), wanted);
    auto shuffled = rows;
    std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937_64(11)); // NOLINT(cert-msc51-cpp)
    options.inputs = {write("shuffled.csv", shuffled.begin(), shuffled.end())};
    const auto disordered = analyzed(options);
    QVERIFY(!disordered->spool.inOrder());
    QCOMPARE(told(*disordered), wanted);
}

void ExactFlowsTest::rowsBelongToTheirFlows()
{
    auto rows = manyRows();
    std::string text = captureHeader();
    for (const auto& row : rows)
        text += row;
    Options options;
    options.temporaryFolder = folder_.path();
    options.inputs = {folder_.write("rows.csv", text)};
    auto made = analyze(options, goOn, Depth::Flows);
    QVERIFY(bool(made));
    // nobody else has seen it
    auto& analysis = const_cast<CaptureAnalysis&>(**made);
    QVERIFY(bool(tellExactFlows(analysis, {})));
    QVERIFY(analysis.exact);
    QCOMPARE(analysis.flows.size(), analysis.exact->size());
    const auto rowFlows = rowFlowsOf(analysis);
    QVERIFY(bool(rowFlows));
    std::vector<std::uint32_t> flows(rows.size());
    QVERIFY(bool((*rowFlows)->read(0, flows)));
    std::vector<std::uint64_t> packets(analysis.flows.size());
    for (const std::uint32_t flow : flows) {
        QVERIFY(flow < packets.size());
        ++packets[flow];
    }
    std::uint64_t unanswered = 0;
    for (std::size_t i = 0; i < packets.size(); ++i) {
        QCOMPARE(packets[i], analysis.flows.packets(i));
        const ExactFlow flow = analysis.exact->flow(i);
        unanswered += flow.state == ConnState::S0 ? 1 : 0;
        QCOMPARE(analysis.flows.number(i), std::uint64_t{i + 1});
        QCOMPARE(analysis.flows.start(i), flow.start);
    }
    QVERIFY(unanswered > 0);
    // only those that are wanted have members
    std::vector<std::uint8_t> wanted(analysis.flows.size());
    wanted[3] = 1;
    const FlowMembers some(*analysis.exact, &wanted);
    std::uint64_t row = 0, members = 0;
    QVERIFY(bool(analysis.spool.forEach({}, [&](const SpooledPacket& packet) {
        const auto flow = some.flowOf(packet.packet, packet.extras, row++);
        members += flow == 3 ? 1 : 0;
        return flow == 3 || flow == FlowMembers::none;
    })));
    QCOMPARE(members, packets[3]);
}

void ExactFlowsTest::otherRulesMakeOthers()
{
    Options options;
    options.temporaryFolder = folder_.path();
    const auto at = [](std::int64_t seconds, int flags) {
        return captureRow(captureStart + seconds * 1'000'000, "10.0.0.1", "10.0.0.2", flags);
    };
    options.inputs = {folder_.write("quiet.csv", captureHeader() + at(0, TcpFlags::ack) +
                                                     at(100, TcpFlags::ack) + at(500, TcpFlags::ack))};
    const auto analysis = analyzed(options);
    const auto flows = [&](const ExactRules& rules) { return (*exactFlowsOf(*analysis, rules))->size(); };
    QCOMPARE(flows({}), std::size_t{2});
    ExactRules patient;
    patient.tcpInactivity = 400 * ExactRules::second;
    QCOMPARE(flows(patient), std::size_t{1});
    ExactRules hasty;
    hasty.tcpInactivity = 99 * ExactRules::second;
    QCOMPARE(flows(hasty), std::size_t{3});
    QCOMPARE(flows({}), std::size_t{2});
}

void ExactFlowsTest::figuresAreAskedAndSorted()
{
    std::string text = captureHeader();
    for (const auto& row : manyRows())
        text += row;
    Options options;
    options.temporaryFolder = folder_.path();
    options.inputs = {folder_.write("figures.csv", text)};
    auto made = analyze(options, goOn, Depth::Flows);
    QVERIFY(bool(made));
    auto& analysis = const_cast<CaptureAnalysis&>(**made);
    const auto asked = [&](const char* filter) {
        FlowQuery query;
        query.narrowing.filter = filterOf(filter);
        query.sort = {{columnOf(FlowFigure::HandshakeTime), true}};
        return selectFlows(analysis, query);
    };
    const auto refused = asked("handshake_rtt > 1ms");
    QVERIFY(!refused); // the reference does not tell it
    QCOMPARE(refused.error().code, Errc::NotExact);
    QCOMPARE(QString::fromStdString(refused.error().detail), QStringLiteral("handshake_rtt"));
    QVERIFY(bool(tellExactFlows(analysis, {})));
    const auto some = asked("handshake_rtt == 2ms");
    QVERIFY(bool(some));
    QVERIFY(!some->empty());
    for (const std::uint32_t i : *some) {
        const ExactFlow flow = analysis.exact->flow(i);
        QCOMPARE(*flow.synToSynAck + *flow.synAckToAck, std::int64_t{2'000});
    }
    const auto words = asked("history contains \"R\" or state == S0");
    QVERIFY(bool(words));
    std::size_t wanted = 0;
    for (std::size_t i = 0; i < analysis.exact->size(); ++i) {
        const ExactFlow flow = analysis.exact->flow(i);
        // words are compared without regard to case
        wanted += flow.history.find_first_of("Rr") != std::string_view::npos || flow.state == ConnState::S0
                      ? 1u
                      : 0u;
    }
    QCOMPARE(words->size(), wanted);
    QVERIFY(asked("retransmissions >= 0")->empty()); // a table of packets does not tell them
    QVERIFY(!asked("end_reason == attempt")->empty());
}

// Connections whose originators send one segment again, and whose responders send that many of them again.
void ExactFlowsTest::eachSideIsAskedAndSorted()
{
    PcapFile pcap;
    constexpr unsigned connections = 5;
    for (unsigned i = 0; i < connections; ++i) {
        std::uint32_t time = 0;
        const auto add = [&](bool forward, unsigned flags, std::uint32_t sequence, std::uint32_t acknowledged,
                             const std::string& payload = {}) {
            Tcp header{.sequence = sequence, .acknowledgment = acknowledged, .flags = flags};
            header.sourcePort = forward ? 40000 + i : 80;
            header.destinationPort = forward ? 80 : 40000 + i;
            Ip ip{.source = forward ? "10.0.0.1" : "10.0.0.2",
                  .destination = forward ? "10.0.0.2" : "10.0.0.1"};
            pcap.add(1'257'254'615 + i, 20'000 * time++, ethernet(0x0800, ipv4(ip, tcp(header, payload))));
        };
        add(true, 0x02, 100, 0);
        add(false, 0x12, 500, 101);
        add(true, 0x10, 101, 501);
        add(true, 0x18, 101, 501, "request");
        add(true, 0x18, 101, 501, "request");
        add(false, 0x10, 501, 108);
        for (unsigned answer = 0; answer < i + 1; ++answer)
            add(false, 0x18, 501, 108, "answer");
        add(true, 0x10, 108, 507);
    }
    Options options;
    options.temporaryFolder = folder_.path();
    options.inputs = {folder_.write("sides.pcap", pcap.bytes())};
    options.flowsBy = FlowsBy::Exact;
    const auto made = analyze(options, goOn, Depth::Flows);
    QVERIFY(bool(made));
    const auto asked = [&](const char* filter) {
        FlowQuery query;
        query.narrowing.filter = filterOf(filter);
        query.sort = {{columnOf(FlowFigure::ResponderRetransmissions), true}};
        const auto rows = selectFlows(**made, query);
        return rows ? *rows : std::vector<std::uint32_t>{};
    };
    using Rows = std::vector<std::uint32_t>;
    QCOMPARE(asked("retransmissions >= 1"), (Rows{4, 3, 2, 1, 0}));
    QCOMPARE(asked("orig_retransmissions == 1"), (Rows{4, 3, 2, 1, 0}));
    QCOMPARE(asked("orig_retransmissions > 1"), Rows());
    QCOMPARE(asked("flow.resp_retransmissions >= 2"), (Rows{4, 3, 2}));
    QCOMPARE(asked("retransmissions == 1 and resp_retransmissions == 0"), (Rows{0}));
    QCOMPARE(asked("resp_retransmission_share == 500"), (Rows{1}));
    QCOMPARE(asked("orig_payload == 14 and orig_goodput == 7 and resp_payload == 18"), (Rows{2}));
}

void ExactFlowsTest::stops()
{
    Options options;
    options.temporaryFolder = folder_.path();
    options.inputs = {folder_.write("stop.csv", conversations(50))};
    const auto analysis = analyzed(options);
    const std::atomic<bool> stop{true};
    const auto flows = exactFlowsOf(*analysis, {}, 2, &stop);
    QVERIFY(!flows);
    QCOMPARE(flows.error().code, Errc::Cancelled);
    QVERIFY(bool(exactFlowsOf(*analysis))); // they can be asked for again
}

void ExactFlowsTest::aRunIsStopped_data()
{
    QTest::addColumn<int>("depth");
    QTest::newRow("counts") << static_cast<int>(Depth::Counts);
    QTest::newRow("flows alone") << static_cast<int>(Depth::ExactFlows);
    QTest::newRow("all that is shown") << static_cast<int>(Depth::Flows);
}

// While shards are at work, which nobody waits for: what they have is nobody's then.
void ExactFlowsTest::aRunIsStopped()
{
    QFETCH(int, depth);
    Options options;
    options.inputs = {folder_.write("stopped.csv", conversations(20'000))};
    options.flowsBy = FlowsBy::Exact;
    options.threads = 4;
    options.blockSize = 1 << 16;
    int stops = 0;
    for (const int beats : {0, 1, 2, 3, 5}) {
        int left = beats;
        const auto made = analyze(
            options, [&](const Progress&) { return left-- > 0; }, static_cast<Depth>(depth));
        if (made)
            continue; // it was quicker
        QCOMPARE(made.error().code, Errc::Cancelled);
        ++stops;
    }
    QVERIFY(stops > 0);
    QVERIFY(bool(analyze(options, goOn, static_cast<Depth>(depth))));
}

QTEST_APPLESS_MAIN(ExactFlowsTest)
#include "exact_flows_test.moc"
