// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/golden/golden_case.h"

#include "app/cli_arguments.h"
#include "core/analysis/analyze.h"
#include "core/output/convert.h"
#include "core/output/export.h"
#include "core/support/path_text.h"
#include "tests/support/analysis_text.h"
#include "tests/support/test_folder.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Recorded datasets of the reference, byte for byte.
class GoldenTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void theRunnerSeesDifferences();
    void convertsIdentically_data() { casesAsRows(); }
    void convertsIdentically();
    void blocksOfAnySizeChangeNothing_data() { casesAsRows(); }
    void blocksOfAnySizeChangeNothing();
    void threadsChangeNothing_data() { casesAsRows(); }
    void threadsChangeNothing();
    void exportsIdenticallyAfterAPreview_data() { casesAsRows(); }
    void exportsIdenticallyAfterAPreview();
    void thePreviewCountsWhatTheDatasetHolds_data() { casesAsRows(); }
    void thePreviewCountsWhatTheDatasetHolds();

private:
    static void casesAsRows();
    const TestFolder folder_;
    const QString start_ = QDir::currentPath();
};

namespace {

const bool goesOn = true;
bool keepGoing(const Progress&)
{
    return goesOn;
}

Options optionsOf(const GoldenCase& golden)
{
    auto words = golden.arguments;
    words.emplace_back("--preview");
    const auto parsed = parseArguments(words);
    if (!parsed.arguments)
        qFatal("%s: %s", qPrintable(golden.name), parsed.output.c_str());
    auto options = parsed.arguments->options;
    options.replaceAnything = true; // one folder takes the datasets of all cases, those without a row, too
    return options;
}

QJsonDocument readJson(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()) : QJsonDocument();
}

} // namespace

Q_DECLARE_METATYPE(GoldenCase)

void GoldenTest::casesAsRows()
{
    QTest::addColumn<GoldenCase>("golden");
    const auto cases = goldenCases(QStringLiteral(PACKETLOOM_GOLDEN_DIR));
    QVERIFY2(cases.size() >= 98, "the recorded cases are not all there");
    for (const auto& golden : cases)
        QTest::newRow(qPrintable(golden.name)) << golden;
}

void GoldenTest::init()
{
    QDir::setCurrent(start_);
}

void GoldenTest::theRunnerSeesDifferences()
{
    const auto cases = goldenCases(QStringLiteral(PACKETLOOM_GOLDEN_DIR));
    const auto golden = std::find_if(cases.begin(), cases.end(), [](const auto& one) {
        return one.name == QLatin1String("hand/normal_close");
    });
    QVERIFY(golden != cases.end());
    const auto copy = folder_ / "copy";
    std::filesystem::copy(pathFromText(golden->expected().toStdString()), copy,
                          std::filesystem::copy_options::recursive);
    const auto text = QString::fromStdString(pathText(copy));
    QCOMPARE(datasetDifferences(text, golden->expected()), QStringList());
    auto bins = contentOf(copy / "indices" / "bins.json");
    bins.back() = ' ';
    static_cast<void>(folder_.write("copy/indices/bins.json", bins));
    static_cast<void>(folder_.write("copy/more", "x"));
    static_cast<void>(folder_.write("copy/manifest.json", "{}"));
    std::filesystem::remove(copy / "packets.csv");
    QCOMPARE(datasetDifferences(text, golden->expected()),
             (QStringList{"differs indices/bins.json", "differs manifest.json", "missing packets.csv",
                          "unexpected more"}));
}

void GoldenTest::convertsIdentically()
{
    QFETCH(GoldenCase, golden);
    QVERIFY(QDir::setCurrent(golden.folder));
    const auto output = folder_ / "dataset";
    const auto summary = convert(optionsOf(golden), output, keepGoing);
    QVERIFY2(summary, summary ? "" : summary.error().detail.c_str());
    QCOMPARE(datasetDifferences(QString::fromStdString(pathText(output)), golden.expected()), QStringList());
    QCOMPARE(summary->totals.rows.read,
             summary->totals.rows.kept + summary->totals.rows.filtered + summary->totals.rows.rejected);
}

void GoldenTest::blocksOfAnySizeChangeNothing()
{
    QFETCH(GoldenCase, golden);
    QVERIFY(QDir::setCurrent(golden.folder));
    auto options = optionsOf(golden);
    for (const std::size_t size : {1u, 2u, 3u, 5u, 17u, 64u, 99u, 100u}) {
        options.blockSize = size;
        const auto output = folder_ / "dataset";
        QVERIFY(convert(options, output, keepGoing));
        QCOMPARE(datasetDifferences(QString::fromStdString(pathText(output)), golden.expected()),
                 QStringList());
    }
}

void GoldenTest::threadsChangeNothing()
{
    QFETCH(GoldenCase, golden);
    QVERIFY(QDir::setCurrent(golden.folder));
    auto options = optionsOf(golden);
    options.blockSize = 200; // several blocks, so that there is something to share
    const auto output = folder_ / "dataset";
    const auto dataset = QString::fromStdString(pathText(output));
    QStringList first;
    for (const unsigned threads : {1u, 2u, 8u}) {
        options.threads = threads;
        QVERIFY(convert(options, output, keepGoing));
        QCOMPARE(datasetDifferences(dataset, golden.expected()), QStringList());
        const auto analysis = analyze(options, keepGoing, Depth::Flows);
        QVERIFY(analysis);
        auto text = analysisText(**analysis); // in the order of the tables, which must not change either
        for (std::uint32_t i = 0; i < (*analysis)->addresses.size(); ++i) { // numbered alike
            const auto address = (*analysis)->addresses.text(AddressId{i});
            text << QString::fromUtf8(address.data(), qsizetype(address.size()));
        }
        if (first.isEmpty())
            first = text;
        QCOMPARE(text, first);
        QVERIFY(exportDataset(**analysis, options, output, keepGoing));
        QCOMPARE(datasetDifferences(dataset, golden.expected()), QStringList());
    }
}

void GoldenTest::exportsIdenticallyAfterAPreview()
{
    QFETCH(GoldenCase, golden);
    QVERIFY(QDir::setCurrent(golden.folder));
    const auto options = optionsOf(golden);
    const auto analysis = analyze(options, keepGoing, Depth::Flows);
    QVERIFY(analysis);
    const auto output = folder_ / "dataset";
    const auto summary = exportDataset(**analysis, options, output, keepGoing);
    QVERIFY2(summary, summary ? "" : summary.error().detail.c_str());
    QCOMPARE(datasetDifferences(QString::fromStdString(pathText(output)), golden.expected()), QStringList());
}

void GoldenTest::thePreviewCountsWhatTheDatasetHolds()
{
    QFETCH(GoldenCase, golden);
    QVERIFY(QDir::setCurrent(golden.folder));
    const auto output = folder_ / "dataset";
    QVERIFY(convert(optionsOf(golden), output, keepGoing));
    const auto dataset = QString::fromStdString(pathText(output));
    const auto result = analyze(optionsOf(golden), keepGoing);
    QVERIFY(result);
    const Analysis& analysis = **result;
    const auto manifest = readJson(dataset + "/manifest.json").object();
    QVERIFY(!manifest.isEmpty());
    QCOMPARE(qint64(analysis.totals.rows.kept), manifest[QLatin1String("total_packets")].toInteger());
    QCOMPARE(qint64(analysis.totals.tcpPackets), manifest[QLatin1String("tcp_packets")].toInteger());
    QCOMPARE(qint64(analysis.totals.uniqueAddresses), manifest[QLatin1String("unique_ips")].toInteger());
    QCOMPARE(qint64(analysis.totals.flows), manifest[QLatin1String("total_flows")].toInteger());
    QCOMPARE(analysis.totals.firstTimestamp,
             manifest[QLatin1String("time_range")][QLatin1String("start")].toInteger());
    QCOMPARE(analysis.totals.lastTimestamp,
             manifest[QLatin1String("time_range")][QLatin1String("end")].toInteger());

    std::map<std::string, std::uint64_t> closeTypes;
    for (const auto& flow : readJson(dataset + "/flows/flows_index.json").array())
        ++closeTypes[flow[QLatin1String("closeType")].toString().toStdString()];
    for (std::size_t i = 0; i < closeTypeCount; ++i)
        QCOMPARE(analysis.tally.closeTypes[i],
                 closeTypes[std::string(closeTypeName(static_cast<CloseType>(i)))]);

    const auto bins = readJson(dataset + "/indices/bins.json").array();
    QCOMPARE(qsizetype(analysis.bins.size()), bins.size());
    for (qsizetype i = 0; i < bins.size(); ++i) {
        QCOMPARE(analysis.bins[std::size_t(i)].start, bins[i][QLatin1String("start")].toInteger());
        QCOMPARE(analysis.bins[std::size_t(i)].end, bins[i][QLatin1String("end")].toInteger());
        QCOMPARE(qint64(analysis.bins[std::size_t(i)].packets), bins[i][QLatin1String("count")].toInteger());
    }
    const auto addresses = readJson(dataset + "/ips/ip_stats.json").object();
    QCOMPARE(qsizetype(analysis.addressStats.inOrder().size()), addresses.size());
    const auto flags = readJson(dataset + "/ips/flag_stats.json").object();
    QCOMPARE(qsizetype(analysis.flags.counts().size()), flags.size());
    for (const auto& count : analysis.flags.counts())
        QCOMPARE(qint64(count.packets), flags[QString::fromStdString(count.name)].toInteger());
}

QTEST_APPLESS_MAIN(GoldenTest)
#include "golden_test.moc"
