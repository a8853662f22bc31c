// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/flow_sorter.h"
#include "core/shard/exact/time_runs.h"
#include "core/shard/exact/timed_rows.h"
#include "core/shard/merged_flows.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// Packets and flows that come in any order and leave in that of time, in bounded memory.
class TimeRunsTest : public QObject
{
    Q_OBJECT

private slots:
    void oneRunOfWhatIsInOrder();
    void lateOnesAreHeldBack();
    void anyOrderComesOutSorted_data();
    void anyOrderComesOutSorted();
    void rowsThatDoNotCountAreLeftOut();
    void runsSideBySideAreCounted();
    void flowsComeOutInTheOrderOfTheirPlaces_data();
    void flowsComeOutInTheOrderOfTheirPlaces();
    void mergedFlowsBeginAnywhere();
};

namespace {

const BlockFileName partsName{"job", "parts"};
constexpr auto goesOn = [] { return true; };

struct OneRow
{
    std::int64_t time;
    std::uint64_t row;
    std::string address;
};

Packet packetOf(const OneRow& row, AddressTable& addresses)
{
    Packet packet;
    packet.timestamp = row.time;
    packet.source = addresses.intern(row.address);
    packet.destination = addresses.intern("10.9.9.9");
    packet.sourcePort = 5;
    packet.length = static_cast<std::int64_t>(row.row % 1000);
    return packet;
}

std::vector<TimedRun> writeRuns(const std::filesystem::path& path, const std::vector<OneRow>& rows,
                                std::size_t held)
{
    AddressTable addresses;
    BlockWriter file(path, partsName);
    TimeRuns runs(3, held);
    for (const auto& row : rows)
        runs.add(packetOf(row, addresses), {}, row.row, addresses, file);
    runs.finish(addresses, file);
    if (!file.finish() || !runsOf(*BlockReader::open(path, partsName), 2).empty()) // another part
        return {};
    return runsOf(*BlockReader::open(path, partsName), 3);
}

/// Rows 0 to count - 1, each at most so much earlier than the one before it.
std::vector<OneRow> anyRows(std::mt19937_64& random, std::size_t count, std::int64_t spread)
{
    std::vector<OneRow> rows;
    for (std::uint64_t i = 0; i < count; ++i)
        rows.push_back({static_cast<std::int64_t>(i) * 4 -
                            static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(spread)),
                        i, "10.0.0." + std::to_string(random() % 50)});
    return rows;
}

/// All that it gives, and that it is in order.
void readAll(TimedRows& packets, const AddressTable& addresses, std::vector<OneRow>& got)
{
    PartRows rows;
    for (;;) {
        const auto read = packets.next(rows);
        QVERIFY2(read, read ? "" : read.error().detail.c_str());
        if (rows.rows.empty())
            break;
        for (std::size_t i = 0; i < rows.rows.size(); ++i)
            got.push_back({rows.packets[i].timestamp, rows.rows[i],
                           std::string(addresses.text(rows.packets[i].source))});
    }
    QVERIFY(std::ranges::is_sorted(got, {}, [](const OneRow& row) { return std::pair(row.time, row.row); }));
}

ExactFlow flowOf(std::int64_t start, std::uint64_t row, AddressTable& addresses)
{
    ExactFlow flow;
    flow.start = start;
    flow.end = flow.lastPacket = start + 7;
    flow.firstRow = row;
    flow.lastRow = row + 1;
    flow.key.low = {addresses.intern("10.0.0." + std::to_string(row % 200)), 80};
    flow.key.high = {addresses.intern("10.1.0." + std::to_string(row % 7)), static_cast<std::int64_t>(row)};
    flow.history = "ShAF";
    flow.wireBytes = row;
    return flow;
}

} // namespace

void TimeRunsTest::oneRunOfWhatIsInOrder()
{
    const TestFolder folder;
    std::mt19937_64 random(1);
    const auto runs = writeRuns(folder / "parts", anyRows(random, 30'000, 1), 10);
    QCOMPARE(runs.size(), 1u);
    QVERIFY(runs.front().blocks.size() > 3);
    QCOMPARE(runs.front().firstTime, 0);
    QCOMPARE(runs.front().lastTime, 29'999 * 4);
}

void TimeRunsTest::lateOnesAreHeldBack()
{
    const TestFolder folder;
    std::mt19937_64 random(2);
    const auto rows = anyRows(random, 20'000, 400);             // up to 100 rows late
    QCOMPARE(writeRuns(folder / "held", rows, 200).size(), 2u); // up to the first late one, and then
    QVERIFY(writeRuns(folder / "few", rows, 20).size() > 10);
}

void TimeRunsTest::anyOrderComesOutSorted_data()
{
    QTest::addColumn<int>("files");
    QTest::addColumn<int>("spread");
    QTest::addColumn<int>("held");
    QTest::addColumn<int>("most");
    QTest::newRow("in order") << 3 << 1 << 10 << 2;
    QTest::newRow("files side by side") << 5 << 1 << 10 << 3;
    QTest::newRow("nearly in order") << 3 << 200 << 30 << 64;
    QTest::newRow("shuffled, joined again and again") << 2 << 40'000 << 20 << 3;
    QTest::newRow("shuffled, in memory") << 2 << 40'000 << 100 << 1000;
}

void TimeRunsTest::anyOrderComesOutSorted()
{
    QFETCH(int, files);
    QFETCH(int, spread);
    QFETCH(int, held);
    QFETCH(int, most);
    const TestFolder folder;
    std::mt19937_64 random(3);
    std::vector<TimedRun> runs;
    std::map<std::uint64_t, OneRow> want;
    constexpr std::uint64_t rowsAFile = 3000;
    for (int i = 0; i < files; ++i) {
        const auto rows = anyRows(random, rowsAFile, spread);
        const std::uint64_t first = static_cast<std::uint64_t>(i) * rowsAFile;
        for (const auto& row : rows)
            want[first + row.row] = row;
        for (auto& run : writeRuns(folder / std::to_string(i), rows, static_cast<std::size_t>(held))) {
            run.firstRow = first;
            runs.push_back(run);
        }
    }
    AddressTable addresses;
    std::vector<OneRow> got;
    {
        TimedRows packets(runs, addresses, folder.path(), goesOn, static_cast<std::size_t>(most));
        readAll(packets, addresses, got);
    }
    QCOMPARE(got.size(), want.size());
    for (const auto& row : got) {
        QCOMPARE(row.time, want[row.row].time);
        QCOMPARE(row.address, want[row.row].address);
    }
    // Nothing temporary stays.
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path()), {}), files);
}

void TimeRunsTest::rowsThatDoNotCountAreLeftOut()
{
    const TestFolder folder;
    std::mt19937_64 random(4);
    auto runs = writeRuns(folder / "parts", anyRows(random, 9000, 300), 20);
    for (auto& run : runs) {
        run.firstRow = 100;
        run.rows = 5000;
    }
    AddressTable addresses;
    std::vector<OneRow> got;
    TimedRows packets(runs, addresses, folder.path(), goesOn);
    readAll(packets, addresses, got);
    QCOMPARE(got.size(), 5000u);
    QVERIFY(std::ranges::all_of(got, [](const OneRow& row) { return row.row >= 100 && row.row < 5100; }));
}

void TimeRunsTest::runsSideBySideAreCounted()
{
    const auto run = [](std::int64_t first, std::int64_t last) {
        TimedRun made;
        made.firstTime = first;
        made.lastTime = last;
        return made;
    };
    QCOMPARE(mostAtOnce({}), 0u);
    QCOMPARE(mostAtOnce({run(0, 10), run(11, 20)}), 1u);
    QCOMPARE(mostAtOnce({run(0, 10), run(10, 20)}), 2u); // packets of the same time go by their rows
    QCOMPARE(mostAtOnce({run(0, 100), run(1, 2), run(3, 4), run(3, 50), run(60, 70)}), 3u);
}

void TimeRunsTest::flowsComeOutInTheOrderOfTheirPlaces_data()
{
    QTest::addColumn<int>("most");
    QTest::newRow("in memory") << 100'000'000;
    QTest::newRow("through files") << 20'000;
}

void TimeRunsTest::flowsComeOutInTheOrderOfTheirPlaces()
{
    QFETCH(int, most);
    const TestFolder folder;
    std::mt19937_64 random(5);
    AddressTable addresses;
    std::vector<std::uint64_t> rows(5000);
    for (std::size_t i = 0; i < rows.size(); ++i)
        rows[i] = i;
    std::ranges::shuffle(rows, random);
    {
        FlowSorter sorter(folder.path(), addresses, goesOn, static_cast<std::size_t>(most));
        for (const auto row : rows)
            sorter.add(flowOf(static_cast<std::int64_t>(row / 3) - 400, row, addresses));
        ExactFlowWriter file(folder / "flows", partsName, addresses);
        QVERIFY(sorter.finish(file));
        QVERIFY(file.finish());
    }
    QCOMPARE(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1);
    AddressTable others;
    others.intern("so that numbers differ");
    const auto reader = ExactFlowReader::open(folder / "flows", partsName, others);
    QVERIFY(reader);
    for (std::uint64_t row = 0; row < rows.size(); ++row) {
        const auto flow = (*reader)->next();
        QVERIFY(flow && *flow);
        QCOMPARE((*flow)->firstRow, row);
        QCOMPARE((*flow)->start, static_cast<std::int64_t>(row / 3) - 400);
        QCOMPARE((*flow)->wireBytes, row);
        QVERIFY((*flow)->history == "ShAF");
        QCOMPARE(others.text((*flow)->key.low.address), "10.0.0." + std::to_string(row % 200));
        QCOMPARE(others.text((*flow)->key.high.address), "10.1.0." + std::to_string(row % 7));
    }
    const auto end = (*reader)->next();
    QVERIFY(end && !*end);
}

void TimeRunsTest::mergedFlowsBeginAnywhere()
{
    const TestFolder folder;
    AddressTable addresses;
    std::vector<std::unique_ptr<ExactFlowWriter>> files;
    for (int i = 0; i < 3; ++i)
        files.push_back(std::make_unique<ExactFlowWriter>(folder / std::to_string(i), partsName, addresses));
    constexpr std::uint64_t flows = 9000;
    std::mt19937_64 random(6);
    for (std::uint64_t row = 0; row < flows; ++row)
        files[random() % 3]->add(flowOf(static_cast<std::int64_t>(row), row, addresses));
    for (auto& file : files)
        QVERIFY(file->finish());
    for (const std::uint64_t wanted : {0u, 1u, 2500u, 8998u, 9000u}) {
        MergedFlows<ExactFlowReader> merged;
        AddressTable others;
        for (int i = 0; i < 3; ++i)
            merged.add(*ExactFlowReader::open(folder / std::to_string(i), partsName, others));
        QCOMPARE(merged.total(), flows);
        QVERIFY(merged.begin(wanted));
        for (std::uint64_t row = wanted; row < flows; ++row) {
            const auto flow = merged.next();
            QVERIFY(flow && *flow);
            QCOMPARE((*flow)->firstRow, row);
        }
        const auto end = merged.next();
        QVERIFY(end && !*end);
    }
}

QTEST_APPLESS_MAIN(TimeRunsTest)
#include "time_runs_test.moc"
