// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/analysis/open_dataset.h"
#include "core/input/inspect.h"
#include "core/model/packet_details.h"
#include "tests/core/output/capture_conversion.h"
#include "tests/support/capture_text.h"
#include "tests/support/gzip_text.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Packet captures go the same way as captures in CSV, with every option.
class ConvertCaptureTest : public QObject
{
    Q_OBJECT

private slots:
    void rowsAreThoseOfTheCsv();
    void everyFrameIsAccountedFor();
    void blocksAndThreadsChangeNothing();
    void windowsFiltersAndLimits();
    void capturesAndCsvTogether();
    void tunnelsAreInTheManifest();
    void laterFragmentsHaveNoPorts();
    void readingStopsBehindTheWindow();
    void inspectionShowsPackets();
    void datasetsOfCapturesOpen();
};

namespace {

const std::string csvHead = "timestamp,src_ip,dst_ip,src_port,dst_port,flags,";

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

void ConvertCaptureTest::rowsAreThoseOfTheCsv()
{
    PcapFile file(1, Endian::Little, PcapFile::Fraction::Nano);
    file.add(1700000000, 123456789, ethernet(0x0800, ipv4({.options = {}}, tcp({.flags = 0x1ff}))), 1514);
    file.add(1700000001, 999, ethernet(0x86dd, ipv6(udp(53, 5353), 17)));
    file.add(1700000002, 0, ethernet(0x0800, ipv4({.protocol = 1, .options = {}}, zeros(8))));
    const auto converted = convertOne(file.bytes());
    QCOMPARE(converted.packets,
             std::string("1700000000123456,10.0.0.1,10.0.0.2,40000,80,511,ACK+CWR+ECE+FIN+PSH+RST+SYN+URG,"
                         "1000,2000,1514,6\n"
                         "1700000001000000,2001:db8::1,2001:db8::2,53,5353,0,NONE,0,0,62,17\n"
                         "1700000002000000,10.0.0.1,10.0.0.2,0,0,0,NONE,0,0,42,1\n"));
    // What the dataset tells is what it tells of the same rows in CSV.
    const auto again = convertOne(contentOf(TestFolder().write(
        "x.csv", csvHead + "flag_type,seq_num,ack_num,length,protocol\n" + converted.packets)));
    for (const auto& [name, content] : converted.dataset) {
        if (name != "manifest.json") // which names the file and the rows
            QCOMPARE(again.dataset.at(name), content);
    }
}

void ConvertCaptureTest::everyFrameIsAccountedFor()
{
    PcapFile file = mixedCapture(3);
    file.add(500, 0, ethernet(38, hex("42 42 03") + zeros(35)));
    Options options;
    options.window.start = 101'000'000;
    const auto converted = convertOne(file.bytes(), options);
    const auto& totals = converted.totals;
    QCOMPARE(totals.rows, (RowCounts{.read = 28, .kept = 14, .filtered = 9, .rejected = 2, .notIp = 3}));
    QCOMPARE(totals.inputs.at(0).rows, totals.rows);
    QCOMPARE(totals.notIpBy[static_cast<std::size_t>(NotIp::Arp)], 2u);
    QCOMPARE(totals.notIpBy[static_cast<std::size_t>(NotIp::Llc)], 1u);
    QCOMPARE(sumOf(totals.notIpBy), totals.rows.notIp);
    QCOMPARE(totals.inputs.at(0).notIpBy, totals.notIpBy);
    QCOMPARE(totals.firstRejected.size(), 2u);
    QCOMPARE(totals.firstRejected[0].line, 17u);
    QCOMPARE(totals.firstRejected[0].unit, RowUnit::Packet);
    QCOMPARE(totals.firstRejected[0].reason, RejectReason::IpHeaderCut);
    QCOMPARE(totals.firstRejected[0].raw, std::string("02 00 00 00 00 02 02 00 00 00 00 01 08 00 45"));
    const auto rows =
        QJsonDocument::fromJson(QByteArray::fromStdString(converted.dataset.at("manifest.json")))
            .object()["converter"]
            .toObject()["rows"]
            .toObject();
    QCOMPARE(rows["read"].toInteger(), 28);
    QCOMPARE(rows["not_ip"].toInteger(), 3);
}

void ConvertCaptureTest::blocksAndThreadsChangeNothing()
{
    const auto bytes = mixedCapture(40).bytes();
    Options options;
    options.maxRecords = 250;
    options.readChunkRows = 37;
    options.addressFilter = "10.9.0.0/30,2001:db8::/32";
    const auto wanted = convertOne(bytes, options);
    QVERIFY(wanted.totals.rows.filtered > 0 && wanted.totals.flows > 0);
    for (const std::size_t blockSize : {1u, 50u, 1000u, 65536u}) {
        for (const unsigned threads : {1u, 2u, 8u}) {
            options.blockSize = blockSize;
            options.threads = threads;
            const auto got = convertOne(bytes, options);
            QCOMPARE(got.totals.rows, wanted.totals.rows);
            for (const auto& [name, content] : wanted.dataset) {
                if (name != "manifest.json")
                    QCOMPARE(got.dataset.at(name), content);
            }
            const auto gz = convertOne(gzipMember(bytes), options);
            QCOMPARE(gz.totals.rows, wanted.totals.rows);
            QCOMPARE(gz.packets, wanted.packets);
        }
    }
}

void ConvertCaptureTest::windowsFiltersAndLimits()
{
    PcapFile file(1, Endian::Little, PcapFile::Fraction::Nano);
    for (std::uint32_t i = 0; i < 10; ++i)
        file.add(i, 500,
                 ethernet(0x0800, ipv4({.source = "10.0.0." + std::to_string(i), .options = {}}, tcp())));
    Options options;
    options.window = {.start = 2'000'001, .end = 8'000'000}; // half a microsecond later is later
    QCOMPARE(convertOne(file.bytes(), options).totals.rows,
             (RowCounts{.read = 10, .kept = 5, .filtered = 5}));
    options.window = {.start = 2'000'000, .end = 8'000'001};
    QCOMPARE(convertOne(file.bytes(), options).totals.rows,
             (RowCounts{.read = 10, .kept = 7, .filtered = 3}));
    options = {};
    options.addressFilter = "10.0.0.4/31,10.0.0.9";
    QCOMPARE(convertOne(file.bytes(), options).totals.rows,
             (RowCounts{.read = 10, .kept = 3, .filtered = 7}));
    options = {};
    options.maxRecords = 4;
    QCOMPARE(convertOne(file.bytes(), options).totals.rows, (RowCounts{.read = 4, .kept = 4}));
}

void ConvertCaptureTest::capturesAndCsvTogether()
{
    const TestFolder folder;
    PcapngFile ng;
    ng.interface(101).enhanced(0, 5, ipv4({.source = "10.0.0.9", .options = {}}, tcp())).enhanced(0, 6, "?");
    Options options;
    options.inputs = {
        folder.write("a.csv", captureHeader() + captureRow(1, "10.0.0.1", "10.0.0.2", 2) + "bad\n"),
        folder.write("b.pcapng", ng.bytes()), folder.write("c.pcap", mixedCapture(1).bytes()),
        folder.write("d.csv", captureHeader() + captureRow(9, "10.0.0.9", "10.0.0.2", 2))};
    const auto converted = convertAll(options, folder);
    QCOMPARE(converted.totals.rows, (RowCounts{.read = 14, .kept = 10, .rejected = 3, .notIp = 1}));
    QCOMPARE(converted.totals.firstRejected[0].unit, RowUnit::Line);
    QCOMPARE(converted.totals.firstRejected[0].line, 3u);
    QCOMPARE(converted.totals.firstRejected[1].unit, RowUnit::Packet);
    QCOMPARE(converted.totals.firstRejected[1].line, 2u);
    QCOMPARE(converted.totals.firstRejected[1].reason, RejectReason::IpVersion);
    QCOMPARE(converted.totals.uniqueAddresses, 7u); // one text is one address, wherever it came from
}

void ConvertCaptureTest::tunnelsAreInTheManifest()
{
    const auto outer = Ip{.source = "192.0.2.1", .destination = "192.0.2.2", .protocol = 4, .options = {}};
    const auto bytes = PcapFile(101).add(1, 0, ipv4(outer, tcpPacket())).bytes();
    Options options;
    auto converted = convertOne(bytes, options);
    QVERIFY(converted.packets.starts_with("1000000,10.0.0.1,10.0.0.2,40000,80,"));
    QVERIFY(!has(converted.dataset.at("manifest.json"), "tunnels"));
    options.reading.tunnels = Tunnels::Outer;
    converted = convertOne(bytes, options);
    QVERIFY(converted.packets.starts_with("1000000,192.0.2.1,192.0.2.2,0,0,0,NONE,0,0,60,4"));
    QVERIFY(has(converted.dataset.at("manifest.json"), "\"tunnels\": \"outer\""));
}

void ConvertCaptureTest::laterFragmentsHaveNoPorts()
{
    PcapFile file(101);
    file.add(1, 0, ipv4({.options = {}, .fragment = 0x2000, .identification = 7}, tcp()));
    file.add(1, 1, ipv4({.options = {}, .fragment = 3, .identification = 7}, zeros(30)));
    const auto converted = convertOne(file.bytes());
    QVERIFY(has(converted.packets, "1000001,10.0.0.1,10.0.0.2,0,0,0,NONE,0,0,50,6\n"));
}

void ConvertCaptureTest::readingStopsBehindTheWindow()
{
    PcapFile file;
    for (std::uint32_t i = 0; i < 1000; ++i)
        file.add(i, 0, ethernet(0x0800, tcpPacket()));
    Options options;
    options.readChunkRows = 2;
    options.window.end = 99'000'000;
    const auto rows = convertOne(file.bytes(), options).totals.rows;
    QCOMPARE(rows.kept, 100u);
    QCOMPARE(rows.read, 200u); // fifty read chunks without a kept row
}

void ConvertCaptureTest::inspectionShowsPackets()
{
    const TestFolder folder;
    const auto facts = inspectCapture({.file = folder.write("in", gzipMember(mixedCapture(30).bytes()))});
    QVERIFY(facts);
    QCOMPARE(facts->format, captureFormatId);
    QCOMPARE(facts->compression, Compression::Gzip);
    QCOMPARE(facts->firstTimestamp, std::optional<std::int64_t>(100'000'000));
    QCOMPARE(facts->columns.size(), columnCount + detailCount - 1);
    QCOMPARE(facts->columns[columnCount], std::string("payload"));
    QCOMPARE(facts->firstRows.size(), inspectedRows);
    QCOMPARE(facts->firstRows[0],
             (std::vector<std::string>{"100000000", "10.0.0.7", "10.9.0.1", "40000", "80", "2", "1000", "0",
                                       "54",        "6",        "0",        "512",   "64", "0", "0",    "",
                                       "0",         "40",       "40",       "",      "",   ""}));
    const auto empty = inspectCapture({.file = folder.write("empty", PcapFile().bytes())});
    QVERIFY(empty && empty->firstRows.empty() && !empty->firstTimestamp);
    QCOMPARE(inspectCapture({.file = folder.write("cut", PcapFile().bytes().substr(0, 20))}).error().code,
             Errc::CaptureCut);
}

void ConvertCaptureTest::datasetsOfCapturesOpen()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.pcap", mixedCapture(20).bytes())};
    options.reading.tunnels = Tunnels::Outer;
    QVERIFY(convert(options, folder / "out", goOn));
    const auto opened = openDataset(folder / "out", goOn);
    QVERIFY(opened);
    QCOMPARE((*opened)->totals.rows, (RowCounts{.read = 180, .kept = 140, .rejected = 20, .notIp = 20}));
    QCOMPARE((*opened)->dataset()->source.manifest.tunnels, Tunnels::Outer);
}

QTEST_GUILESS_MAIN(ConvertCaptureTest)
#include "convert_capture_test.moc"
