// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/open_dataset.h"

#include "core/analysis/analyze.h"
#include "core/output/convert.h"
#include "core/support/path_text.h"
#include "tests/support/analysis_text.h"
#include "tests/support/capture_text.h"
#include "tests/support/generator/generator.h"
#include "tests/support/golden_rows.h"
#include "tests/support/test_folder.h"

#include <QDir>
#include <QJsonDocument>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// A dataset opens as the analysis of its captures.
class OpenDatasetTest : public QObject
{
    Q_OBJECT

private slots:
    void init() { QDir::setCurrent(start_); }
    void equalsTheAnalysis_data() { casesAsRows(); }
    void equalsTheAnalysis();
    void theReferencesOwnOpensToo_data() { casesAsRows(); }
    void theReferencesOwnOpensToo();
    void layoutDoesNotMatter();
    void aGeneratedCapture();
    void hostileAddresses();
    void equalPacketsAreToldApart();
    void flagsThatAreNone();
    void sumsBeyond64Bits();
    void theManifestIsKept();
    void exportIsForCapturesOnly();

private:
    static void casesAsRows();
    const TestFolder folder_;
    const QString start_ = QDir::currentPath();
};

namespace {

bool keepGoing(const Progress&)
{
    return true;
}

using DatasetPtr = std::shared_ptr<const DatasetAnalysis>;

DatasetPtr opened(const std::filesystem::path& folder)
{
    auto result = openDataset(folder, keepGoing);
    if (!result) {
        qWarning("%s, line %d: %s", pathText(result.error().file).c_str(), int(result.error().line),
                 result.error().detail.c_str());
        return nullptr;
    }
    return *result;
}

/// The lines that differ, with the number of the first one.
QStringList differences(const QStringList& a, const QStringList& b)
{
    for (qsizetype i = 0; i < std::max(a.size(), b.size()); ++i) {
        if (a.value(i) != b.value(i))
            return {QString::number(i), a.value(i), b.value(i)};
    }
    return {};
}

QStringList flowDifferences(const Analysis& a, const Analysis& b)
{
    for (std::size_t i = 0; i < a.flows.size(); ++i) {
        const auto x = readFlow(a, i), y = readFlow(b, i);
        if (!x || !y)
            return {QStringLiteral("flow %1 cannot be read").arg(i),
                    QString::fromStdString((x ? y : x).error().detail)};
        if (const auto found = differences(flowText(a, *x), flowText(b, *y)); !found.isEmpty())
            return QStringList{QStringLiteral("flow %1").arg(i)} + found;
    }
    return {};
}

/// Converts, analyzes and opens; nothing in the list when all is the same.
QStringList comparedWithAnalysis(const Options& options, const std::filesystem::path& folder)
{
    if (!convert(options, folder, keepGoing))
        return {"cannot be converted"};
    const auto analysis = analyze(options, keepGoing, Depth::Flows);
    const auto dataset = opened(folder);
    if (!analysis || !dataset)
        return {"cannot be opened"};
    if ((*analysis)->totals.rows != dataset->totals.rows || !dataset->source.rowsKnown)
        return {"other row counts"};
    std::vector<std::string> inputs;
    for (const auto& input : options.inputs)
        inputs.push_back(pathText(input));
    if (dataset->source.manifest.sourceFiles != inputs)
        return {"other inputs"};
    return differences(analysisText(**analysis), analysisText(*dataset)) +
           flowDifferences(**analysis, *dataset);
}

} // namespace

void OpenDatasetTest::casesAsRows()
{
    addGoldenRows();
}

void OpenDatasetTest::equalsTheAnalysis()
{
    QFETCH(GoldenCase, golden);
    QVERIFY(QDir::setCurrent(golden.folder));
    QCOMPARE(comparedWithAnalysis(optionsOf(golden), folder_ / "dataset"), QStringList());
}

void OpenDatasetTest::theReferencesOwnOpensToo()
{
    QFETCH(GoldenCase, golden);
    if (!QFileInfo(golden.expected()).isDir())
        return; // only its checksums were kept
    QVERIFY(QDir::setCurrent(golden.folder));
    const auto analysis = analyze(optionsOf(golden), keepGoing, Depth::Flows);
    QVERIFY(analysis);
    const auto dataset = opened(pathFromText(golden.expected().toStdString()));
    QVERIFY(dataset);
    QCOMPARE(differences(analysisText(**analysis), analysisText(*dataset)), QStringList());
    QCOMPARE(flowDifferences(**analysis, *dataset), QStringList());
    QVERIFY(!dataset->source.rowsKnown);
    QCOMPARE(dataset->totals.rows, (RowCounts{.read = dataset->totals.rows.kept,
                                              .kept = dataset->totals.rows.kept,
                                              .filtered = 0,
                                              .rejected = 0}));
}

void OpenDatasetTest::layoutDoesNotMatter()
{
    Options options;
    options.inputs = {folder_.write("in.csv", conversations(40))};
    options.flowsPerChunk = 7;
    options.readChunkRows = 50;
    QVERIFY(convert(options, folder_ / "dataset", keepGoing));
    const auto before = opened(folder_ / "dataset");
    QVERIFY(before);
    for (const auto& [name, text] : datasetContent(folder_ / "dataset")) {
        if (!name.ends_with(".json"))
            continue;
        const auto json =
            QJsonDocument::fromJson(QByteArray::fromStdString(contentOf(folder_ / "dataset" / name)));
        static_cast<void>(
            folder_.write("dataset/" + name, json.toJson(QJsonDocument::Compact).toStdString()));
    }
    const auto after = opened(folder_ / "dataset");
    QVERIFY(after);
    // Qt sorts the members of an object by key, and ip_stats.json is in order of appearance.
    auto a = analysisText(*before), b = analysisText(*after);
    a.sort();
    b.sort();
    QCOMPARE(differences(a, b), QStringList());
    QCOMPARE(flowDifferences(*before, *after), QStringList());
}

void OpenDatasetTest::aGeneratedCapture()
{
    generator::GeneratorOptions wanted;
    wanted.rows = 30'000;
    wanted.hosts = 80;
    wanted.concurrency = 60;
    QVERIFY(generator::generateFiles(wanted, folder_ / "big.csv.gz", folder_ / "map.json").error.empty());
    Options options;
    options.inputs = {folder_ / "big.csv.gz"};
    options.ipMap = folder_ / "map.json";
    options.readChunkRows = 1000;
    options.flowsPerChunk = 50;
    options.flowTimeoutSeconds = 1;
    options.style = JsonStyle::Compact;
    QCOMPARE(comparedWithAnalysis(options, folder_ / "dataset"), QStringList());
    options.style = JsonStyle::Indented;
    QCOMPARE(comparedWithAnalysis(options, folder_ / "dataset"), QStringList());
    const auto dataset = opened(folder_ / "dataset");
    QVERIFY(dataset->flows.size() > 500);
    QVERIFY(dataset->source.chunkFiles.size() > 10);
    bool byTimeout = false;
    for (std::size_t i = 0; i < dataset->flows.size() && !byTimeout; ++i)
        byTimeout = readFlow(*dataset, i)->byTimeout;
    QVERIFY(byTimeout);
}

// Texts of keys that can be read in several ways, and addresses that a capture would not have.
void OpenDatasetTest::hostileAddresses()
{
    const auto map = folder_.write("hostile.json", R"({"NA": 1, "007": 2, "17.0": 3, " a ": 4, "a:1-b": 5,)"
                                                   R"( "c": 6, "a": 7, "b:2-c": 8, "x,\"\n": 9, "é€😀": 10})");
    std::string text = captureHeader();
    for (int round = 0; round < 3; ++round) {
        for (int i = 1; i <= 10; ++i) {
            const auto from = std::to_string(i), to = std::to_string(i % 10 + 1);
            text += captureRow(round * 100 + i, from, to, round == 2 ? 17 : 2, 5, 6);
            text += captureRow(round * 100 + i + 1, to, from, 18, 7, 6);
        }
    }
    // the same text of a key twice: "a:1-b" port 2 and "c" port 3, "a" port 1 and "b:2-c" port 3
    const std::string line = ",2,0,0,10,6\n";
    for (int round = 0; round < 2; ++round)
        text += "900,5,6,2,3,0,0,10,6,2\n";
    Options options;
    std::string twice = "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n";
    for (int round = 0; round < 2; ++round)
        twice += "1,5,6,2,3" + line + "2,7,8,1,3" + line + "3,6,5,3,2,16,0,0,10,6\n";
    options.inputs = {folder_.write("hostile.csv", text), folder_.write("twice.csv", twice)};
    options.ipMap = map;
    QCOMPARE(comparedWithAnalysis(options, folder_ / "dataset"), QStringList());
    options.readChunkRows = 2;
    options.flowTimeoutSeconds = 0;
    QCOMPARE(comparedWithAnalysis(options, folder_ / "dataset"), QStringList());
}

// The file lists packets by what they hold; which of two equal ones had a part in the flow is what the state
// machine says.
void OpenDatasetTest::equalPacketsAreToldApart()
{
    std::string text = captureHeader();
    text += captureRow(1, "a", "b", 16, 101, 301);
    text += captureRow(1, "a", "b", 2, 100);
    text += captureRow(1, "a", "b", 2, 100);
    text += captureRow(1, "b", "a", 18, 300, 101);
    text += captureRow(1, "b", "a", 18, 300, 101);
    for (int i = 0; i < 3; ++i)
        text += captureRow(1, "a", "b", 16, 101, 301);
    for (int i = 0; i < 3; ++i)
        text += captureRow(2, "a", "b", 4, 101, 301);
    Options options;
    options.inputs = {folder_.write("equal.csv", text)};
    QCOMPARE(comparedWithAnalysis(options, folder_ / "dataset"), QStringList());
}

void OpenDatasetTest::flagsThatAreNone()
{
    Options options;
    options.inputs = {folder_.write("none.csv", "timestamp,src_ip,dst_ip,src_port,dst_port,protocol\n"
                                                "1,a,b,1,2,6\n2,a,b,1,2,\n3,b,a,2,1,17\n"),
                      folder_.write("missing.csv",
                                    "timestamp,src_ip,dst_ip,src_port,dst_port,flags,protocol\n"
                                    "4,a,b,1,2,,6\n5,a,b,1,2,0,6\n6,a,b,1,2,256,6\n")};
    QCOMPARE(comparedWithAnalysis(options, folder_ / "dataset"), QStringList());
    const auto dataset = opened(folder_ / "dataset");
    const auto flow = readFlow(*dataset, 0);
    QVERIFY(flow);
    QCOMPARE(flow->packets.size(), 4u);
    QCOMPARE(flow->packets[0].flags.origin, TcpFlags::Origin::Column);
    QCOMPARE(flow->packets[1].flags.origin, TcpFlags::Origin::Missing);
    QCOMPARE(flow->packets[2].flags.origin, TcpFlags::Origin::Value);
}

void OpenDatasetTest::sumsBeyond64Bits()
{
    std::string text = captureHeader();
    for (const char* length : {"9223372036854775807", "9223372036854775807", "9223372036854775807"})
        text += "9223372036854775807,a,b,1,2,2,9223372036854775807,-9223372036854775808," +
                std::string(length) + ",6\n";
    text += "-9223372036854775808,c,d,-1,9223372036854775807,2,0,0,-9223372036854775808,6\n";
    text += "-9223372036854775808,c,d,-1,9223372036854775807,2,0,0,-9223372036854775808,6\n";
    Options options;
    options.inputs = {folder_.write("large.csv", text)};
    QCOMPARE(comparedWithAnalysis(options, folder_ / "dataset"), QStringList());
}

void OpenDatasetTest::theManifestIsKept()
{
    Options options;
    options.inputs = {
        folder_.write("a.csv", conversations(3) + "bad\n"),
        folder_.write("\xC3\xA9" + quoteInName + "b.csv", conversations(2, captureStart + 1'000'000))};
    options.addressFilter = "10.0.0.0/8, 10.9.0.1,";
    options.filterEnds = FilterEnds::Both;
    options.window = {.start = captureStart + 100, .end = captureStart + 1'000'500};
    options.attackContext = "a \"label\"\n\xC3\xA9";
    QCOMPARE(comparedWithAnalysis(options, folder_ / "dataset"), QStringList());
    const auto dataset = opened(folder_ / "dataset");
    QCOMPARE(dataset->totals.rows.rejected, 1u);
    QVERIFY(dataset->totals.rows.filtered > 0);
    QCOMPARE(dataset->source.folder, folder_ / "dataset");
    QCOMPARE(dataset->source.manifest.filterEnds, FilterEnds::Both);
    QCOMPARE(dataset->source.places.size(), dataset->flows.size());
    QCOMPARE(dataset->firstRows.front().line, 2u);
    QCOMPARE(dataset->firstRows.front().input, 0u);
}

// Its packets have no read chunks: an export would judge the flows elsewhere.
void OpenDatasetTest::exportIsForCapturesOnly()
{
    static_assert(!std::is_convertible_v<const DatasetAnalysis&, const CaptureAnalysis&>);
    Options options;
    options.inputs = {folder_.write("a.csv", conversations(3))};
    QVERIFY(convert(options, folder_ / "dataset", keepGoing));
    const auto dataset = opened(folder_ / "dataset");
    QVERIFY(dataset->capture() == nullptr && dataset->dataset() == dataset.get());
    const auto analysis = analyze(options, keepGoing, Depth::Flows);
    QVERIFY((*analysis)->capture() == analysis->get() && (*analysis)->dataset() == nullptr);
}

QTEST_APPLESS_MAIN(OpenDatasetTest)
#include "open_dataset_test.moc"
