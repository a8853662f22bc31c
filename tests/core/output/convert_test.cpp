// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What the pipeline promises beyond the recorded datasets.
class ConvertTest : public QObject
{
    Q_OBJECT

private slots:
    void everyRowIsAccountedFor();
    void onlyTheFirstThousandRejectedRowsAreKept();
    void theSummaryIsTheManifest();
    void severalFilesGiveWhatOneWouldAtTheSameChunkBorders();
    void readingStopsBehindTheWindow();
    void maxRecordsCountsNoFurtherRows();
    void trailingGarbageIsAWarning();
    void anOlderDatasetIsReplaced();
    void aFailedRunLeavesTheOldDataset();
    void aNewColumnOrderPerFileIsFine();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

QJsonObject manifestIn(const std::filesystem::path& folder)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(contentOf(folder / "manifest.json"))).object();
}

} // namespace

void ConvertTest::everyRowIsAccountedFor()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(3) + "short\n\nsoon" + std::string(9, ',') + "\n" +
                                                 captureRow(captureStart - 1, "10.0.0.1", "10.9.0.1", 2))};
    options.window.start = captureStart;
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(summary);
    const RowCounts& rows = summary->totals.rows;
    QCOMPARE(rows, (RowCounts{.read = 21, .kept = 18, .filtered = 1, .rejected = 2}));
    QCOMPARE(summary->totals.firstRejected.size(), 2u);
    QCOMPARE(summary->totals.firstRejected[0].line, 20u);
    QCOMPARE(summary->totals.firstRejected[0].reason, RejectReason::TooFewFields);
    QCOMPARE(summary->totals.firstRejected[0].raw, std::string("short"));
    QCOMPARE(summary->totals.firstRejected[1].line, 22u);
    QCOMPARE(summary->totals.firstRejected[1].reason, RejectReason::TimestampUnreadable);
    const auto counted = manifestIn(folder / "out")["converter"].toObject()["rows"].toObject();
    QCOMPARE(counted["read"].toInteger(), 21);
    QCOMPARE(counted["kept"].toInteger(), 18);
    QCOMPARE(counted["filtered"].toInteger(), 1);
    QCOMPARE(counted["rejected"].toInteger(), 2);
}

void ConvertTest::onlyTheFirstThousandRejectedRowsAreKept()
{
    const TestFolder folder;
    std::string text = captureHeader();
    for (int i = 0; i < 2500; ++i)
        text += "bad\n";
    Options options;
    options.inputs = {folder.write("in.csv", text)};
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(summary);
    QCOMPARE(summary->totals.rows.rejected, 2500u);
    QCOMPARE(summary->totals.rejectedBy[0], 2500u);
    QCOMPARE(summary->totals.firstRejected.size(), keptRejectedRows);
    QCOMPARE(summary->totals.firstRejected.back().line, 1001u);
}

void ConvertTest::theSummaryIsTheManifest()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(7))};
    options.flowsPerChunk = 3;
    options.attackContext = "a \"label\"";
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(summary);
    const auto manifest = manifestIn(folder / "out");
    QCOMPARE(manifest["total_packets"].toInteger(), 42);
    QCOMPARE(manifest["total_flows"].toInteger(), qint64(summary->totals.flows));
    QCOMPARE(manifest["total_chunks"].toInteger(), qint64(summary->chunks));
    QCOMPARE(summary->chunks, 3u);
    QCOMPARE(manifest["attack_context"].toObject()["type"].toString(), QStringLiteral("a \"label\""));
    const auto content = datasetContent(folder / "out");
    QCOMPARE(content.size(), summary->files);
    std::uint64_t bytes = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder / "out"))
        bytes += entry.is_regular_file() ? entry.file_size() : 0;
    QCOMPARE(summary->bytes, bytes);
    QCOMPARE(summary->tally.closeTypes[std::size_t(CloseType::Graceful)], 7u);
}

void ConvertTest::severalFilesGiveWhatOneWouldAtTheSameChunkBorders()
{
    const TestFolder folder;
    const auto text = conversations(10);
    const auto header = captureHeader();
    std::size_t cut = header.size();
    for (int row = 0; row < 20; ++row) // in the middle of the fourth conversation
        cut = text.find('\n', cut) + 1;
    Options one, two;
    one.readChunkRows = two.readChunkRows = 20;
    one.inputs = {folder.write("one/in.csv", text)};
    two.inputs = {folder.write("two/a.csv", text.substr(0, cut)),
                  folder.write("two/b.csv.gz", gzipMember(header + text.substr(cut)))};
    QVERIFY(convert(one, folder / "out-one", goOn));
    QVERIFY(convert(two, folder / "out-two", goOn));
    auto first = datasetContent(folder / "out-one"), second = datasetContent(folder / "out-two");
    QCOMPARE(first.erase("manifest.json"), 1u); // names its source files
    QCOMPARE(second.erase("manifest.json"), 1u);
    QVERIFY(first == second);
}

// 50 consecutive read chunks without a kept row, after the end of the window was seen: the rest is not read.
void ConvertTest::readingStopsBehindTheWindow()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(1000))};
    options.readChunkRows = 10;
    options.window.end = captureStart + 600;
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(summary);
    QCOMPARE(summary->totals.rows.kept, 6u);
    QCOMPARE(summary->totals.rows.read, 510u);
}

void ConvertTest::maxRecordsCountsNoFurtherRows()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("a.csv", conversations(5)), folder.write("b.csv", conversations(5))};
    options.maxRecords = 17;
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(summary);
    QCOMPARE(summary->totals.rows, (RowCounts{.read = 17, .kept = 17, .filtered = 0, .rejected = 0}));
}

void ConvertTest::trailingGarbageIsAWarning()
{
    const TestFolder folder;
    const auto gzip = gzipMember(conversations(5));
    Options options;
    options.inputs = {folder.write("in.csv.gz", gzip + "garbage")};
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(summary);
    QCOMPARE(summary->totals.rows.kept, 30u);
    QCOMPARE(summary->totals.warnings.size(), 1u);
    QCOMPARE(summary->totals.warnings[0].kind, Warning::Kind::TrailingGarbage);
    QCOMPARE(summary->totals.warnings[0].error.byte, gzip.size());
}

void ConvertTest::anOlderDatasetIsReplaced()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(500))};
    QVERIFY(convert(options, folder / "out", goOn));
    QVERIFY(std::filesystem::exists(folder / "out/flows/chunk_00002.json"));
    options.inputs = {folder.write("in.csv", conversations(1))};
    QVERIFY(convert(options, folder / "out", goOn));
    QVERIFY(
        !std::filesystem::exists(folder / "out/flows/chunk_00001.json")); // nothing of the old one is left
    QCOMPARE(folder.names(), (std::vector<std::string>{"in.csv", "out"}));
}

void ConvertTest::aFailedRunLeavesTheOldDataset()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(3))};
    QVERIFY(convert(options, folder / "out", goOn));
    const auto before = datasetContent(folder / "out");
    auto cut = gzipMember(conversations(2000));
    cut.resize(cut.size() / 2);
    options.inputs = {folder.write("cut.gz", cut)};
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(!summary);
    QCOMPARE(summary.error().code, Errc::InflateEnd);
    QCOMPARE(summary.error().stage, Stage::Run);
    QCOMPARE(summary.error().byte, cut.size());
    QVERIFY(summary.error().line > 1);
    QVERIFY(datasetContent(folder / "out") == before);
    QCOMPARE(folder.names(), (std::vector<std::string>{"cut.gz", "in.csv", "out"}));
}

void ConvertTest::aNewColumnOrderPerFileIsFine()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("a.csv", "timestamp,src_ip,dst_ip,length\n1,a,b,5\n"),
                      folder.write("b.csv", "dst_ip,length,note,src_ip,timestamp\nd,7,x,c,2\n")};
    QVERIFY(convert(options, folder / "out", goOn));
    const auto packets = contentOf(folder / "out/packets.csv");
    QVERIFY(packets.find("\n1,a,b,0,0,0,UNKNOWN,0,0,5,\n2,c,d,0,0,0,UNKNOWN,0,0,7,\n") != std::string::npos);
}

QTEST_APPLESS_MAIN(ConvertTest)
#include "convert_test.moc"
