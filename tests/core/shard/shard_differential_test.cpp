// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/output/capture_conversion.h"
#include "tests/core/shard/any_captures.h"
#include "tests/core/shard/as_one_run.h"
#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Whatever is converted in one run comes out the same in tasks: any number of parts, stretches and merges,
/// tasks in any order.
class ShardDifferentialTest : public QObject
{
    Q_OBJECT

private slots:
    void asOneRun_data();
    void asOneRun();
    void packetCaptures();
    void severalMapsOfIds();
    void aWindowThatEndsEarly();
    void maxRecordsAnywhere();
    void longFlowsGoThroughFiles();
    void rejectedRowsKeepTheirLines();
    void theReportIsThatOfOneRun();
};

namespace {

/// Rows that meet as many rules as there are, and now and then one that is none.
std::string anyRows(std::mt19937_64& random, int rows, bool quotes)
{
    const auto below = [&](std::uint64_t most) { return static_cast<std::int64_t>(random() % most); };
    std::string text = captureHeader();
    std::int64_t time = captureStart;
    for (int i = 0; i < rows; ++i) {
        time += below(20) == 0 ? below(400'000'000) : below(2'000'000) - 100'000;
        if (below(40) == 0) {
            text += below(2) == 0   ? "short,row\n"
                    : below(2) == 0 ? "\n"
                                    : "soon,10.0.0.1,10.0.0.2,1,2,3,4,5,6,6\n";
            continue;
        }
        const auto address = [&] {
            const auto n = below(7);
            return n == 6 ? std::string() : quotes && n == 5 ? "\"10,0\"" : "10.0.0." + std::to_string(n);
        };
        const std::array<int, 8> flags{2, 18, 16, 24, 17, 4, 20, 0};
        text += std::to_string(time) + ',' + address() + ',' + address() + ',' + std::to_string(below(4)) +
                ',' + std::to_string(below(3)) + ',' +
                std::to_string(flags[static_cast<std::size_t>(below(8))]) + ',' + std::to_string(below(5)) +
                ',' + std::to_string(below(5)) + ',' + std::to_string(below(100) - 5) + ',' +
                (below(6) == 0 ? "17" : "6") + '\n';
    }
    return text;
}

Options anyOptions(std::mt19937_64& random, const TestFolder& folder, int number)
{
    const auto below = [&](std::uint64_t most) { return static_cast<std::int64_t>(random() % most); };
    Options options;
    const auto files = 1 + below(3);
    AnyCaptures captures(random);
    for (std::int64_t i = 0; i < files; ++i) {
        const auto packets = std::to_string(number) + '-' + std::to_string(i) + ".pcap";
        if (below(2) == 0) {
            options.inputs.push_back(
                folder.write(packets, captures.any(static_cast<unsigned>(1 + below(120)))));
            continue;
        }
        const auto text = anyRows(random, static_cast<int>(1 + below(120)), below(4) == 0);
        const auto name = std::to_string(number) + '-' + std::to_string(i);
        options.inputs.push_back(below(5) == 0 ? folder.write(name + ".csv.gz", gzipMember(text))
                                               : folder.write(name + ".csv", text));
    }
    options.readChunkRows =
        std::array<std::int64_t, 5>{1, 2, 7, 30, 500'000}[static_cast<std::size_t>(below(5))];
    options.flowsPerChunk = 1 + below(12);
    options.flowTimeoutSeconds =
        std::array<std::int64_t, 4>{0, 1, 60, 300}[static_cast<std::size_t>(below(4))];
    if (below(4) == 0)
        options.maxRecords = 1 + below(200);
    if (below(4) == 0)
        options.window.start = captureStart + below(50'000'000);
    if (below(4) == 0)
        options.window.end = captureStart + below(300'000'000);
    if (below(5) == 0)
        options.addressFilter = "10.0.0.1,10.0.0.2";
    if (below(6) == 0)
        options.filter = "port == 1 or udp";
    options.reading.tunnels = std::array<Tunnels, 4>{Tunnels::Inner, Tunnels::Inner, Tunnels::Outer,
                                                     Tunnels::Each}[static_cast<std::size_t>(below(4))];
    options.reading.verifyChecksums = below(4) == 0;
    if (below(5) == 0)
        options.style = JsonStyle::Compact;
    if (below(3) == 0)
        options.blockSize = static_cast<std::size_t>(1 + below(200));
    options.threads = static_cast<unsigned>(1 + below(3));
    return options;
}

/// datasetContent() of any style.
std::map<std::string, std::string> filesOf(const std::filesystem::path& folder)
{
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            files[pathText(std::filesystem::relative(entry.path(), folder))] = contentOf(entry.path());
    }
    auto& manifest = files["manifest.json"];
    const auto created = manifest.find("\"created\"");
    manifest.erase(created, manifest.find(',', created) - created);
    return files;
}

/// Both ways; the files of both datasets.
void checkSame(const Options& options, const ShardCut& cut, const TestFolder& folder, std::mt19937_64& random)
{
    std::filesystem::remove_all(folder / "one");
    std::filesystem::remove_all(folder / "tasks");
    const auto one = convert(options, folder / "one", keepsOn);
    const auto tasks = convertInTasks(options, cut, folder / "job", folder / "tasks", random);
    checkAsOneRun(one, tasks);
    if (!one || !tasks)
        return;
    const auto want = filesOf(folder / "one"), got = filesOf(folder / "tasks");
    for (const auto& [name, text] : want) {
        const auto found = got.find(name);
        QVERIFY2(found != got.end(), name.c_str());
        QVERIFY2(found->second == text, name.c_str());
    }
    QCOMPARE(got.size(), want.size());
    QVERIFY(tasks->tally.closeTypes == one->tally.closeTypes);
    QVERIFY(tasks->tally.invalidReasons == one->tally.invalidReasons);
    QCOMPARE(tasks->tally.byTimeout, one->tally.byTimeout);
    QCOMPARE(tasks->chunks, one->chunks);
    QCOMPARE(tasks->bytes, one->bytes);
}

} // namespace

void ShardDifferentialTest::asOneRun_data()
{
    addRandomCases();
}

void ShardDifferentialTest::asOneRun()
{
    QFETCH(int, seed);
    const TestFolder folder;
    std::mt19937_64 random(static_cast<std::uint64_t>(seed));
    const Options options = anyOptions(random, folder, seed);
    const auto cut = anyCut(random, {0, 1, 400, 2000});
    checkSame(options, cut, folder, random);
}

void ShardDifferentialTest::packetCaptures()
{
    const TestFolder folder;
    std::mt19937_64 random(7);
    PcapFile first, second;
    for (unsigned i = 0; i < 12; ++i)
        addConversation(i % 2 == 0 ? first : second, 40000 + i / 2, 100 + i);
    Options options;
    const auto whole = second.bytes();
    options.inputs = {folder.write("a.pcap", first.bytes()), folder.write("b.csv", conversations(4)),
                      folder.write("c.pcap", whole.substr(0, whole.size() - 7))}; // cut in its last packet
    options.readChunkRows = 8;
    options.flowsPerChunk = 3;
    for (const std::int64_t most : {0, 50}) {
        options.maxRecords = most;
        checkSame(options, {.shards = 4, .merges = 2, .taskBytes = 100}, folder, random);
        QVERIFY(readJob(folder / "job")->tasks.size() > 10);
    }
}

void ShardDifferentialTest::severalMapsOfIds()
{
    const TestFolder folder;
    std::mt19937_64 random(1);
    Options options;
    options.inputs = {folder.write("a.csv", captureHeader() + captureRow(captureStart, "1", "2", 2)),
                      folder.write("b.csv", captureHeader() + captureRow(captureStart + 1, "1", "2", 2) +
                                                captureRow(captureStart + 2, "3", "10.0.0.1", 18))};
    options.ipMap = folder.write("map.json", R"({"10.0.0.1": 1, "10.0.0.2": 2})");
    InputSpec own;
    own.file = options.inputs[1];
    own.ipMap = folder.write("own.json", R"({"10.0.0.2": 1, "10.0.0.1": 2})");
    options.specs = {own};
    options.addressFilter = "1";
    checkSame(options, {.shards = 3, .merges = 1, .taskBytes = 1}, folder, random);
}

// docs/reading.md, 27: the 50th read chunk that is skipped, counted on from file to file.
void ShardDifferentialTest::aWindowThatEndsEarly()
{
    const TestFolder folder;
    std::mt19937_64 random(2);
    for (const int behind : {30, 49, 50, 51, 120}) {
        std::string text = conversations(3), more = captureHeader();
        for (int i = 0; i < behind; ++i)
            text += captureRow(captureStart + 1'000'000'000 + i, "10.1.0.1", "10.1.0.2", 16);
        text += captureRow(captureStart + 5, "10.2.0.1", "10.2.0.2", 2); // in the window again
        for (int i = 0; i < 30; ++i)
            more += captureRow(captureStart + 2'000'000'000 + i, "10.1.0.1", "10.1.0.2", 16);
        more += captureRow(captureStart + 6, "10.3.0.1", "10.3.0.2", 2);
        Options options;
        options.inputs = {folder.write("a.csv", text), folder.write("b.csv", more),
                          folder.write("c.csv", more), folder.write("d.csv", conversations(2))};
        options.window.end = captureStart + 1'000'000;
        options.readChunkRows = 1;
        for (const std::uint64_t bytes : {0u, 1u, 700u})
            checkSame(options, {.shards = 2, .merges = 1, .taskBytes = bytes}, folder, random);
    }
}

void ShardDifferentialTest::maxRecordsAnywhere()
{
    const TestFolder folder;
    std::mt19937_64 random(3);
    Options options;
    options.inputs = {folder.write("a.csv", anyRows(random, 40, false)),
                      folder.write("b.csv", anyRows(random, 40, false))};
    options.readChunkRows = 9;
    options.flowTimeoutSeconds = 1;
    for (options.maxRecords = 1; options.maxRecords < 85; options.maxRecords += 3)
        checkSame(options, {.shards = 3, .merges = 2, .taskBytes = 500}, folder, random);
}

void ShardDifferentialTest::longFlowsGoThroughFiles()
{
    const TestFolder folder;
    std::mt19937_64 random(4);
    for (const bool ordered : {true, false}) {
        std::string text = captureHeader();
        for (int i = 0; i < 90'000; ++i) {
            const auto time =
                captureStart + (ordered ? i * 10 : static_cast<std::int64_t>(random() % 1'000'000));
            text += captureRow(time, "10.0.0.1", "10.0.0.2", 16, static_cast<std::int64_t>(random() >> 32),
                               static_cast<std::int64_t>(random() >> 32));
            if (i % 1000 == 0)
                text += captureRow(time, "10.0.1." + std::to_string(i / 1000), "10.0.0.2", 2);
        }
        Options options;
        options.inputs = {folder.write("a.csv", text)};
        checkSame(options, {.shards = 2, .merges = 2, .taskBytes = 0}, folder, random);
    }
}

void ShardDifferentialTest::rejectedRowsKeepTheirLines()
{
    const TestFolder folder;
    std::mt19937_64 random(5);
    Options options;
    std::string text = "\n\n" + captureHeader();
    for (int i = 0; i < 50; ++i)
        text += (i % 7 == 0 ? "short\r\n" : "") + captureRow(captureStart + i, "10.0.0.1", "10.0.0.2", 16) +
                (i % 5 == 0 ? "\n \t\n" : "");
    options.inputs = {folder.write("a.csv", text), folder.write("b.csv", text)};
    options.readChunkRows = 4;
    const auto one = convert(options, folder / "one", keepsOn);
    const auto tasks = convertInTasks(options, {.shards = 2, .merges = 1, .taskBytes = 200}, folder / "job",
                                      folder / "tasks", random);
    QVERIFY(one && tasks);
    QVERIFY(readJob(folder / "job")->tasks.size() > 8);
    QVERIFY(one->totals.firstRejected.size() > 10);
    checkAsOneRun(one, tasks);
}

void ShardDifferentialTest::theReportIsThatOfOneRun()
{
    const TestFolder folder;
    std::mt19937_64 random(6);
    Options options;
    options.inputs = {folder.write("a.csv", conversations(20)),
                      folder.write("b.csv.gz", gzipMember(conversations(3)) + "garbage")};
    const auto one = convert(options, folder / "one", keepsOn);
    const auto tasks = convertInTasks(options, {.shards = 4, .merges = 3, .taskBytes = 0}, folder / "job",
                                      folder / "tasks", random);
    QVERIFY(one && tasks);
    QCOMPARE(tasks->flags.size(), one->flags.size());
    QCOMPARE(tasks->totals.warnings.size(), 1u);
    checkAsOneRun(one, tasks);
}

QTEST_APPLESS_MAIN(ShardDifferentialTest)
#include "shard_differential_test.moc"
