// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_report.h"
#include "core/analysis/analyze.h"
#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

class CliReportTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void bothJsonReportsAgree();
    void previewJsonHasEverythingAPreviewShows();
    void framesOfCaptures();
    void rejectedRowsAreListed();
    void textReports();
    void anEmptyCaptureIsReported();

private:
    const TestFolder folder_;
    Options options_;
    std::shared_ptr<const Analysis> analysis_;
    ConversionSummary summary_;
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

QJsonObject parsed(const std::string& text)
{
    QJsonParseError error;
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(text), &error);
    return error.error == QJsonParseError::NoError && text.ends_with("}\n") ? document.object()
                                                                            : QJsonObject();
}

bool holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

void CliReportTest::initTestCase()
{
    std::string text = conversations(40);
    text += "bad \x1b[31m\xff\n";
    text += captureRow(captureStart + 10'000'000, "10.7.7.7", "10.9.0.1", 2); // a SYN without an answer
    options_.inputs = {folder_.write("in " + quoteInName + "1.csv", text)};
    auto analysis = analyze(options_, goOn);
    auto summary = convert(options_, folder_ / "out", goOn);
    QVERIFY(analysis);
    QVERIFY(summary);
    analysis_ = *analysis;
    summary_ = *std::move(summary);
}

void CliReportTest::bothJsonReportsAgree()
{
    auto preview = parsed(previewJson(*analysis_, options_.inputs, 1.5));
    auto conversion = parsed(conversionJson(summary_, options_.inputs, 0.0625));
    QVERIFY(!preview.isEmpty());
    QVERIFY(!conversion.isEmpty());
    QCOMPARE(preview.take("seconds").toDouble(), 1.5);
    QCOMPARE(conversion.take("seconds").toDouble(), 0.063);
    for (const char* const key : {"preview", "top_addresses", "top_pairs", "bins"})
        QVERIFY2(!preview.take(key).isUndefined(), key);
    for (const char* const key : {"output_dir", "total_chunks", "files", "bytes"})
        QVERIFY2(!conversion.take(key).isUndefined(), key);
    QCOMPARE(preview, conversion);
}

void CliReportTest::previewJsonHasEverythingAPreviewShows()
{
    const auto json = parsed(previewJson(*analysis_, options_.inputs, 0));
    const auto rows = json["rows"].toObject();
    QCOMPARE(rows["read"].toInteger(), 242);
    QCOMPARE(rows["kept"].toInteger(), 241);
    QCOMPARE(rows["rejected"].toInteger(), 1);
    QCOMPARE(json["total_flows"].toInteger(), 41);
    QCOMPARE(json["close_types"].toObject()["graceful"].toInteger(), 40);
    QCOMPARE(json["close_types"].toObject()["invalid"].toInteger(), 1);
    QCOMPARE(json["invalid_reasons"].toObject()["incomplete_no_synack"].toInteger(), 1);
    QCOMPARE(json["flags"].toObject()["SYN"].toInteger(), 41);
    QCOMPARE(json["bins"].toArray().size(), referenceBinCount);
    const auto first = json["top_addresses"].toArray().first().toObject();
    QCOMPARE(first["address"].toString(), QStringLiteral("10.9.0.1"));
    QCOMPARE(first["recv_bytes"].toInteger(), 40 * 400 + 60);
    QCOMPARE(json["top_addresses"].toArray().size(), 20);
    const auto pair = json["top_pairs"].toArray().first().toObject();
    QCOMPARE(pair["a_to_b_packets"].toInteger() + pair["b_to_a_packets"].toInteger(), packetsPerConversation);
    QCOMPARE(json["time_range"].toObject()["start"].toInteger(), captureStart + 100);
    QCOMPARE(json["inputs"].toArray().first().toString(),
             QString::fromStdString(options_.inputs[0].string()));
    const auto quality = json["quality"].toArray().first().toObject();
    QCOMPARE(quality["rows"].toObject()["read"].toInteger(), 242);
    QCOMPARE(quality["rejected_by"].toObject()["too_few_fields"].toInteger(), 1);
    QCOMPARE(quality["first_ts"].toInteger(), captureStart + 100);
    QCOMPARE(quality["out_of_order"].toInteger(), 0);
    QVERIFY(!quality.contains("frames"));
}

void CliReportTest::framesOfCaptures()
{
    PcapngFile file;
    file.interface(1).interface(147);
    file.enhanced(0, 1, ethernet(0x0800, ipv4({.protocol = 4, .options = {}}, tcpPacket())), 99);
    file.enhanced(0, 2, ethernet(0x0800, ipv4({.options = {}, .fragment = 9}, "x"))).enhanced(1, 3, "?");
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.pcapng", file.bytes())};
    const auto framesOf = [&] {
        const auto analysis = analyze(options, goOn);
        const auto json = parsed(previewJson(**analysis, options.inputs, 0));
        return json["quality"].toArray().first().toObject()["frames"].toObject();
    };
    QJsonObject wanted{{"link_types", QJsonObject{{"ethernet", 2}, {"147", 1}}},
                       {"cut", 1},
                       {"cut_in_header", 0},
                       {"first_fragments", 0},
                       {"later_fragments", 1},
                       {"seen_again", 0},
                       {"tunnels", QJsonObject{{"ipv4_in_ipv4", 1}}}};
    QCOMPARE(framesOf(), wanted);
    options.reading.verifyChecksums = true;
    wanted["checksums"] =
        QJsonObject{{"ipv4", QJsonObject{{"checked", 2}, {"wrong", 2}, {"unset", 2}}},
                    {"tcp", QJsonObject{{"checked", 1}, {"wrong", 1}, {"unset", 1}}},
                    {"udp", QJsonObject{{"checked", 0}, {"wrong", 0}, {"unset", 0}, {"without", 0}}}};
    QCOMPARE(framesOf(), wanted);
    const auto verified = analyze(options, goOn);
    const auto text = previewText(**verified, options.inputs, 0);
    QVERIFY2(holds(text, "\nChecksums\n"
                         "  IPv4  2 compared, 2 wrong, of them 2 as left for the card to fill in\n"
                         "  TCP   1 compared, 1 wrong, of them 1 as left for the card to fill in\n"
                         "  UDP   0 compared, 0 wrong\n"),
             text.c_str());
    QVERIFY(!holds(previewText(*analysis_, options_.inputs, 0), "Checksums"));
}

void CliReportTest::rejectedRowsAreListed()
{
    const auto json = parsed(previewJson(*analysis_, options_.inputs, 0));
    QCOMPARE(json["rejected_by"].toObject()["too_few_fields"].toInteger(), 1);
    const auto row = json["rejected_rows"].toArray().first().toObject();
    QCOMPARE(row["line"].toInteger(), 242);
    QCOMPARE(row["reason"].toString(), QStringLiteral("too_few_fields"));
    QVERIFY(row["text"].toString().startsWith("bad \x1b[31m"));
    const auto text = previewText(*analysis_, options_.inputs, 0);
    QVERIFY2(holds(text, ":242: too few fields: bad \\x1b[31m\\xff\n"), text.c_str());
}

void CliReportTest::textReports()
{
    const auto preview = previewText(*analysis_, options_.inputs, 0.25);
    for (const char* const part :
         {"nothing was written", "242 read = 241 kept + 0 filtered + 1 rejected", "  40  graceful\n",
          "   1  invalid\n", "   1    incomplete_no_synack\n", "Packets over time", "TCP flags",
          "Busiest addresses", "10.9.0.1", "Busiest pairs", "2009-11-03 13:23:35.000100 UTC"})
        QVERIFY2(holds(preview, part), part);
    const auto conversion = conversionText(summary_, options_.inputs, 0.25);
    QVERIFY(holds(conversion, "Dataset " + summary_.folder.string()));
    QVERIFY(holds(conversion, "(1 chunk)"));
    QVERIFY(holds(conversion, "in 0.250 s"));
    QVERIFY(!holds(conversion, "filter  "));
    QVERIFY(holds(conversionText(summary_, options_.inputs, 0.25, "bytes > 1k \x1b"),
                  "  filter      bytes > 1k \\x1b\n"));
    QCOMPARE(parsed(conversionJson(summary_, options_.inputs, 0.25, {}, "bytes > 1k"))["filter"].toString(),
             QStringLiteral("bytes > 1k"));
}

void CliReportTest::anEmptyCaptureIsReported()
{
    Options options;
    options.inputs = {folder_.write("empty.csv", captureHeader())};
    const auto analysis = analyze(options, goOn);
    QVERIFY(analysis);
    const auto text = previewText(**analysis, options.inputs, 0);
    QVERIFY(holds(text, "0 read = 0 kept"));
    QVERIFY(!holds(text, "Busiest"));
    QVERIFY(!holds(text, "Packets over time"));
    QVERIFY(parsed(previewJson(**analysis, options.inputs, 0))["bins"].toArray().isEmpty());
}

QTEST_APPLESS_MAIN(CliReportTest)
#include "cli_report_test.moc"
