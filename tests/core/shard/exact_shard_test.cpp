// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_parser.h"
#include "core/output/flow_export.h"
#include "tests/core/shard/as_one_run.h"
#include "tests/support/capture_text.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <array>
#include <variant>

using namespace packetloom;
using namespace packetloom::test;

/// Lines of the exact engine's flows come out of tasks as of one export: for any number of parts, stretches
/// and merges, tasks in any order, packets in any order.
class ExactShardTest : public QObject
{
    Q_OBJECT

private slots:
    void asOneExport_data();
    void asOneExport();
    void captureInOtherOrders_data();
    void captureInOtherOrders();
    void flowsThatBeganAtOnceAreOneTasks();
    void nothingKept();
    void anotherKindOfOutputIsRefused();

private:
    const TestFolder folder_;
};

namespace {

using Random = std::mt19937_64;
constexpr std::int64_t captureBegin = 1'600'000'000'000'000;

std::int64_t below(Random& random, std::uint64_t most)
{
    return static_cast<std::int64_t>(random() % most);
}

/// Packets of a few hosts in all protocols, so that flows end for every reason.
std::string anyFrame(Random& random)
{
    const auto host = [&] { return "10.0.0." + std::to_string(1 + random() % 4); };
    Ip ip{.source = host(), .destination = random() % 30 == 0 ? "255.255.255.255" : host()};
    const auto payload = std::string(random() % 200, 'x');
    const auto port = [&] { return static_cast<unsigned>(random() % 3 == 0 ? 80 : 1000 + random() % 3); };
    switch (random() % 8) {
    case 0:
        ip.protocol = 17;
        return ethernet(0x0800, ipv4(ip, udp(port(), port(), payload)));
    case 1: {
        ip.protocol = 1;
        const std::array<unsigned, 5> types{8, 0, 3, 11, 13};
        const auto type = types[random() % types.size()];
        return ethernet(0x0800, ipv4(ip, std::string{static_cast<char>(type), '\0'} + zeros(6) + payload));
    }
    case 2:
        ip.protocol = 47;
        return ethernet(0x0800, ipv4(ip, zeros(30)));
    case 3:
        if (random() % 3 == 0) // a later fragment belongs to no flow, and its time counts
            ip.fragment = 100;
        [[fallthrough]];
    default: {
        constexpr std::array<unsigned, 7> flags{0x02, 0x12, 0x10, 0x18, 0x11, 0x04, 0x14};
        return ethernet(0x0800, ipv4(ip, tcp({.sourcePort = port(),
                                              .destinationPort = port(),
                                              .sequence = static_cast<std::uint32_t>(random() % 3000),
                                              .acknowledgment = static_cast<std::uint32_t>(random() % 3000),
                                              .flags = flags[random() % flags.size()],
                                              .window = static_cast<unsigned>(random() % 3 * 500)},
                                             payload)));
    }
    }
}

/// `disorder`: microseconds by which a packet may come late.
std::string anyCapture(Random& random, int packets, std::int64_t disorder)
{
    PcapFile file;
    std::int64_t time = captureBegin + below(random, 100'000'000);
    for (int i = 0; i < packets; ++i) {
        time += random() % 25 == 0 ? below(random, 100'000'000) : below(random, 300'000);
        if (random() % 4 == 0)
            time = time / 1'000'000 * 1'000'000; // some at the same time
        const std::int64_t at =
            time - (disorder > 0 ? below(random, static_cast<std::uint64_t>(disorder)) : 0);
        file.add(static_cast<std::uint32_t>(at / 1'000'000), static_cast<std::uint32_t>(at % 1'000'000),
                 anyFrame(random));
    }
    return file.bytes();
}

std::string anyTable(Random& random, int rows)
{
    std::string text = captureHeader();
    for (int i = 0; i < rows; ++i) {
        const auto at = captureStart + below(random, 400'000'000);
        text +=
            captureRow(at, "10.0.0." + std::to_string(random() % 5), "10.0.1." + std::to_string(random() % 3),
                       static_cast<int>(std::array{2, 18, 16, 24, 17, 4}[random() % 6]), below(random, 2000),
                       below(random, 2000), static_cast<int>(60 + random() % 500));
    }
    return text;
}

const OutputFormat* formatOf(Random& random)
{
    return outputFormatNamed(random() % 2 == 0 ? "conn-log" : "conn-json");
}

/// Both ways.
void checkSame(const Options& options, const JobOutput& output, const ShardCut& cut, const TestFolder& folder,
               Random& random)
{
    FlowExport wanted{.format = *output.format->flowLines(), .rules = options.exact};
    wanted.filter = std::get<0>(parseFilter(output.filter));
    wanted.file = folder / "one";
    wanted.replace = true;
    Options reading = options;
    reading.temporaryFolder = folder.path();
    const auto one = exportFlows(reading, wanted, keepsOn);
    const auto tasks = exportInTasks(options, output, cut, folder / "job", folder / "tasks", random);
    checkAsOneRun(one, tasks);
    if (!one || !tasks)
        return;
    QCOMPARE(contentOf(folder / "tasks"), contentOf(folder / "one"));
    QCOMPARE(tasks->flows, one->flows);
    QCOMPARE(tasks->written, one->written);
    QVERIFY(tasks->states == one->states);
    QCOMPARE(tasks->bytes, one->bytes);
}

} // namespace

void ExactShardTest::asOneExport_data()
{
    addRandomCases();
}

void ExactShardTest::asOneExport()
{
    QFETCH(int, seed);
    Random random(static_cast<std::uint64_t>(seed));
    Options options;
    const auto files = 1 + random() % 3;
    const std::array<std::int64_t, 4> disorders{0, 0, 2'000'000, 2'000'000'000};
    for (std::uint64_t i = 0; i < files; ++i) {
        const int packets = static_cast<int>(1 + random() % 200);
        const auto name = std::to_string(seed) + '-' + std::to_string(i);
        options.inputs.push_back(
            random() % 4 == 0
                ? folder_.write(name + ".csv", anyTable(random, packets))
                : folder_.write(name + ".pcap",
                                anyCapture(random, packets, disorders[random() % disorders.size()])));
    }
    options.readChunkRows = std::array<std::int64_t, 4>{1, 7, 30, 500'000}[random() % 4];
    options.flowsBy = FlowsBy::Exact;
    if (random() % 4 == 0)
        options.maxRecords = 1 + below(random, 250);
    if (random() % 5 == 0)
        options.window.start = captureBegin + 10'000'000 + below(random, 50'000'000);
    if (random() % 5 == 0)
        options.window.end = captureBegin + 60'000'000 + below(random, 90'000'000);
    if (random() % 5 == 0)
        options.filter = "udp or port == 80";
    options.reading.tunnels = Tunnels::Each;
    options.exact.checksumsCount = options.reading.verifyChecksums = random() % 4 == 0;
    options.exact.tcpInactivity = random() % 2 == 0 ? 300'000'000 : 20'000'000;
    options.threads = static_cast<unsigned>(1 + random() % 3);
    JobOutput output{.format = formatOf(random)};
    if (random() % 4 == 0)
        output.filter = "packets > 1 and (src == 10.0.0.0/30 or udp)";
    const auto cut = anyCut(random, {0, 3000, 8000});
    checkSame(options, output, cut, folder_, random);
}

void ExactShardTest::captureInOtherOrders_data()
{
    QTest::addColumn<int>("packets");
    QTest::addColumn<qint64>("disorder");
    QTest::newRow("in order") << 5000 << qint64{0};
    QTest::newRow("nearly") << 5000 << qint64{3'000'000};
    QTest::newRow("shuffled") << 160'000 << qint64{1'500'000'000'000'000};
}

// Two files beside each other in time; of the first more packets than are held back.
void ExactShardTest::captureInOtherOrders()
{
    QFETCH(int, packets);
    QFETCH(qint64, disorder);
    Random random(77);
    Options options;
    options.inputs = {folder_.write("first.pcap", anyCapture(random, packets, disorder)),
                      folder_.write("second.pcap", anyCapture(random, 9000, disorder))};
    options.flowsBy = FlowsBy::Exact;
    options.readChunkRows = 40'000;
    checkSame(options, {.format = outputFormatNamed("conn-json")}, {.shards = 1, .merges = 3}, folder_,
              random);
    const auto parts = BlockReader::open(folder_ / "job" / "map" / "00000" / mapPartsFile,
                                         mapFileName(*readJob(folder_ / "job"), 0, mapPartsFile));
    QVERIFY(parts);
    QCOMPARE(parts->blocks().back().tags[0] > 1, disorder > 1'000'000'000); // several runs
}

// What tells them apart in their uid is their order.
void ExactShardTest::flowsThatBeganAtOnceAreOneTasks()
{
    Random random(78);
    PcapFile file;
    for (unsigned i = 0; i < 60;
         ++i) // the same ends again and again, after each inactivity none: all at once
        file.add(1000 + i / 20 * 1000, 0,
                 ethernet(0x0800, ipv4({.source = "10.0.0." + std::to_string(i % 3 + 1), .protocol = 17},
                                       udp(1000 + i % 5, 53, "question"))));
    Options options;
    options.inputs = {folder_.write("same.pcap", file.bytes())};
    options.flowsBy = FlowsBy::Exact;
    for (const std::size_t merges : {1u, 2u, 7u, 50u})
        checkSame(options, {.format = outputFormatNamed("conn-log")}, {.shards = 3, .merges = merges},
                  folder_, random);
}

void ExactShardTest::nothingKept()
{
    Random random(79);
    Options options;
    options.inputs = {folder_.write("none.pcap", PcapFile().bytes())};
    options.flowsBy = FlowsBy::Exact;
    for (const char* format : {"conn-log", "conn-json"})
        checkSame(options, {.format = outputFormatNamed(format)}, {.shards = 2, .merges = 2}, folder_,
                  random);
}

void ExactShardTest::anotherKindOfOutputIsRefused()
{
    Random random(80);
    Options options;
    options.inputs = {folder_.write("some.pcap", anyCapture(random, 20, 0))};
    QVERIFY(exportInTasks(options, {.format = outputFormatNamed("conn-log")}, {}, folder_ / "lines",
                          folder_ / "conn.log", random));
    const auto asDataset = finishJob(*readJob(folder_ / "lines"), folder_ / "dataset", plainContext);
    QVERIFY(!asDataset);
    QVERIFY(jobTroubleOf(asDataset.error()) == JobTrouble::OtherOutput);
    QCOMPARE(asDataset.error().detail, "conn-log");
    QVERIFY(convertInTasks(options, {}, folder_ / "chunks", folder_ / "dataset", random));
    const auto asLines = finishLines(*readJob(folder_ / "chunks"), {.file = folder_ / "x"}, plainContext);
    QVERIFY(!asLines);
    QVERIFY(jobTroubleOf(asLines.error()) == JobTrouble::OtherOutput);
    QVERIFY(!std::filesystem::exists(folder_ / "x"));
}

QTEST_APPLESS_MAIN(ExactShardTest)
#include "exact_shard_test.moc"
