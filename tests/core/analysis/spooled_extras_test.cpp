// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// What a capture tells of packets beyond their columns goes with them into the spool, whatever is left out.
class SpooledExtrasTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void goWithTheirPackets_data();
    void goWithTheirPackets();
    void ofTablesNothingIsKnown();
    void captureAndTable();
    void wrongChecksumsOnlyWhereAsked();

private:
    TestFolder folder_;
    std::filesystem::path capture_;
};

namespace {

constexpr unsigned packets = 9000;

// A packet that says of itself which extras belong to it: its sequence number has window and shift count.
std::string packetOf(std::mt19937& random, unsigned i)
{
    const auto host = "10.0.0." + std::to_string(1 + random() % 9);
    if (i % 7 == 0)
        return ipv4({.source = host, .protocol = 1}, hex("03 0a 00 00 00 00 00 00") + zeros(random() % 50));
    const auto window = static_cast<unsigned>(random()) & 0xffff,
               shift = static_cast<unsigned>(random()) & 15;
    const bool syn = random() % 3 == 0;
    auto segment = tcp({.sourcePort = 40000 + i % 50,
                        .sequence = window << 8 | shift << 4 | (syn ? 1u : 0u),
                        .flags = syn ? 0x02u : 0x10u,
                        .window = window,
                        .headerWords = syn ? 6u : 5u},
                       zeros(random() % 100));
    if (syn)
        segment.replace(20, 4, hex("01 03 03") + std::string(1, static_cast<char>(shift)));
    return ipv4({.source = host}, segment);
}

PacketExtras expected(const Packet& packet)
{
    const auto length = static_cast<std::int32_t>(packet.length);
    if (!packet.isTcp())
        return {.payload = length - 20, .ipBytes = length, .icmpType = 3, .icmpCode = 10};
    const bool syn = (packet.sequence & 1) != 0;
    return {.payload = length - (syn ? 44 : 40),
            .ipBytes = length,
            .window = static_cast<std::int32_t>(packet.sequence >> 8),
            .windowScale = static_cast<std::int16_t>(syn ? packet.sequence >> 4 & 15 : -1)};
}

std::shared_ptr<const CaptureAnalysis> analyzed(const Options& options)
{
    const auto analysis = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    if (!analysis)
        qFatal("the analysis fails");
    return *analysis;
}

} // namespace

void SpooledExtrasTest::initTestCase()
{
    std::mt19937 random(3); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    PcapFile file(101);
    for (unsigned i = 0; i < packets; ++i)
        file.add(1 + i / 100, i % 100, packetOf(random, i));
    capture_ = folder_.write("in.pcap", file.bytes());
}

void SpooledExtrasTest::goWithTheirPackets_data()
{
    QTest::addColumn<Options>("options");
    const auto row = [](const char* name, const Options& options) { QTest::newRow(name) << options; };
    row("all", {});
    Options options;
    options.addressFilter = "10.0.0.3,10.0.0.7";
    row("some addresses", options);
    options.maxRecords = 301;
    row("the first of some addresses", options);
    options = {};
    options.maxRecords = 3001;
    row("the first", options);
    options = {};
    options.filter = "port = 40003 or src = 10.0.0.8";
    row("a filter of rows", options);
    options.threads = 1;
    options.blockSize = 1000;
    row("one thread and small blocks", options);
    options = {};
    options.window.start = 20'000'000;
    options.window.end = 40'000'000;
    row("a time", options);
    options = {};
    options.filter = "packets > 10";
    row("a filter of flows", options);
    options.readChunkRows = 100;
    row("short read chunks", options);
}

void SpooledExtrasTest::goWithTheirPackets()
{
    QFETCH(Options, options);
    options.inputs = {capture_};
    const auto analysis = analyzed(options);
    QVERIFY(analysis->spool.packets() > 100);
    QVERIFY(analysis->spool.knowsExtras());
    std::uint64_t rows = 0;
    QVERIFY(analysis->spool.forEach({}, [&](const SpooledPacket& row) {
        ++rows;
        return row.extras == expected(row.packet);
    }));
    QCOMPARE(rows, analysis->totals.rows.kept);
    QCOMPARE(rows, analysis->spool.packets());
}

void SpooledExtrasTest::ofTablesNothingIsKnown()
{
    Options options;
    options.inputs = {folder_.write("in.csv", "timestamp,src_ip,dst_ip\n1257254615000000,a,b\n")};
    QVERIFY(!analyzed(options)->spool.knowsExtras());
}

void SpooledExtrasTest::captureAndTable()
{
    std::string table = "timestamp,src_ip,dst_ip\n";
    for (int i = 0; i < 1000; ++i)
        table += "1257254615000000,a,b\n";
    Options options;
    options.inputs = {folder_.write("in.csv", table), capture_, folder_.write("more.csv", table)};
    const auto analysis = analyzed(options);
    QVERIFY(analysis->spool.forEach({}, [&](const SpooledPacket& row) {
        const bool ofCapture = row.row >= 1000 && row.row < 1000 + packets;
        return row.extras == (ofCapture ? expected(row.packet) : PacketExtras{});
    }));
    QCOMPARE(analysis->spool.packets(), packets + 2000);
}

void SpooledExtrasTest::wrongChecksumsOnlyWhereAsked()
{
    for (const bool asked : {false, true}) {
        Options options;
        options.inputs = {capture_};
        options.maxRecords = 100;
        options.reading.verifyChecksums = asked;
        const auto analysis = analyzed(options);
        QVERIFY(analysis->spool.forEach({}, [&](const SpooledPacket& row) {
            const unsigned wrong = PacketExtras::BadChecksum | PacketExtras::BadIpChecksum;
            return (row.extras.damage & wrong) == (asked ? wrong : 0u);
        }));
    }
}

QTEST_GUILESS_MAIN(SpooledExtrasTest)
#include "spooled_extras_test.moc"
