// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/input_format.h"
#include "tests/core/input/detail_rows.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What a capture knows beyond the columns of a table, for those who ask.
class PacketDetailsTest : public QObject
{
    Q_OBJECT

private slots:
    void everyDetail_data();
    void everyDetail();
    void nobodyAsks();
    void someAreAskedFor();
    void tablesKnowNone();
    void placesAreThoseOfTheFile();
};

void PacketDetailsTest::everyDetail_data()
{
    QTest::addColumn<std::string>("frame");
    QTest::addColumn<std::string>("details"); // payload window hop_limit ip_id checksum vlan
    const auto row = [](const char* name, const std::string& frame, const std::string& details) {
        QTest::newRow(name) << frame << details;
    };
    const auto sum = [](std::string header, std::size_t at) {
        header[at] = '\x12';
        header[at + 1] = '\x34';
        return header;
    };
    const auto ip = [](const std::string& payload, Ip header = {}) {
        return ethernet(0x0800, ipv4(header, payload));
    };
    row("TCP", ip(sum(tcp({.window = 777}, "data"), 16), {.identification = 77, .timeToLive = 9}),
        "4 777 9 77 4660 -");
    row("TCP with options", ip(tcp({.headerWords = 8}, "data")), "4 512 64 0 0 -");
    row("TCP without data, padded", ip(tcp()) + zeros(6), "0 512 64 0 0 -");
    row("TCP with a header that is too short", ip(tcp({.headerWords = 3}, "data")), "- - 64 0 - -");
    row("TCP, cut behind the ports", ip(tcp()).substr(0, 14 + 20 + 4), "- - 64 0 - -");
    row("TCP, cut before the checksum", ip(tcp({}, "data")).substr(0, 14 + 20 + 16), "4 512 64 0 - -");
    row("UDP", ip(sum(udp(53, 53, "answer"), 6), {.protocol = 17}), "6 - 64 0 4660 -");
    row("ICMP", ip("12345678", {.protocol = 1}), "8 - 64 0 - -");
    row("a later fragment", ip("12345678", {.fragment = 5, .identification = 9}), "8 - 64 9 - -");
    row("IPv6", ethernet(0x86dd, ipv6(tcp({}, "data"))), "4 512 64 - 0 -");
    row("IPv6 fragment",
        ethernet(0x86dd, ipv6({.source = "2001:db8::1",
                               .destination = "2001:db8::2",
                               .protocol = 44,
                               .options = hex("06 00 00 01 00 00 00 2a")},
                              tcp({}, "data"))),
        "4 512 64 42 0 -");
    row("VLAN", ethernet(0x8100, be16(0x2005) + be16(0x0800) + ipv4({}, tcp())), "0 512 64 0 0 5");
    row("VLANs", ethernet(0x88a8, be16(5) + be16(0x8100) + be16(6) + be16(0x0800) + ipv4({}, tcp())),
        "0 512 64 0 0 5");
    row("within a tunnel", ip(ipv4({.timeToLive = 3}, tcp({}, "x")), {.protocol = 4, .timeToLive = 99}),
        "1 512 3 0 0 -");
}

void PacketDetailsTest::everyDetail()
{
    QFETCH(std::string, frame);
    QFETCH(std::string, details);
    const TestFolder folder;
    const auto file = folder.write("in.pcap", PcapFile().add(1, 0, frame, 200).bytes());
    const auto rows = detailRows(file, Details::all());
    QCOMPARE(rows.size(), 1u);
    QCOMPARE(rows[0], details + " 0 40"); // the first interface, behind the headers of file and record
}

void PacketDetailsTest::nobodyAsks()
{
    const TestFolder folder;
    const auto file = folder.write("in.pcap", PcapFile().add(1, 0, ethernet(0x0800, tcpPacket())).bytes());
    QCOMPARE(detailRows(file, {}), std::vector<std::string>{""});
}

void PacketDetailsTest::someAreAskedFor()
{
    const TestFolder folder;
    const auto file = folder.write("in.pcap", PcapFile().add(1, 0, ethernet(0x0800, tcpPacket())).bytes());
    QCOMPARE(detailRows(file, Details().add(Detail::Window)), std::vector<std::string>{"512"});
    QCOMPARE(detailRows(file, Details().add(Detail::HopLimit).add(Detail::Payload)),
             std::vector<std::string>{"0 64"});
}

void PacketDetailsTest::tablesKnowNone()
{
    const TestFolder folder;
    const auto file = folder.write("in.csv", "timestamp,src_ip,dst_ip\n1257254615000000,a,b\n");
    QCOMPARE(detailRows(file, Details::all()), std::vector<std::string>{""});
}

// With frames between that are none of IP, whatever the blocks of reading.
void PacketDetailsTest::placesAreThoseOfTheFile()
{
    const TestFolder folder;
    PcapngFile capture;
    capture.interface(1).interface(101);
    std::vector<std::string> expected;
    for (unsigned i = 0; i < 300; ++i) {
        capture.enhanced(0, i, ethernet(0x0806, zeros(28)));
        const unsigned interface = i % 2;
        const auto packet = ipv4({.identification = i}, tcp({}, std::string(i % 7, 'x')));
        constexpr std::size_t blockHeader = 28;
        expected.push_back(std::to_string(i) + ' ' + std::to_string(interface) + ' ' +
                           std::to_string(capture.bytes().size() + blockHeader));
        capture.enhanced(interface, i, interface == 0 ? ethernet(0x0800, packet) : packet);
    }
    const auto file = folder.write("in.pcapng", capture.bytes());
    const auto wanted = Details().add(Detail::Identification).add(Detail::Interface).add(Detail::Offset);
    for (const std::size_t blockSize : {100u, 1000u, 65536u}) {
        for (const unsigned threads : {1u, 2u})
            QCOMPARE(detailRows(file, wanted, blockSize, threads), expected);
    }
}

QTEST_GUILESS_MAIN(PacketDetailsTest)
#include "packet_details_test.moc"
