// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// One test for every point of "What differs from the Python loader" in resources/manual/dataset.md, in the
/// order and with the numbers there. That of repeated --data (14) is in cli_arguments_test.
class ReferenceDifferencesTest : public QObject
{
    Q_OBJECT

private slots:
    void d01_idsAndBlocksInTheAddressFilter();
    void d02_protocolNames();
    void d03_aMalformedRowCostsNoOther();
    void d04_aMissingInputIsAnErrorBeforehand();
    void d05_withoutPacketsThereIsAHeader();
    void d06_theManifestTellsOfTheConverter();
    void d07_theFolderNeverMixesTwoRuns();
    void d08_aNumberBeyond64BitsRejectsItsRow();
    void d08_integersAreExact();
    void d09_aFileWithoutTimesOrAddressesIsAnError();
    void d10_aFieldIsReadWithoutLookingAtOtherRows_data();
    void d10_aFieldIsReadWithoutLookingAtOtherRows();
    void d11_onlyTheDigits0To9MakeAnId();
    void d12_noneIsAMissingValue();
    void d13_optionsWithoutAMeaningAreRefused();
    void d15_flowsAreToldApartByTheirEnds();
    void d16_damagedInputsEndTheRun();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

constexpr const char* map = R"({"10.0.0.1": 1, "10.0.0.2": 2, "10.0.0.12": 12})";

/// What packets.csv holds of some rows, and why the others are not there.
struct Outcome
{
    QStringList packets; ///< without the header
    std::vector<RejectReason> rejects;
    QJsonObject manifest;
    std::string packetsCsv;
};

Outcome outcomeOf(const std::string& text, Options options = {})
{
    const TestFolder folder;
    options.inputs = {folder.write("in.csv", text)};
    options.ipMap = folder.write("map.json", map);
    const auto summary = convert(options, folder / "out", goOn);
    if (!summary)
        qFatal("%s", summary.error().detail.c_str());
    Outcome outcome;
    outcome.packetsCsv = contentOf(folder / "out/packets.csv");
    outcome.packets = QString::fromStdString(outcome.packetsCsv).split('\n', Qt::SkipEmptyParts).mid(1);
    outcome.manifest =
        QJsonDocument::fromJson(QByteArray::fromStdString(contentOf(folder / "out/manifest.json"))).object();
    for (const auto& reject : summary->totals.firstRejected)
        outcome.rejects.push_back(reject.reason);
    return outcome;
}

/// Of rows with a timestamp, addresses, a length and a protocol: these as they are written.
QStringList packetsOf(const std::string& rows, const Options& options = {})
{
    QStringList packets;
    for (const auto& line : outcomeOf("timestamp,src_ip,dst_ip,length,protocol\n" + rows, options).packets) {
        const auto fields = line.split(',');
        packets << QStringList{fields[0], fields[1], fields[2], fields[9], fields[10]}.join(',');
    }
    return packets;
}

Errc refusal(const Options& options)
{
    const TestFolder folder;
    const auto summary = convert(options, folder / "out", goOn);
    return !summary && folder.names().empty() ? summary.error().code : Errc::Internal;
}

} // namespace

void ReferenceDifferencesTest::d01_idsAndBlocksInTheAddressFilter()
{
    Options options;
    options.addressFilter = " 1 , 10.7.0.0/16";
    QCOMPARE(packetsOf("1,1,a,2,6\n2,10.0.0.1,a,2,6\n3,10.7.1.1,a,2,6\n4,2,a,2,6\n", options),
             (QStringList{"1,10.0.0.1,a,2,6", "2,10.0.0.1,a,2,6", "3,10.7.1.1,a,2,6"}));
}

void ReferenceDifferencesTest::d02_protocolNames()
{
    QCOMPARE(packetsOf("1,a,b,2,TCP\n2,a,b,2,udp\n3,a,b,2, Icmp\n4,a,b,2,SCTP\n"),
             (QStringList{"1,a,b,2,6", "2,a,b,2,17", "3,a,b,2,1", "4,a,b,2,"}));
}

void ReferenceDifferencesTest::d03_aMalformedRowCostsNoOther()
{
    using namespace std::string_literals;
    const auto outcome =
        outcomeOf("timestamp,src_ip,dst_ip\n1,a,b,c\n2,a,b\n3,a\n4,a,b\n5,a\0,b\n6,a,b\n7,\xff,b\n"
                  "8,a,b\n9,\"a,b\n10,a,b\n"s);
    QCOMPARE(outcome.packets.size(), 5);
    QVERIFY(outcome.rejects ==
            (std::vector{RejectReason::TooManyFields, RejectReason::TooFewFields, RejectReason::NulByte,
                         RejectReason::AddressNotUtf8, RejectReason::UnclosedQuote}));
    // Where pandas itself errs: a blank that begins a row, and an empty first field behind an empty line.
    QCOMPARE(packetsOf("1,a,b,2,6\r 2,a,b,2,6\r\r3,,b,2,6\r"),
             (QStringList{"1,a,b,2,6", "2,a,b,2,6", "3,,b,2,6"}));
    QVERIFY(outcomeOf("src_ip,timestamp,dst_ip\r\r,1,b\r").packets[0].startsWith("1,,b,"));
}

void ReferenceDifferencesTest::d04_aMissingInputIsAnErrorBeforehand()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(1)), folder / "missing.csv"};
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(!summary);
    QCOMPARE(summary.error().code, Errc::Open);
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
}

void ReferenceDifferencesTest::d05_withoutPacketsThereIsAHeader()
{
    QCOMPARE(
        outcomeOf(captureHeader()).packetsCsv,
        std::string(
            "timestamp,src_ip,dst_ip,src_port,dst_port,flags,flag_type,seq_num,ack_num,length,protocol\n"));
}

void ReferenceDifferencesTest::d06_theManifestTellsOfTheConverter()
{
    const auto converter = outcomeOf(conversations(1)).manifest["converter"].toObject();
    QCOMPARE(converter.keys(), (QStringList{"engine", "name", "rows", "version"}));
}

void ReferenceDifferencesTest::d07_theFolderNeverMixesTwoRuns()
{
    const TestFolder folder;
    Options options;
    options.flowsPerChunk = 1;
    options.inputs = {folder.write("in.csv", conversations(3))};
    QVERIFY(convert(options, folder / "out", goOn));
    QVERIFY(std::filesystem::exists(folder / "out/flows/chunk_00002.json"));
    options.inputs = {folder.write("in.csv", conversations(1))};
    QVERIFY(convert(options, folder / "out", goOn));
    QVERIFY(!std::filesystem::exists(folder / "out/flows/chunk_00001.json"));
}

void ReferenceDifferencesTest::d08_aNumberBeyond64BitsRejectsItsRow()
{
    const std::string columns[] = {"timestamp", "src_port", "dst_port", "flags",
                                   "seq_num",   "ack_num",  "length",   "protocol"};
    for (const auto& column : columns) {
        for (const std::string number : {"9223372036854775808", "18446744073709551615",
                                         "-9223372036854775809", "99999999999999999999", "1e19", "-1e300"}) {
            std::string header = "src_ip,dst_ip", good = "a,b", bad = "a,b";
            for (const auto& each : columns) {
                header += "," + each;
                good += ",1";
                bad += "," + (each == column ? number : "1");
            }
            const auto outcome = outcomeOf(header + "\n" + good + "\n" + bad + "\n" + good + "\n");
            QCOMPARE(outcome.packets.size(), 2);
            QVERIFY(outcome.rejects == std::vector{RejectReason::NumberOutOfRange});
        }
    }
}

void ReferenceDifferencesTest::d08_integersAreExact()
{
    QCOMPARE(packetsOf("1257254615000000001,a,b,9007199254740993,6\n,a,b,,6\n9007199254740993,a,b,x,6\n"),
             (QStringList{"1257254615000000001,a,b,9007199254740993,6", "9007199254740993,a,b,0,6"}));
}

void ReferenceDifferencesTest::d09_aFileWithoutTimesOrAddressesIsAnError()
{
    const TestFolder folder;
    for (const char* const header : {"src_ip,dst_ip\n", "timestamp,dst_ip\n", "timestamp,src_ip\n"}) {
        Options options;
        options.inputs = {folder.write("in.csv", header)};
        QCOMPARE(refusal(options), Errc::Header);
    }
}

void ReferenceDifferencesTest::d10_aFieldIsReadWithoutLookingAtOtherRows_data()
{
    QTest::addColumn<std::string>("field");
    QTest::addColumn<QString>("address");
    QTest::addColumn<QString>("length");
    const auto row = [](const char* field, const char* address, const char* length) {
        QTest::newRow(field) << std::string(field) << QString(address) << QString(length);
    };
    row("2.0", "10.0.0.2", "2");
    row("1e0", "10.0.0.1", "1");
    row("1e3", "1000", "1000");
    row("2.50", "2.50", "2");
    row("+1", "+1", "1");
    row(" 1", " 1", "1");
    row("-0", "-0", "0");
    row("True", "True", "0");
    row("FALSE", "FALSE", "0");
    row("Infinity", "Infinity", "0");
    row("007", "7", "7");
}

// In a column that is like it, where pandas would make numbers or truth values of it all, and among others.
void ReferenceDifferencesTest::d10_aFieldIsReadWithoutLookingAtOtherRows()
{
    QFETCH(std::string, field);
    QFETCH(QString, address);
    QFETCH(QString, length);
    const std::string row = "1," + field + "," + field + "," + field + ",6\n";
    const auto packet = "1," + address + "," + address + "," + length + ",6";
    QCOMPARE(packetsOf(row + row), (QStringList{packet, packet}));
    QCOMPARE(packetsOf(row + "2,x,y,z,6\n" + row + "3,,,,6\n"),
             (QStringList{packet, "2,x,y,0,6", packet, "3,,,0,6"}));
}

void ReferenceDifferencesTest::d11_onlyTheDigits0To9MakeAnId()
{
    QCOMPARE(
        packetsOf("1,12,\xD9\xA1\xD9\xA2,2,6\n2,\xEF\xBC\x91,\xC2\xB2,2,6\n"),
        (QStringList{QStringLiteral("1,10.0.0.12,\u0661\u0662,2,6"), QStringLiteral("2,\uFF11,\u00B2,2,6")}));
}

void ReferenceDifferencesTest::d12_noneIsAMissingValue()
{
    QCOMPARE(packetsOf("1,None,a,None,None\n"), QStringList{"1,,a,0,"});
    QVERIFY(outcomeOf("timestamp,src_ip,dst_ip\nNone,a,b\n").rejects ==
            std::vector{RejectReason::TimestampMissing});
}

void ReferenceDifferencesTest::d13_optionsWithoutAMeaningAreRefused()
{
    const TestFolder folder;
    Options usual;
    usual.inputs = {folder.write("in.csv", conversations(1))};
    const auto with = [&](std::int64_t Options::*number, std::int64_t value) {
        Options options = usual;
        options.*number = value;
        return refusal(options);
    };
    QCOMPARE(with(&Options::flowTimeoutSeconds, -1), Errc::Option);
    QCOMPARE(with(&Options::maxRecords, -1), Errc::Option);
    QCOMPARE(with(&Options::flowsPerChunk, 0), Errc::Option);
    QCOMPARE(with(&Options::readChunkRows, 0), Errc::Option);
    Options options = usual;
    options.window = {.start = 2, .end = 1};
    QCOMPARE(refusal(options), Errc::TimeWindow);
    options = usual;
    options.addressFilter = "10.0.0.0/33";
    QCOMPARE(refusal(options), Errc::FilterEntry);
}

void ReferenceDifferencesTest::d15_flowsAreToldApartByTheirEnds()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", "timestamp,src_ip,dst_ip,src_port,dst_port,flags,protocol\n"
                                             "1,a,b:2-c,1,3,2,6\n"
                                             "2,a:1-b,c,2,3,2,6\n")};
    QVERIFY(convert(options, folder / "out", goOn));
    const auto index =
        QJsonDocument::fromJson(QByteArray::fromStdString(contentOf(folder / "out/flows/flows_index.json")))
            .array();
    QCOMPARE(index.size(), 2);
    for (const auto& flow : index)
        QCOMPARE(flow.toObject()["key"].toString(), "a:1-b:2-c:3");
}

void ReferenceDifferencesTest::d16_damagedInputsEndTheRun()
{
    const TestFolder folder;
    const auto whole = gzipMember(conversations(5000));
    Options options;
    options.inputs = {folder.write("cut.csv.gz", whole.substr(0, whole.size() / 2)),
                      folder.write("whole.csv", conversations(2))};
    const auto before = folder.names();
    const auto cut = convert(options, folder / "out", goOn);
    QVERIFY(!cut);
    QCOMPARE(cut.error().code, Errc::InflateEnd);
    options.inputs.erase(options.inputs.begin());
    options.ipMap = folder.write("map.json", R"({"10.0.0.1": "one"})");
    const auto map = convert(options, folder / "out", goOn);
    QVERIFY(!map);
    QCOMPARE(map.error().code, Errc::MapValue);
    std::filesystem::remove(folder / "map.json");
    QCOMPARE(folder.names(), before); // nothing was written
}

QTEST_APPLESS_MAIN(ReferenceDifferencesTest)
#include "reference_differences_test.moc"
