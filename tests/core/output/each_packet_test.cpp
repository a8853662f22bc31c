// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/analysis/open_dataset.h"
#include "tests/core/output/capture_conversion.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Where each packet within packets counts, each is a row of its own, of the same frame (docs/captures.md,
/// 13).
class EachPacketTest : public QObject
{
    Q_OBJECT

private slots:
    void rows();
    void framesAndRowsAreCounted();
    void anywhereAReadChunkEnds();
    void limitsEndWithinAFrame();
    void filtersTakeRows();
    void checksumsOfEach();
    void extrasOfEach();
    void datasetsOpen();
};

namespace {

const std::string gre = hex("00 00 08 00"), vxlan = hex("08 00 00 00 00 00 01 00");

std::string outer(unsigned protocol, const std::string& payload)
{
    return ipv4({.source = "192.0.2.1", .destination = "192.0.2.2", .protocol = protocol}, payload);
}

/// Six frames with eleven packets; two have none.
PcapFile capture()
{
    const auto inner = ipv4({}, tcp({.flags = 2}, "data"));
    const auto middle = ipv4({.source = "10.1.1.1", .destination = "10.1.1.2", .protocol = 47}, gre + inner);
    std::string deep = inner;
    for (int i = 0; i < 40; ++i)
        deep = outer(4, deep);
    PcapFile file;
    file.add(1, 0, ethernet(0x0800, inner));                        // 1 packet
    file.add(2, 0, ethernet(0x0800, outer(47, gre + middle)), 200); // 3
    file.add(3, 0, ethernet(0x0806, zeros(28)));                    // none
    file.add(
        4, 0,
        ethernet(0x0800, outer(17, udp(40000, 4789, vxlan + ethernet(0x86dd, ipv6(tcp({}, "six"))))))); // 2
    file.add(5, 0, ethernet(0x0800, deep));                                         // none
    file.add(6, 0, ethernet(0x0800, outer(4, ipv4({.fragment = 0x0009}, "1234")))); // 2, a later fragment
    file.add(7, 0, ethernet(0x0800, outer(4, "no packet")));                        // 1
    file.add(8, 0, ethernet(0x0800, outer(4, inner)).substr(0, 14 + 20 + 20 + 8), 14 + 20 + 44); // 2, cut
    return file;
}

Options eachOne()
{
    Options options;
    options.reading.tunnels = Tunnels::Each;
    return options;
}

const std::string packets = "1000000,10.0.0.1,10.0.0.2,40000,80,2,SYN,1000,2000,58,6\n"
                            "2000000,192.0.2.1,192.0.2.2,0,0,0,NONE,0,0,200,47\n"
                            "2000000,10.1.1.1,10.1.1.2,0,0,0,NONE,0,0,68,47\n"
                            "2000000,10.0.0.1,10.0.0.2,40000,80,2,SYN,1000,2000,44,6\n"
                            "4000000,192.0.2.1,192.0.2.2,40000,4789,0,NONE,0,0,127,17\n"
                            "4000000,2001:db8::1,2001:db8::2,40000,80,24,PSH+ACK,1000,2000,63,6\n"
                            "6000000,192.0.2.1,192.0.2.2,0,0,0,NONE,0,0,58,4\n"
                            "6000000,10.0.0.1,10.0.0.2,0,0,0,NONE,0,0,24,6\n"
                            "7000000,192.0.2.1,192.0.2.2,0,0,0,NONE,0,0,43,4\n"
                            "8000000,192.0.2.1,192.0.2.2,0,0,0,NONE,0,0,78,4\n"
                            "8000000,10.0.0.1,10.0.0.2,40000,80,0,NONE,0,0,44,6\n";
constexpr RowCounts counts{.read = 13, .kept = 11, .rejected = 1, .notIp = 1};

std::shared_ptr<const CaptureAnalysis> analyzed(Options options, const std::string& bytes)
{
    const TestFolder folder;
    options.inputs = {folder.write("in.pcap", bytes)};
    const auto analysis = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    if (!analysis)
        qFatal("the analysis fails");
    return *analysis;
}

} // namespace

void EachPacketTest::rows()
{
    for (const unsigned threads : {1u, 2u}) {
        for (const std::size_t blockSize : {std::size_t{100}, std::size_t{65536}}) {
            auto options = eachOne();
            options.threads = threads;
            options.blockSize = blockSize;
            const auto converted = convertOne(capture().bytes(), options);
            QVERIFY2(converted.packets == packets, converted.packets.c_str());
            QCOMPARE(converted.totals.rows, counts);
            QVERIFY(converted.dataset.at("manifest.json").find("\"tunnels\": \"each\"") != std::string::npos);
        }
    }
}

void EachPacketTest::framesAndRowsAreCounted()
{
    const auto analysis = analyzed(eachOne(), capture().bytes());
    const auto& input = analysis->totals.inputs.at(0);
    QCOMPARE(input.rows, counts);
    QCOMPARE(input.frames.frames(), 8u);
    QCOMPARE(input.frames.linkTypes(), (std::map<std::uint16_t, std::uint64_t>{{1, 8}}));
    QCOMPARE(input.frames.counts()[Tunnel::Gre], 1u); // a frame counts once
    QCOMPARE(input.frames.counts()[Tunnel::Vxlan], 1u);
    QCOMPARE(input.frames.counts()[Tunnel::Ipv4InIpv4], 3u); // also of the one that is nested too deeply
    QCOMPARE(input.frames.counts()[FrameMark::LaterFragment], 1u);
    QCOMPARE(input.frames.counts()[FrameMark::Cut], 2u);
    QCOMPARE(input.frames.counts()[FrameMark::HeaderCut], 1u);
    QCOMPARE(input.frames.seenAgain(), 0u);
    // Rows of one frame have one number.
    std::vector<std::uint64_t> lines;
    for (const auto& row : analysis->firstRows)
        lines.push_back(row.line);
    QCOMPARE(lines, (std::vector<std::uint64_t>{1, 2, 2, 2, 4, 4, 6, 6, 7, 8, 8}));
    QCOMPARE(analysis->totals.firstRejected.at(0).line, 5u);
    QCOMPARE(analysis->totals.firstRejected.at(0).reason, RejectReason::NestedTooDeeply);
}

void EachPacketTest::anywhereAReadChunkEnds()
{
    for (const std::int64_t rows : {1, 2, 3, 5}) {
        auto options = eachOne();
        options.readChunkRows = rows;
        const auto converted = convertOne(capture().bytes(), options);
        QCOMPARE(converted.packets, packets);
        QCOMPARE(converted.totals.rows, counts);
        const auto& frames = converted.totals.inputs.at(0).frames;
        QCOMPARE(frames.frames(), 8u);
        QCOMPARE(frames.linkTypes().at(1), 8u);
        QCOMPARE(frames.counts()[Tunnel::Ipv4InIpv4], 3u);
        QCOMPARE(frames.counts()[FrameMark::HeaderCut], 1u);
    }
}

void EachPacketTest::limitsEndWithinAFrame()
{
    std::size_t end = 0;
    for (std::int64_t most = 1; most <= 12; ++most) {
        auto options = eachOne();
        options.maxRecords = most;
        const auto converted = convertOne(capture().bytes(), options);
        end = packets.find('\n', end) != std::string::npos ? packets.find('\n', end) + 1 : end;
        QCOMPARE(converted.packets, packets.substr(0, end));
        const auto& rows = converted.totals.rows;
        QCOMPARE(rows.kept, std::min<std::uint64_t>(static_cast<std::uint64_t>(most), 11));
        QCOMPARE(rows.read, rows.kept + rows.filtered + rows.rejected + rows.notIp);
        QCOMPARE(rows.filtered, 0u);
    }
}

void EachPacketTest::filtersTakeRows()
{
    auto options = eachOne();
    options.addressFilter = "10.0.0.0/24";
    auto converted = convertOne(capture().bytes(), options);
    QCOMPARE(converted.totals.rows,
             (RowCounts{.read = 13, .kept = 4, .filtered = 7, .rejected = 1, .notIp = 1}));
    QCOMPARE(std::count(converted.packets.begin(), converted.packets.end(), '\n'), 4);
    QVERIFY(converted.packets.find("192.0.2.1") == std::string::npos);
    options = eachOne();
    options.filter = "proto == 47";
    converted = convertOne(capture().bytes(), options);
    QCOMPARE(converted.totals.rows.kept, 2u);
    options = eachOne();
    options.window.start = 4'000'000; // of frames outside nobody knows how many packets they have
    options.window.end = 6'500'000;
    converted = convertOne(capture().bytes(), options);
    QCOMPARE(converted.totals.rows, (RowCounts{.read = 10, .kept = 4, .filtered = 5, .rejected = 1}));
}

void EachPacketTest::checksumsOfEach()
{
    auto options = eachOne();
    options.reading.verifyChecksums = true; // all are 0
    const auto analysis = analyzed(options, capture().bytes());
    const auto& frames = analysis->totals.inputs.at(0).frames.counts();
    QCOMPARE(frames[FrameMark::Ipv4Wrong], 10u); // of every row with IPv4
    QCOMPARE(frames[FrameMark::TcpWrong], 3u);
    QCOMPARE(frames[FrameMark::UdpWithout], 1u);
}

void EachPacketTest::extrasOfEach()
{
    const auto analysis = analyzed(eachOne(), capture().bytes());
    std::vector<std::string> rows;
    QVERIFY(analysis->spool.forEach({}, [&](const SpooledPacket& row) {
        rows.push_back(std::to_string(row.extras.payload) + ' ' + std::to_string(row.extras.ipBytes) + ' ' +
                       std::to_string(row.extras.damage));
        return true;
    }));
    QCOMPARE(rows, (std::vector<std::string>{"4 44 0", "72 92 0", "48 68 0", "4 44 0", "85 113 0", "3 63 0",
                                             "24 44 0", "4 24 8", "9 29 0", "44 64 2", "-1 44 6"}));
}

void EachPacketTest::datasetsOpen()
{
    const TestFolder folder;
    auto options = eachOne();
    options.inputs = {folder.write("in.pcap", capture().bytes())};
    const auto goOn = [](const Progress&) { return true; };
    QVERIFY(convert(options, folder / "out", goOn));
    const auto opened = openDataset(folder / "out", goOn);
    QVERIFY(opened);
    QCOMPARE((*opened)->totals.rows, counts);
    QCOMPARE((*opened)->dataset()->source.manifest.tunnels, Tunnels::Each);
}

QTEST_GUILESS_MAIN(EachPacketTest)
#include "each_packet_test.moc"
