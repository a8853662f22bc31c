// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/option_filter.h"
#include "core/input/address_decoder.h"
#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <random>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// Which rows a filter keeps: it is one way to say what the older options say, and counts as they do.
class FilteredConversionTest : public QObject
{
    Q_OBJECT

private slots:
    void meansWhatTheOptionsMean_data();
    void meansWhatTheOptionsMean();
    void rowsAreCountedAsFiltered();
    void rejectedRowsAreFilteredByTheirAddresses();
    void readingStopsBehindTheLastTime();
    void theLimitCountsKeptRows();
    void threadsAndBlocksChangeNothing();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

struct Made
{
    RowCounts rows;
    std::vector<std::uint64_t> rejectedBy;
    std::map<std::string, std::string> dataset; ///< but for the manifest, which says what was asked
};

Made madeBy(const Options& options, const TestFolder& folder)
{
    auto asked = options;
    asked.replaceAnything = true;
    const auto summary = convert(asked, folder / "out", goOn);
    if (!summary)
        qFatal("the conversion fails: %d", static_cast<int>(summary.error().code));
    Made made{summary->totals.rows,
              {summary->totals.rejectedBy.begin(), summary->totals.rejectedBy.end()},
              datasetContent(folder / "out")};
    made.dataset.erase("manifest.json");
    return made;
}

bool same(const Made& a, const Made& b)
{
    return a.rows.read == b.rows.read && a.rows.kept == b.rows.kept && a.rows.filtered == b.rows.filtered &&
           a.rows.rejected == b.rows.rejected && a.rejectedBy == b.rejectedBy && a.dataset == b.dataset;
}

/// Rows of all kinds, good and bad, in order of time but for some.
std::string rowsAtRandom(unsigned seed, int count)
{
    std::mt19937 random(seed);
    const auto upTo = [&](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n - 1)(random);
    };
    const std::vector<std::string> addresses{
        "10.0.0.1",    "10.0.0.2", "10.1.2.3", "192.168.1.7", "2001:db8::1",
        "2001:db8::5", "printer",  "7",        "12",          ""};
    const std::vector<std::string> ports{"80", "443", "40001", "40002", "0", "99999999999999999999"};
    const std::vector<std::string> protocols{"6", "6", "6", "17", "1", "", "1e30"};
    std::string text = captureHeader();
    std::int64_t time = captureStart;
    for (int i = 0; i < count; ++i) {
        time += static_cast<std::int64_t>(upTo(2'000'000)) - 100'000;
        text += std::to_string(time) + ',' + addresses[upTo(addresses.size())] + ',' +
                addresses[upTo(addresses.size())] + ',' + ports[upTo(ports.size() - (i % 9 != 0))] + ',' +
                ports[upTo(ports.size() - 1)] + ',' + std::to_string(upTo(64)) + ',' +
                std::to_string(upTo(99)) + ',' + std::to_string(upTo(99)) + ",60," +
                protocols[upTo(protocols.size() - (i % 7 != 0))] + (i % 31 == 5 ? ",more\n" : "\n");
    }
    return text;
}

Options reading(const TestFolder& folder, const std::string& text, std::int64_t chunk = 40)
{
    Options options;
    options.inputs = {folder.write("in.csv", text)};
    options.readChunkRows = chunk;
    return options;
}

std::string inLanguage(const Options& options, const IpMap& map)
{
    return optionFilter(options.addressFilter, options.filterEnds, options.window,
                        [&](std::string_view id) { return decodeAddressId(id, map); });
}

} // namespace

void FilteredConversionTest::meansWhatTheOptionsMean_data()
{
    QTest::addColumn<std::string>("list");
    QTest::addColumn<bool>("both");
    QTest::addColumn<int>("from"); // seconds behind the start; none below 0
    QTest::addColumn<int>("to");
    QTest::addColumn<std::string>("text");
    const auto row = [](const char* list, bool both, int from, int to, const char* text) {
        QTest::newRow(text) << std::string(list) << both << from << to << std::string(text);
    };
    row("10.0.0.0/8", false, -1, -1, "addr == 10.0.0.0/8");
    row("10.0.0.1", true, -1, -1, "src == 10.0.0.1 and dst == 10.0.0.1");
    row("10.0.0.0/8,2001:db8::/32", true, -1, -1,
        "src in {10.0.0.0/8 2001:db8::/32} and dst in {10.0.0.0/8 2001:db8::/32}");
    row(" 10.0.0.1 , printer, 7,0012", false, -1, -1, "addr in {10.0.0.1 \"printer\" 10.9.9.7 \"12\"}");
    row("", false, 20, -1, "time >= 1257254635000000us");
    row("", false, -1, 90, "time <= 1257254705000000us");
    row("", false, 20, 20, "time >= 1257254635000000us and time <= 1257254635000000us");
    row("10.0.0.2,", false, 10, 120,
        "addr in {10.0.0.2 \"\"} and time >= 1257254625000000us and time <= 1257254735000000us");
    row("nowhere", false, -1, -1, "addr == \"nowhere\"");
    row("", false, -1, -1, "");
}

void FilteredConversionTest::meansWhatTheOptionsMean()
{
    QFETCH(std::string, list);
    QFETCH(bool, both);
    QFETCH(int, from);
    QFETCH(int, to);
    const TestFolder folder;
    const auto map = IpMap::parse(R"({"10.9.9.7": 7, "10.0.0.1": 3})");
    for (const unsigned seed : {1u, 2u}) {
        auto old = reading(folder, rowsAtRandom(seed, 400));
        old.ipMap = folder.write("map.json", R"({"10.9.9.7": 7, "10.0.0.1": 3})");
        auto now = old;
        old.addressFilter = list;
        old.filterEnds = both ? FilterEnds::Both : FilterEnds::Either;
        if (from >= 0)
            old.window.start = captureStart + std::int64_t{from} * 1'000'000;
        if (to >= 0)
            old.window.end = captureStart + std::int64_t{to} * 1'000'000;
        now.filter = inLanguage(old, *map);
        QTEST(now.filter, "text");
        const auto wanted = madeBy(old, folder);
        QVERIFY(same(madeBy(now, folder), wanted));
        // Beside each other they are no more than each.
        old.filter = now.filter;
        QVERIFY(same(madeBy(old, folder), wanted));
    }
}

void FilteredConversionTest::rowsAreCountedAsFiltered()
{
    const TestFolder folder;
    auto options = reading(folder, conversations(20));
    const auto all = madeBy(options, folder);
    options.filter = "port == 1027 or port == 1028";
    const auto some = madeBy(options, folder);
    QCOMPARE(some.rows.read, all.rows.read);
    QCOMPARE(some.rows.kept, std::uint64_t{2 * packetsPerConversation});
    QCOMPARE(some.rows.filtered, all.rows.read - some.rows.kept);
    QCOMPARE(some.dataset.at("packets.csv").find(",1029,"), std::string::npos);
    options.filter = "not (port == 1027 or port == 1028)";
    QCOMPARE(madeBy(options, folder).rows.kept, all.rows.read - some.rows.kept);
    options.filter = " \t";
    QVERIFY(same(madeBy(options, folder), all));
    options.filter = "port ==";
    const auto refused = convert(options, folder / "none", goOn);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::FilterText);
    QCOMPARE(refused.error().stage, Stage::Prepare);
    QVERIFY(!std::filesystem::exists(folder / "none"));
}

// As by the list of addresses: docs/reading.md, 20.
void FilteredConversionTest::rejectedRowsAreFilteredByTheirAddresses()
{
    const TestFolder folder;
    const std::string bad = "1257254615000000,10.0.0.1,10.0.0.2,99999999999999999999,80,2,0,0,60,6\n";
    auto options = reading(folder, captureHeader() + bad + captureRow(captureStart, "10.0.0.3", "x", 2));
    const auto counts = [&](const char* filter) {
        options.filter = filter;
        const auto rows = madeBy(options, folder).rows;
        return std::vector<std::uint64_t>{rows.kept, rows.filtered, rows.rejected};
    };
    using Counts = std::vector<std::uint64_t>;
    QCOMPARE(counts("addr == 10.0.0.3"), (Counts{1, 1, 0}));
    QCOMPARE(counts("addr == 10.0.0.1"), (Counts{0, 1, 1}));
    QCOMPARE(counts("port == 7"), (Counts{0, 1, 1})); // its port is what nobody knows
    QCOMPARE(counts("src == 10.0.0.3 and port == 7"), (Counts{0, 2, 0}));
}

void FilteredConversionTest::readingStopsBehindTheLastTime()
{
    const TestFolder folder;
    auto options = reading(folder, conversations(200), 6);
    options.filter = "time < 1257254615.0003";
    const auto made = madeBy(options, folder);
    QVERIFY(made.rows.kept > 0);
    QCOMPARE(made.rows.read, made.rows.kept + made.rows.filtered);
    QVERIFY2(made.rows.read < 200 * packetsPerConversation, "fifty read chunks behind it are enough");
    options.filter = "not time >= 1257254615.0003"; // says the same, but not so plainly
    const auto whole = madeBy(options, folder);
    QCOMPARE(whole.rows.read, std::uint64_t{200 * packetsPerConversation});
    QCOMPARE(whole.rows.kept, made.rows.kept);
    QCOMPARE(whole.dataset, made.dataset);
}

void FilteredConversionTest::theLimitCountsKeptRows()
{
    const TestFolder folder;
    auto options = reading(folder, rowsAtRandom(9, 500));
    options.filter = "proto == udp";
    const auto all = madeBy(options, folder);
    for (const std::int64_t most : {1, 7, 40}) {
        options.maxRecords = most;
        const auto some = madeBy(options, folder);
        QCOMPARE(some.rows.kept, std::uint64_t(most));
        QVERIFY(all.dataset.at("packets.csv").starts_with(some.dataset.at("packets.csv")));
        QCOMPARE(some.rows.read, some.rows.kept + some.rows.filtered + some.rows.rejected);
    }
}

void FilteredConversionTest::threadsAndBlocksChangeNothing()
{
    const TestFolder folder;
    auto options = reading(folder, rowsAtRandom(4, 1500), 300);
    options.filter = "(tcp and not flags.rst) or addr == 2001:db8::/32 or len > 60";
    options.threads = 1;
    const auto wanted = madeBy(options, folder);
    for (const unsigned threads : {2u, 3u, 8u}) {
        for (const std::size_t block : {std::size_t{977}, Options().blockSize}) {
            options.threads = threads;
            options.blockSize = block;
            QVERIFY(same(madeBy(options, folder), wanted));
        }
    }
}

QTEST_APPLESS_MAIN(FilteredConversionTest)
#include "filtered_conversion_test.moc"
