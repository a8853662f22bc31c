// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/row_flows.h"

#include "core/analysis/analyze.h"
#include "core/analysis/open_dataset.h"
#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/generator/generator.h"
#include "tests/support/golden_rows.h"
#include "tests/support/test_folder.h"

#include <QDir>
#include <QTest>
#include <algorithm>
#include <atomic>
#include <map>
#include <tuple>

using namespace packetloom;
using namespace packetloom::test;

/// Which flow a row belongs to.
class RowFlowsTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QDir::setCurrent(start_); }
    void agreesWithEveryFlow_data();
    void agreesWithEveryFlow();
    void ofManyRows_data();
    void ofManyRows();
    void ofADataset();
    void isMadeOnce();
    void stopsWhenAsked();
    void aFolderThatIsGoneIsAnError();

private:
    const TestFolder folder_;
    const QString start_ = QDir::currentPath();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

std::vector<std::uint32_t> flowsOfRows(const Analysis& analysis)
{
    std::vector<std::uint32_t> flows(static_cast<std::size_t>(analysis.spool.packets()));
    const auto rowFlows = rowFlowsOf(analysis);
    if (!rowFlows || !(*rowFlows)->read(0, flows))
        qFatal("the flows of the rows cannot be found");
    return flows;
}

std::vector<Packet> rowsOf(const Analysis& analysis)
{
    std::vector<Packet> rows;
    const auto walked = analysis.spool.forEach({}, [&](const SpooledPacket& row) {
        rows.push_back(row.packet);
        return true;
    });
    if (!walked)
        qFatal("the spool cannot be read");
    return rows;
}

/// As FlowTable::firstRow() has it, the slow way.
std::vector<std::uint32_t> byDefinition(const Analysis& analysis, const std::vector<Packet>& rows)
{
    const auto keyOf = [](const FlowKey& key) {
        return std::tuple(key.low.address, key.low.port, key.high.address, key.high.port);
    };
    std::map<decltype(keyOf(FlowKey())), std::vector<std::uint32_t>> flows;
    for (std::size_t i = 0; i < analysis.flows.size(); ++i)
        flows[keyOf(analysis.flows.key(i))].push_back(static_cast<std::uint32_t>(i));
    std::vector<std::uint32_t> found(rows.size(), RowFlows::none);
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (!rows[row].isTcp())
            continue;
        const auto same = flows.find(keyOf(FlowKey::of(rows[row])));
        for (const std::uint32_t flow : same == flows.end() ? std::vector<std::uint32_t>() : same->second) {
            if (analysis.flows.firstRow(flow) <= row && row <= analysis.flows.lastRow(flow))
                found[row] = flow;
        }
    }
    return found;
}

} // namespace

void RowFlowsTest::agreesWithEveryFlow_data()
{
    addGoldenRows();
}

void RowFlowsTest::agreesWithEveryFlow()
{
    QFETCH(GoldenCase, golden);
    QVERIFY(QDir::setCurrent(golden.folder));
    const auto made = analyze(optionsOf(golden), goOn, Depth::Flows);
    QVERIFY(made);
    const Analysis& analysis = **made;
    const auto rows = rowsOf(analysis);
    const auto flows = flowsOfRows(analysis);
    std::vector<std::vector<FlowPacket>> packets(analysis.flows.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (flows[row] != RowFlows::none)
            packets[flows[row]].push_back(FlowPacket::of(rows[row]));
    }
    const auto rowFlows = rowFlowsOf(analysis);
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const auto detail = readFlow(analysis, i);
        QVERIFY(detail);
        std::stable_sort(packets[i].begin(), packets[i].end(),
                         [](const FlowPacket& a, const FlowPacket& b) { return a.timestamp < b.timestamp; });
        QCOMPARE(packets[i].size(), detail->packets.size());
        std::array<std::optional<std::int64_t>, 2> first;
        for (std::size_t k = 0; k < packets[i].size(); ++k) {
            const FlowPacket &a = packets[i][k], &b = detail->packets[k];
            QVERIFY(a.timestamp == b.timestamp && a.sequence == b.sequence && a.length == b.length &&
                    a.acknowledgment == b.acknowledgment && a.fromHigh == b.fromHigh && a.flags == b.flags);
            if (!first[b.fromHigh])
                first[b.fromHigh] = b.sequence;
        }
        QCOMPARE((*rowFlows)->firstSequence(i, false), first[0]);
        QCOMPARE((*rowFlows)->firstSequence(i, true), first[1]);
    }
}

void RowFlowsTest::ofManyRows_data()
{
    QTest::addColumn<double>("late");
    QTest::addColumn<qint64>("timeout");
    QTest::newRow("in order") << 0.0 << qint64{300};
    QTest::newRow("late rows, flows that end soon") << 0.05 << qint64{1};
}

// So many that several pieces are worked on, with flows that reach from one into the next ones.
void RowFlowsTest::ofManyRows()
{
    QFETCH(double, late);
    QFETCH(qint64, timeout);
    generator::GeneratorOptions wanted;
    wanted.rows = 200'000;
    wanted.hosts = 40; // ports are used again
    wanted.concurrency = 300;
    wanted.lateShare = late;
    const auto capture = folder_ / "many.csv", map = folder_ / "map.json";
    QVERIFY(generator::generateFiles(wanted, capture, map).error.empty());
    Options options;
    options.inputs = {capture};
    options.ipMap = map;
    options.flowTimeoutSeconds = timeout;
    options.readChunkRows = 10'000;
    const auto made = analyze(options, goOn, Depth::Flows);
    QVERIFY(made);
    const Analysis& analysis = **made;
    const auto rows = rowsOf(analysis);
    const auto flows = flowsOfRows(analysis), expected = byDefinition(analysis, rows);
    QVERIFY(flows == expected);
    std::vector<std::uint64_t> packets(analysis.flows.size());
    std::vector<std::array<std::optional<std::pair<std::int64_t, std::int64_t>>, 2>> first(packets.size());
    for (std::size_t row = 0; row < rows.size(); ++row) {
        if (flows[row] == RowFlows::none)
            continue;
        ++packets[flows[row]];
        auto& end = first[flows[row]][FlowKey::isTurned(rows[row])];
        if (!end || rows[row].timestamp < end->first)
            end = std::pair(rows[row].timestamp, rows[row].sequence);
    }
    const auto rowFlows = *rowFlowsOf(analysis);
    for (std::size_t i = 0; i < packets.size(); ++i) {
        QCOMPARE(packets[i], analysis.flows.packets(i));
        for (const bool high : {false, true}) {
            const auto sequence = rowFlows->firstSequence(i, high);
            QCOMPARE(sequence.has_value(), first[i][high].has_value());
            if (sequence)
                QCOMPARE(*sequence, first[i][high]->second);
        }
    }
    // A few rows from anywhere.
    std::vector<std::uint32_t> some(100);
    QVERIFY(rowFlows->read(70'007, some));
    QVERIFY(std::equal(some.begin(), some.end(), expected.begin() + 70'007));
}

void RowFlowsTest::ofADataset()
{
    Options options;
    options.inputs = {folder_.write("small.csv", conversations(30))};
    options.readChunkRows = 50;
    QVERIFY(convert(options, folder_ / "dataset", goOn));
    const auto captured = analyze(options, goOn, Depth::Flows);
    const auto opened = openDataset(folder_ / "dataset", goOn);
    QVERIFY(captured && opened);
    const auto a = flowsOfRows(**captured), b = flowsOfRows(**opened);
    QCOMPARE(a.size(), std::size_t{180});
    QCOMPARE(b.size(), a.size());
    for (std::size_t row = 0; row < a.size(); ++row)
        QCOMPARE((*captured)->flows.number(a[row]), (*opened)->flows.number(b[row]));
}

void RowFlowsTest::isMadeOnce()
{
    Options options;
    options.inputs = {folder_.write("small.csv", conversations(3))};
    const auto made = analyze(options, goOn, Depth::Flows);
    QVERIFY(made);
    const auto first = rowFlowsOf(**made), second = rowFlowsOf(**made);
    QVERIFY(first && second);
    QCOMPARE(first->get(), second->get());
}

void RowFlowsTest::stopsWhenAsked()
{
    Options options;
    options.inputs = {folder_.write("small.csv", conversations(3))};
    const auto made = analyze(options, goOn, Depth::Flows);
    QVERIFY(made);
    const std::atomic<bool> stop{true};
    const auto stopped = rowFlowsOf(**made, &stop);
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, Errc::Cancelled);
    QVERIFY(rowFlowsOf(**made));
}

void RowFlowsTest::aFolderThatIsGoneIsAnError()
{
    const auto gone = folder_ / "gone";
    std::filesystem::create_directory(gone);
    Options options;
    options.inputs = {folder_.write("small.csv", conversations(3))};
    options.temporaryFolder = gone;
    const auto made = analyze(options, goOn, Depth::Flows);
    QVERIFY(made);
    std::error_code ignored;
    if (!std::filesystem::remove(gone, ignored))
        QSKIP("the spool's file keeps the folder here");
    const auto failed = rowFlowsOf(**made);
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, Errc::Write);
}

QTEST_GUILESS_MAIN(RowFlowsTest)
#include "row_flows_test.moc"
