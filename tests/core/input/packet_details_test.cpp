// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/input_format.h"
#include "core/model/packet_extras.h"
#include "tests/core/input/detail_rows.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/packet_sums.h"
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
    void whatTheExactEngineAsks_data();
    void whatTheExactEngineAsks();
    void wrongChecksums_data();
    void wrongChecksums();
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
    Details wanted;
    for (std::size_t i = 0; i <= static_cast<std::size_t>(Detail::Offset); ++i)
        wanted.add(static_cast<Detail>(i));
    const auto rows = detailRows(file, wanted);
    QCOMPARE(rows.size(), 1u);
    QCOMPARE(rows[0], details + " 0 40"); // the first interface, behind the headers of file and record
}

void PacketDetailsTest::whatTheExactEngineAsks_data()
{
    QTest::addColumn<std::string>("packet");
    QTest::addColumn<unsigned>("wireBytes"); // of the IP packet; 0: as captured
    QTest::addColumn<std::string>(
        "details"); // payload window ip_bytes window_scale icmp_type icmp_code damage
    const auto row = [](const char* name, const std::string& packet, const std::string& details,
                        unsigned wireBytes = 0) { QTest::newRow(name) << packet << wireBytes << details; };
    const auto syn = [](const std::string& options, unsigned flags = 2, unsigned words = 0) {
        auto segment = tcp({.flags = flags, .headerWords = 5 + static_cast<unsigned>(options.size()) / 4});
        segment.replace(20, options.size(), options);
        if (words > 0)
            segment[12] = static_cast<char>(words << 4);
        return ipv4({}, segment);
    };
    const auto icmp = [](const std::string& bytes, unsigned fragment = 0) {
        return ipv4({.protocol = 1, .fragment = fragment}, bytes);
    };
    row("TCP", ipv4({}, tcp({.window = 777}, "data")), "4 777 44 - - - 0");
    row("padding is not of the packet", ipv4({}, tcp()) + zeros(6), "0 512 40 - - - 0");
    row("options of IP", ipv4({.options = std::string(8, '\1')}, tcp({}, "x")), "1 512 49 - - - 0");
    row("a total length of 0", ipv4({.length = 0}, tcp({}, std::string(99, 'x'))), "99 512 0 - - - 0");
    row("IPv6", ipv6(tcp({}, "data")), "4 512 64 - - - 0");
    row("IPv6 with a length of 0",
        ipv6({.source = "2001:db8::1", .destination = "2001:db8::2", .length = 0}, tcp({}, "data")),
        "4 512 40 - - - 0");
    row("IPv6 with extensions",
        ipv6({.source = "2001:db8::1",
              .destination = "2001:db8::2",
              .protocol = 60,
              .options = hex("06 00 01 04 00 00 00 00")},
             tcp({}, "data")),
        "4 512 72 - - - 0");
    row("UDP", ipv4({.protocol = 17}, udp(1, 2, "abc")), "3 - 31 - - - 0");
    row("another protocol", ipv4({.protocol = 89}, "abc"), "3 - 23 - - - 0");

    row("window scale", syn(hex("02 04 05 b4 01 03 03 07")), "0 512 48 7 - - 0");
    row("of a SYN+ACK", syn(hex("03 03 00 00"), 0x12), "0 512 44 0 - - 0");
    row("not of other segments", syn(hex("03 03 07 00"), 0x10), "0 512 44 - - - 0");
    row("more than 14", syn(hex("03 03 ff 00")), "0 512 44 255 - - 0");
    row("behind the end of options", syn(hex("00 03 03 07")), "0 512 44 - - - 0");
    row("of two the last", syn(hex("03 03 05 01 03 03 06 00")), "0 512 48 6 - - 0");
    row("an option of length 0", syn(hex("08 00 03 03 07 00 00 00")), "0 512 48 - - - 0");
    row("an option of another length", syn(hex("03 04 07 07 01 01 01 01")), "0 512 48 - - - 0");
    row("an option beyond the header", syn(hex("01 01 01 03"), 2), "0 512 44 - - - 0");
    row("options cut off", syn(hex("02 04 05 b4 01 03 03 07")).substr(0, 46), "0 512 48 - - - 2", 48);
    row("options without an end", syn(hex("01 01 03 03")) + "\7", "0 512 44 - - - 0");

    row("ICMP", icmp(hex("03 01 00 00 00 00 00 00") + "abc"), "11 - 31 - 3 1 0");
    row("ICMPv6", ipv6(hex("80 00 00 00 00 00 00 00"), 58), "8 - 48 - 128 0 0");
    row("ICMP's first fragment", icmp(hex("08 02 00 00 00 00 00 00"), 0x2000), "8 - 28 - 8 2 0");
    row("ICMP's later fragment", icmp(hex("08 02 00 00 00 00 00 00"), 9), "8 - 28 - - - 8");
    row("ICMP, its header cut off", icmp(hex("08 02 00 00 00 00 00 00")).substr(0, 27), "8 - 28 - - - 6", 28);
    row("ICMP without a whole header", icmp(hex("08 02 00 00 00 00 00")), "7 - 27 - - - 4");

    row("payload cut off", ipv4({}, tcp({}, "data")).substr(0, 42), "4 512 44 - - - 2", 44);
    row("TCP, cut behind the ports", ipv4({}, tcp()).substr(0, 24), "- - 40 - - - 6", 40);
    row("TCP, cut before the checksum", ipv4({}, tcp()).substr(0, 36), "0 512 40 - - - 6", 40);
    row("TCP with a header that is too short", syn({}, 2, 3), "- - 40 - - - 4");
    row("TCP with a header that is too long", syn({}, 2, 6), "0 512 40 - - - 4");
    row("TCP in a packet that is too short", ipv4({}, tcp().substr(0, 19)), "0 512 39 - - - 4");
    row("UDP, cut in its header", ipv4({.protocol = 17}, udp(1, 2)).substr(0, 25), "0 - 28 - - - 6", 28);
    row("IP, cut in its header", ipv4({}, tcp()).substr(0, 18), "- - 40 - - - 6", 40);
    row("a later fragment", ipv4({.fragment = 5}, "12345678"), "8 - 28 - - - 8");
    row("a later fragment, cut", ipv4({.fragment = 5}, "12345678").substr(0, 24), "8 - 28 - - - 10", 28);
    row("within a tunnel", ipv4({.protocol = 4}, ipv4({}, tcp({}, "x"))), "1 512 41 - - - 0");
}

void PacketDetailsTest::whatTheExactEngineAsks()
{
    QFETCH(std::string, packet);
    QFETCH(unsigned, wireBytes);
    QFETCH(std::string, details);
    const TestFolder folder;
    const auto file = folder.write("in.pcap", PcapFile(101).add(1, 0, packet, wireBytes).bytes());
    QCOMPARE(detailRows(file, detailsOfExtras()), std::vector<std::string>{details});
}

void PacketDetailsTest::wrongChecksums_data()
{
    QTest::addColumn<std::string>("packet");
    QTest::addColumn<unsigned>("wireBytes");
    QTest::addColumn<unsigned>("damage");
    using Extras = PacketExtras;
    const auto row = [](const char* name, const std::string& packet, unsigned damage,
                        unsigned wireBytes = 0) { QTest::newRow(name) << packet << wireBytes << damage; };
    const auto changed = [](std::string packet, std::size_t at) {
        packet[at] = static_cast<char>(packet[at] ^ 0x40);
        return packet;
    };
    const std::string echo = hex("08 00 00 00 12 34 00 01") + "odd",
                      echo6 = hex("80 00 00 00 12 34 00 01") + "odd";
    const auto tcp4 = summed(ipv4({}, tcp({}, "odd"))),
               udp4 = summed(ipv4({.protocol = 17}, udp(1, 2, "odd"))),
               icmp4 = summed(ipv4({.protocol = 1}, echo)), tcp6 = summed(ipv6(tcp({}, "odd"))),
               udp6 = summed(ipv6(udp(1, 2, "odd"), 17)), icmp6 = summed(ipv6(echo6, 58));
    const std::pair<const char*, std::string> all[] = {{"TCP", tcp4},       {"UDP", udp4},
                                                       {"ICMP", icmp4},     {"TCP, IPv6", tcp6},
                                                       {"UDP, IPv6", udp6}, {"ICMPv6", icmp6}};
    for (const auto& [name, packet] : all) {
        row(name, packet, 0);
        row((std::string(name) + " is wrong").c_str(), changed(packet, packet.size() - 1),
            Extras::BadChecksum);
        row((std::string(name) + " cannot be checked").c_str(),
            changed(packet, packet.size() - 2).substr(0, packet.size() - 1), Extras::PayloadCut,
            static_cast<unsigned>(packet.size()));
    }
    row("ICMP, and its header of IP is wrong", changed(icmp4, 8), Extras::BadIpChecksum);
    row("an address is wrong", changed(tcp4, 13), Extras::BadChecksum | Extras::BadIpChecksum);
    row("an address is wrong, ICMP", changed(icmp4, 13), Extras::BadIpChecksum);
    row("an address is wrong, ICMPv6", changed(icmp6, 9), Extras::BadChecksum);
    row("a first fragment", changed(summed(ipv4({.fragment = 0x2000}, tcp({}, "odd"))), 42), 0);
    row("a later fragment", summed(ipv4({.protocol = 1, .fragment = 9}, echo)), Extras::LaterFragment);
    auto none = udp4;
    put16(none, 26, 0);
    row("UDP without one", none, 0);
    none = udp6;
    put16(none, 46, 0);
    row("UDP without one, IPv6", none, Extras::BadChecksum);
    // Its checksum is that of the addresses 2001:db8::1 and 2001:db8::2, whatever the header says.
    const auto behind = [](unsigned protocol, const std::string& extension, const std::string& packet,
                           const char* source = "2001:db8::1", const char* destination = "2001:db8::2") {
        return ipv6(
            {.source = source, .destination = destination, .protocol = protocol, .options = extension},
            packet.substr(40));
    };
    const auto home = hex("20 01 0d b8") + zeros(11) + "\1", end = hex("20 01 0d b8") + zeros(11) + "\2";
    const auto option = hex("06 02 01 02 00 00 c9 10") + home;
    for (const auto& [name, packet] : {std::pair("right", tcp6), std::pair("wrong", changed(tcp6, 62))}) {
        const unsigned damage = packet == tcp6 ? 0u : unsigned{Extras::BadChecksum};
        const auto add = [&](const char* kind, const std::string& whole) {
            row((std::string(kind) + ", " + name).c_str(), whole, damage);
        };
        add("an extension header", behind(60, hex("06 00 01 04 00 00 00 00"), packet));
        add("a home address", behind(60, option, packet, "2001:db8::99"));
        add("the home address is not the last option",
            behind(60, hex("06 03 00 c9 10") + home + hex("01 09") + zeros(9), packet, "2001:db8::99"));
        add("a route",
            behind(43, hex("06 02 00 01 00 00 00 00") + end, packet, "2001:db8::1", "2001:db8::98"));
        add("a route of mobile nodes",
            behind(43, hex("06 02 02 01 00 00 00 00") + end, packet, "2001:db8::1", "2001:db8::98"));
        add("a route of segments", behind(43, hex("06 04 04 01 01 00 00 00") + end + zeros(16), packet,
                                          "2001:db8::1", "2001:db8::98"));
        add("a route that is used up", behind(43, hex("06 02 00 00 00 00 00 00") + zeros(16), packet));
        add("both", behind(43, hex("3c 02 00 01 00 00 00 00") + end + option, packet, "2001:db8::99",
                           "2001:db8::98"));
    }
    row("UDP behind an extension header", behind(60, hex("11 00 01 04 00 00 00 00"), udp6), 0);
    row("UDP without one behind an extension header", behind(60, hex("11 00 01 04 00 00 00 00"), none),
        Extras::BadChecksum);
    row("ICMPv6 behind an extension header is wrong",
        behind(0, hex("3a 00 01 04 00 00 00 00"), changed(icmp6, 50)), Extras::BadChecksum);
    row("an option beyond its header", behind(60, hex("06 00 c9 10 00 00 00 00"), tcp6), 0);
}

void PacketDetailsTest::wrongChecksums()
{
    QFETCH(std::string, packet);
    QFETCH(unsigned, wireBytes);
    QFETCH(unsigned, damage);
    const TestFolder folder;
    const auto file = folder.write("in.pcap", PcapFile(101).add(1, 0, packet, wireBytes).bytes());
    const auto wanted = Details().add(Detail::Damage);
    const InputSpec checked{.file = file, .verifyChecksums = true};
    QCOMPARE(detailRows(checked, wanted), std::vector<std::string>{std::to_string(damage)});
    const unsigned otherwise = damage & ~unsigned{PacketExtras::BadChecksum | PacketExtras::BadIpChecksum};
    QCOMPARE(detailRows(file, wanted), std::vector<std::string>{std::to_string(otherwise)});
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
