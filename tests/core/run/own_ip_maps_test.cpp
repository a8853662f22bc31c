// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/output/convert.h"
#include "core/run/preflight.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <algorithm>
#include <iterator>
#include <map>

using namespace packetloom;
using namespace packetloom::test;

/// Inputs with IP maps of their own: what is made is what the same inputs with addresses in place of ids
/// would make (docs/reading.md, 19a).
class OwnIpMapsTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void oneIdIsTwoHosts();
    void theOwnMapWins();
    void idsOfFiltersAreThoseOfEachInput();
    void whatNoMapKnows();
    void eachMapIsReadOnce();
    void brokenMapsAreErrors();
    void aMapIsNoPlaceForADataset();

private:
    struct Row
    {
        int seconds;
        int source, destination;
        int flags = 2;
    };
    using Names = std::map<int, std::string>;

    /// A capture of ids; and the same one of addresses.
    std::filesystem::path ids(const std::string& name, const std::vector<Row>& rows) const;
    std::filesystem::path texts(const std::string& name, const std::vector<Row>& rows,
                                const Names& names) const;
    std::filesystem::path map(const std::string& name, const Names& names) const;
    void compare(Options options, Options wanted) const;

    std::unique_ptr<TestFolder> folder_;
    /// The same ids, other hosts; one host is in both, under two ids.
    const Names first_{{1, "10.0.0.1"}, {2, "10.0.0.2"}, {17, "10.0.0.17"}, {123456, "10.0.9.9"}};
    const Names second_{{1, "10.1.0.1"}, {2, "10.0.0.17"}, {17, "2001:db8::17"}, {123456, "10.1.9.9"}};
    const std::vector<Row> rows_{{1, 1, 2},  {2, 2, 1, 18},  {3, 17, 1},     {4, 1, 123456},
                                 {5, 17, 2}, {6, 2, 17, 18}, {7, 123456, 17}};
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

} // namespace

void OwnIpMapsTest::init()
{
    folder_ = std::make_unique<TestFolder>();
}

std::filesystem::path OwnIpMapsTest::ids(const std::string& name, const std::vector<Row>& rows) const
{
    std::string text = captureHeader();
    for (const Row& row : rows)
        text += captureRow(captureStart + std::int64_t{row.seconds} * 1'000'000, std::to_string(row.source),
                           std::to_string(row.destination), row.flags);
    return folder_->write(name, text);
}

std::filesystem::path OwnIpMapsTest::texts(const std::string& name, const std::vector<Row>& rows,
                                           const Names& names) const
{
    const auto address = [&](int id) {
        const auto found = names.find(id);
        return found == names.end() ? std::to_string(id) : found->second;
    };
    std::string text = captureHeader();
    for (const Row& row : rows)
        text += captureRow(captureStart + std::int64_t{row.seconds} * 1'000'000, address(row.source),
                           address(row.destination), row.flags);
    return folder_->write(name, text);
}

std::filesystem::path OwnIpMapsTest::map(const std::string& name, const Names& names) const
{
    std::string text;
    for (const auto& [id, address] : names)
        text += (text.empty() ? "{\"" : ", \"") + address + "\": " + std::to_string(id);
    return folder_->write(name, text + '}');
}

void OwnIpMapsTest::compare(Options options, Options wanted) const
{
    QVERIFY(convert(wanted, *folder_ / "wanted", goOn));
    for (const unsigned threads : {1u, 2u, 3u, 8u}) {
        for (const std::size_t blockSize : {std::size_t{50}, Options().blockSize}) {
            options.threads = threads;
            options.blockSize = blockSize;
            const auto made = convert(options, *folder_ / "out", goOn);
            QVERIFY(made);
            const auto want = datasetContent(*folder_ / "wanted");
            for (const auto& [name, content] : datasetContent(*folder_ / "out")) {
                if (name != "manifest.json") // which names the files
                    QVERIFY2(content == want.at(name), name.c_str());
            }
        }
    }
    const auto analysis = analyze(options, goOn);
    const auto other = analyze(wanted, goOn);
    QVERIFY(analysis && other);
    QCOMPARE((*analysis)->totals.uniqueAddresses, (*other)->totals.uniqueAddresses);
    QCOMPARE((*analysis)->totals.flows, (*other)->totals.flows);
    QCOMPARE((*analysis)->totals.rows, (*other)->totals.rows);
}

void OwnIpMapsTest::oneIdIsTwoHosts()
{
    Options options, wanted;
    options.inputs = {ids("a.csv", rows_), ids("b.csv", rows_)};
    options.specs = {{.file = options.inputs[0], .ipMap = map("a.json", first_)},
                     {.file = options.inputs[1], .ipMap = map("b.json", second_)}};
    wanted.inputs = {texts("a.txt", rows_, first_), texts("b.txt", rows_, second_)};
    compare(options, wanted);
    const auto analysis = analyze(options, goOn);
    QVERIFY(analysis);
    QCOMPARE((*analysis)->totals.uniqueAddresses, 7u); // 10.0.0.17 is in both
}

void OwnIpMapsTest::theOwnMapWins()
{
    Options options, wanted;
    options.inputs = {ids("a.csv", rows_), ids("b.csv", rows_), ids("c.csv", rows_)};
    options.ipMap = map("a.json", first_);
    options.specs = {{.file = options.inputs[1], .ipMap = map("b.json", second_)}};
    wanted.inputs = {texts("a.txt", rows_, first_), texts("b.txt", rows_, second_),
                     texts("c.txt", rows_, first_)};
    compare(options, wanted);
    // Without a map of all the others are read as they stand.
    options.ipMap.clear();
    wanted.inputs = {options.inputs[0], wanted.inputs[1], options.inputs[2]};
    compare(options, wanted);
}

void OwnIpMapsTest::idsOfFiltersAreThoseOfEachInput()
{
    Options options, wanted;
    options.inputs = {ids("a.csv", rows_), ids("b.csv", rows_)};
    options.ipMap = map("a.json", first_);
    options.specs = {{.file = options.inputs[1], .ipMap = map("b.json", second_)}};
    options.addressFilter = "17";
    std::vector<Row> kept;
    std::ranges::copy_if(rows_, std::back_inserter(kept),
                         [](const Row& row) { return row.source == 17 || row.destination == 17; });
    wanted.inputs = {texts("a.txt", kept, first_), texts("b.txt", kept, second_)};
    const auto made = analyze(options, goOn);
    const auto other = analyze(wanted, goOn);
    QVERIFY(made && other);
    QCOMPARE((*made)->totals.rows.kept, (*other)->totals.rows.kept);
    QCOMPARE((*made)->totals.rows.filtered, 2 * (rows_.size() - kept.size()));
    QCOMPARE((*made)->totals.uniqueAddresses, (*other)->totals.uniqueAddresses);
    // An address is one in all of them.
    options.addressFilter = "10.0.0.17";
    const auto byAddress = analyze(options, goOn);
    QVERIFY(byAddress);
    QCOMPARE((*byAddress)->totals.inputs[0].rows.kept, kept.size());
    QCOMPARE((*byAddress)->totals.inputs[1].rows.kept, 4u); // where it is id 2
}

// Its digits, which are one address in all inputs.
void OwnIpMapsTest::whatNoMapKnows()
{
    Options options, wanted;
    const std::vector<Row> rows{{1, 1, 99}, {2, 99, 2}, {3, 7'000'001, 99}};
    options.inputs = {ids("a.csv", rows), ids("b.csv", rows)};
    options.specs = {{.file = options.inputs[0], .ipMap = map("a.json", first_)},
                     {.file = options.inputs[1], .ipMap = map("b.json", second_)}};
    wanted.inputs = {texts("a.txt", rows, first_), texts("b.txt", rows, second_)};
    compare(options, wanted);
}

void OwnIpMapsTest::eachMapIsReadOnce()
{
    Options options;
    options.inputs = {ids("a.csv", rows_), ids("b.csv", rows_), ids("c.csv", rows_), ids("d.csv", rows_)};
    options.ipMap = map("a.json", first_);
    const auto other = map("b.json", second_);
    for (const auto i : {1u, 3u})
        options.specs.push_back({.file = options.inputs[i], .ipMap = other});
    options.specs.push_back({.file = options.inputs[2], .ipMap = options.ipMap});
    const auto plan = preflight(options);
    QVERIFY(plan);
    QCOMPARE(plan->ids.size(), 2u);
    QCOMPARE(plan->inputs[0].ids, 0u);
    QCOMPARE(plan->inputs[1].ids, 1u);
    QCOMPARE(plan->inputs[2].ids, 0u);
    QCOMPARE(plan->inputs[3].ids, 1u);
    QVERIFY(ipMapOf(options, options.inputs[1]) == other);
    QVERIFY(ipMapOf(options, options.inputs[0]) == options.ipMap);
}

void OwnIpMapsTest::brokenMapsAreErrors()
{
    Options options;
    options.inputs = {ids("a.csv", rows_)};
    options.skipBroken = true; // which is of inputs
    for (const auto& [content, code] :
         {std::pair{"{", Errc::MapSyntax}, {R"({"10.0.0.1": "x"})", Errc::MapValue}}) {
        options.specs = {{.file = options.inputs[0], .ipMap = folder_->write("bad.json", content)}};
        const auto failed = convert(options, *folder_ / "out", goOn);
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, code);
        QVERIFY(failed.error().file == *folder_ / "bad.json");
        QCOMPARE(failed.error().stage, Stage::Prepare);
    }
}

void OwnIpMapsTest::aMapIsNoPlaceForADataset()
{
    Options options;
    options.inputs = {ids("a.csv", rows_)};
    options.specs = {{.file = options.inputs[0], .ipMap = map("maps/a.json", first_)}};
    options.replaceAnything = true;
    const auto failed = convert(options, *folder_ / "maps", goOn);
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, Errc::InputInOutput);
}

QTEST_APPLESS_MAIN(OwnIpMapsTest)
#include "own_ip_maps_test.moc"
