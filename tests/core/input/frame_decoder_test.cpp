// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/frame_decoder.h"
#include "core/model/ip_text.h"
#include "tests/support/frame_bytes.h"

#include <QTest>
#include <array>

using namespace packetloom;
using namespace packetloom::test;

/// IP, what is within it, and the headers of transport: what is read of whole packets, of cut and of broken
/// ones.
class FrameDecoderTest : public QObject
{
    Q_OBJECT

private slots:
    void headersAreRead_data();
    void headersAreRead();
    void fragmentsHavePortsInTheFirst();
    void brokenPacketsAreRejected_data();
    void brokenPacketsAreRejected();
    void whatWasCutOffIsMissing();
    void aSourceRouteNamesTheDestination();
    void paddingIsNoPayload();
    void tunnelsAreLookedInto_data();
    void tunnelsAreLookedInto();
    void whatIsNoTunnelIsLeftAlone_data();
    void whatIsNoTunnelIsLeftAlone();
    void nestingHasAnEnd();
    void cutAnywhere_data();
    void cutAnywhere();
};

namespace {

constexpr std::uint16_t rawIp = 101;

Layer layerOf(const std::string& bytes)
{
    return Layer({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::string textOf(const std::uint8_t* address, std::size_t bytes)
{
    std::array<char, longestIpText> text{};
    return address ? std::string(text.data(), writeIpText({address, bytes}, text)) : "-";
}

/// "10.0.0.1:40000 > 10.0.0.2:80 6 flags 18 seq 1000 ack 2000", or why not.
std::string shown(const std::string& packet, Tunnels tunnels = Tunnels::Inner)
{
    const auto decoded = decodeFrame(rawIp, layerOf(packet), tunnels);
    if (decoded.notIp)
        return std::string(notIpKey(*decoded.notIp));
    if (decoded.reject)
        return std::string(rejectReasonKey(*decoded.reject));
    const auto& ip = decoded.ip;
    const auto& t = decoded.transport;
    std::string text = textOf(ip.source, ip.addressBytes) + ":" + std::to_string(t.sourcePort) + " > " +
                       textOf(ip.destination, ip.addressBytes) + ":" + std::to_string(t.destinationPort) +
                       " " + std::to_string(ip.protocol);
    if (t.flags != 0 || t.sequence != 0)
        text += " flags " + std::to_string(t.flags) + " seq " + std::to_string(t.sequence) + " ack " +
                std::to_string(t.acknowledgment);
    return text;
}

const std::string plain = "10.0.0.1:40000 > 10.0.0.2:80 6 flags 24 seq 1000 ack 2000";

} // namespace

void FrameDecoderTest::headersAreRead_data()
{
    QTest::addColumn<std::string>("packet");
    QTest::addColumn<std::string>("expected");
    QTest::newRow("TCP") << tcpPacket() << plain;
    QTest::newRow("TCP with options") << ipv4({.options = {}}, tcp({.headerWords = 15})) << plain;
    QTest::newRow("IPv4 with options") << ipv4({.options = std::string(8, '\1')}, tcp()) << plain;
    QTest::newRow("twelve bits of flags")
        << ipv4({.options = {}}, tcp({.sequence = 0xffffffff, .acknowledgment = 0, .flags = 0xfff}))
        << std::string("10.0.0.1:40000 > 10.0.0.2:80 6 flags 4095 seq 4294967295 ack 0");
    QTest::newRow("UDP") << ipv4({.protocol = 17, .options = {}}, udp(53, 5353))
                         << std::string("10.0.0.1:53 > 10.0.0.2:5353 17");
    QTest::newRow("SCTP") << ipv4({.protocol = 132, .options = {}}, be16(7) + be16(9) + zeros(8))
                          << std::string("10.0.0.1:7 > 10.0.0.2:9 132");
    QTest::newRow("ICMP") << ipv4({.protocol = 1, .options = {}}, zeros(8))
                          << std::string("10.0.0.1:0 > 10.0.0.2:0 1");
    const auto six = [](const std::string& ports) { return "2001:db8::1:" + ports; };
    QTest::newRow("IPv6") << ipv6(tcp()) << six("40000 > 2001:db8::2:80 6 flags 24 seq 1000 ack 2000");
    const Ip ip{.source = "2001:db8::1", .destination = "2001:db8::2", .options = {}};
    const auto extended = [&](unsigned first, const std::string& headers) {
        auto with = ip;
        with.protocol = first;
        with.options = headers;
        return ipv6(with, tcp());
    };
    const auto expected = six("40000 > 2001:db8::2:80 6 flags 24 seq 1000 ack 2000");
    QTest::newRow("hop by hop") << extended(0, hex("06 00") + zeros(6)) << expected;
    QTest::newRow("a chain of four") << extended(0, hex("3c 00") + zeros(6) + hex("2b 01") + zeros(14) +
                                                        hex("33 00") + zeros(6) + hex("06 04") + zeros(22))
                                     << expected;
    QTest::newRow("a whole fragment") << extended(44, hex("06 00 00 00 00 00 00 07")) << expected;
    QTest::newRow("mobility") << extended(135, hex("3b 00") + zeros(6)) << six("0 > 2001:db8::2:0 135");
    QTest::newRow("no next header") << extended(59, {}) << six("0 > 2001:db8::2:0 59");
    auto jumbo = ip;
    jumbo.length = 0;
    QTest::newRow("a length of 0") << ipv6(jumbo, tcp()) << expected;
    QTest::newRow("IPv4 with a length of 0") << ipv4({.options = {}, .length = 0}, tcp()) << plain;
}

void FrameDecoderTest::headersAreRead()
{
    QFETCH(std::string, packet);
    QFETCH(std::string, expected);
    QCOMPARE(shown(packet), expected);
}

void FrameDecoderTest::fragmentsHavePortsInTheFirst()
{
    QCOMPARE(shown(ipv4({.options = {}, .fragment = 0x2000}, tcp())), plain);
    QCOMPARE(shown(ipv4({.options = {}, .fragment = 0x2001}, tcp())),
             std::string("10.0.0.1:0 > 10.0.0.2:0 6"));
    QCOMPARE(shown(ipv4({.options = {}, .fragment = 0x0001}, tcp())),
             std::string("10.0.0.1:0 > 10.0.0.2:0 6"));
    const auto six = [](const std::string& fragment) {
        return shown(
            ipv6({.source = "2001:db8::1", .destination = "2001:db8::2", .protocol = 44, .options = fragment},
                 tcp()));
    };
    QCOMPARE(six(hex("06 00 00 01 00 00 00 07")),
             std::string("2001:db8::1:40000 > 2001:db8::2:80 6 flags 24 seq 1000 ack 2000"));
    QCOMPARE(six(hex("06 00 00 08 00 00 00 07")), std::string("2001:db8::1:0 > 2001:db8::2:0 6"));
    // What follows in a later fragment is data, even where it looks like an extension header.
    QCOMPARE(six(hex("00 00 00 08 00 00 00 07") + hex("06 00") + zeros(6)),
             std::string("2001:db8::1:0 > 2001:db8::2:0 0"));
}

void FrameDecoderTest::brokenPacketsAreRejected_data()
{
    QTest::addColumn<std::string>("packet");
    QTest::addColumn<std::string>("reason");
    QTest::newRow("version 5") << "\x55" + tcpPacket().substr(1) << std::string("ip_version");
    QTest::newRow("header of 16 bytes") << "\x44" + tcpPacket().substr(1) << std::string("ip_header_length");
    QTest::newRow("length within the header")
        << ipv4({.options = {}, .length = 19}, tcp()) << std::string("ip_length");
    QTest::newRow("one byte") << std::string("\x45") << std::string("ip_header_cut");
    QTest::newRow("without a source") << tcpPacket().substr(0, 15) << std::string("ip_header_cut");
    QTest::newRow("IPv6 without a source") << ipv6(tcp()).substr(0, 23) << std::string("ip_header_cut");
}

void FrameDecoderTest::brokenPacketsAreRejected()
{
    QFETCH(std::string, packet);
    QFETCH(std::string, reason);
    QCOMPARE(shown(packet), reason);
}

void FrameDecoderTest::whatWasCutOffIsMissing()
{
    const auto packet = tcpPacket();
    QCOMPARE(shown(packet.substr(0, 16)), std::string("10.0.0.1:0 > -:0 6"));
    QCOMPARE(shown(packet.substr(0, 20)), std::string("10.0.0.1:0 > 10.0.0.2:0 6"));
    QCOMPARE(shown(packet.substr(0, 23)), std::string("10.0.0.1:0 > 10.0.0.2:0 6"));
    QCOMPARE(shown(packet.substr(0, 24)), std::string("10.0.0.1:40000 > 10.0.0.2:80 6"));
    QCOMPARE(shown(packet.substr(0, 35)), std::string("10.0.0.1:40000 > 10.0.0.2:80 6"));
    QCOMPARE(shown(packet.substr(0, 36)), plain);
    // Within the options there may be another destination.
    const auto withOptions = ipv4({.options = std::string(8, '\1')}, tcp());
    QCOMPARE(shown(withOptions.substr(0, 27)), std::string("10.0.0.1:0 > -:0 6"));
    const auto ended = ipv4({.options = std::string(8, '\0')}, tcp());
    QCOMPARE(shown(ended.substr(0, 20)), std::string("10.0.0.1:0 > -:0 6"));
    QCOMPARE(shown(ended.substr(0, 21)), std::string("10.0.0.1:0 > 10.0.0.2:0 6"));
    QCOMPARE(shown(withOptions.substr(0, 28)), std::string("10.0.0.1:0 > 10.0.0.2:0 6"));
    QCOMPARE(shown(ipv6(tcp()).substr(0, 24)), std::string("2001:db8::1:0 > -:0 6"));
    // A TCP header that says that it is shorter than one.
    QCOMPARE(shown(ipv4({.options = {}}, tcp({.headerWords = 4}))),
             std::string("10.0.0.1:40000 > 10.0.0.2:80 6 flags 0 seq 1000 ack 0"));
}

void FrameDecoderTest::aSourceRouteNamesTheDestination()
{
    const auto routed = [](const std::string& options) { return shown(ipv4({.options = options}, tcp())); };
    const std::string to = "10.0.0.1:40000 > 192.0.2.9:80 6 flags 24 seq 1000 ack 2000";
    QCOMPARE(routed(hex("01 83 07 04 c0 00 02 09")), to);
    QCOMPARE(routed(hex("89 0b 04 c6 33 64 01 c0 00 02 09 00")), to);
    QCOMPARE(routed(hex("83 07 08 c0 00 02 09 00")), plain); // used up
    QCOMPARE(routed(hex("00 83 07 04 c0 00 02 09")), plain); // behind the end
    QCOMPARE(routed(hex("83 00 04 00 c0 00 02 09")), plain); // a length that is none
    QCOMPARE(routed(hex("83 ff 04 00 c0 00 02 09")), plain); // beyond the header
}

void FrameDecoderTest::paddingIsNoPayload()
{
    // A TCP header that only the padding of the link makes whole is not whole.
    const auto decoded = decodeFrame(
        1, layerOf(ethernet(0x0800, ipv4({.options = {}}, be16(1) + be16(2)) + zeros(22))), Tunnels::Inner);
    QVERIFY(!decoded.notIp && !decoded.reject);
    QCOMPARE(decoded.transport.sourcePort, std::uint16_t{1});
    QVERIFY(decoded.transport.cut);
    QCOMPARE(decoded.ip.payloadBytes, 4u);
}

void FrameDecoderTest::tunnelsAreLookedInto_data()
{
    QTest::addColumn<std::string>("packet");
    const auto in = [](unsigned protocol, const std::string& payload) {
        return ipv4({.source = "192.0.2.1", .destination = "192.0.2.2", .protocol = protocol, .options = {}},
                    payload);
    };
    const auto inUdp = [&](unsigned port, const std::string& payload) {
        return in(17, udp(1024, port, payload));
    };
    const auto ip = tcpPacket();
    const auto frame = ethernet(0x0800, ip);
    QTest::newRow("IPIP") << in(4, ip);
    QTest::newRow("4in6") << ipv6(ip, 4);
    QTest::newRow("4in6in4") << in(41, ipv6(ip, 4));
    QTest::newRow("EtherIP") << in(97, hex("30 00") + frame);
    QTest::newRow("GRE") << in(47, hex("00 00 08 00") + ip);
    QTest::newRow("GRE with all fields") << in(47, hex("b0 00 08 00") + zeros(12) + ip);
    QTest::newRow("GRE with Ethernet") << in(47, hex("20 00 65 58 00 00 01 00") + frame);
    QTest::newRow("GRE with a VLAN") << in(47, hex("00 00 65 58") +
                                                   ethernet(0x8100, be16(1) + be16(0x0800) + ip));
    QTest::newRow("GRE with MPLS") << in(47, hex("00 00 88 47 00 01 01 40") + ip);
    QTest::newRow("GRE in GRE") << in(47, hex("00 00 08 00") + in(47, hex("00 00 08 00") + ip));
    QTest::newRow("PPTP") << in(47, hex("30 81 88 0b 00 2c 00 01") + zeros(8) + hex("ff 03 00 21") + ip);
    QTest::newRow("ERSPAN I") << in(47, hex("00 00 88 be") + frame);
    QTest::newRow("ERSPAN II") << in(47, hex("10 00 88 be 00 00 00 01 10 01 00 00 00 00 00 00") + frame);
    QTest::newRow("ERSPAN III") << in(47, hex("10 00 22 eb 00 00 00 01 20 01") + zeros(10) + frame);
    QTest::newRow("ERSPAN III with a subheader")
        << in(47, hex("10 00 22 eb 00 00 00 01 20 01") + zeros(9) + hex("01") + zeros(8) + frame);
    QTest::newRow("WCCP") << in(47, hex("00 00 88 3e") + ip);
    QTest::newRow("WCCP 2") << in(47, hex("00 00 88 3e 00 00 00 00") + ip);
    QTest::newRow("802.11 in GRE") << in(47, hex("00 00 82 00 08 01") + zeros(22) + snap(0x0800, ip));
    QTest::newRow("VXLAN") << inUdp(4789, hex("08 00 00 00 00 00 01 00") + frame);
    QTest::newRow("VXLAN of Linux") << inUdp(8472, hex("08 00 00 00 00 00 01 00") + frame);
    QTest::newRow("GENEVE") << inUdp(6081, hex("00 00 65 58 00 00 01 00") + frame);
    QTest::newRow("GENEVE with options and IP")
        << inUdp(6081, hex("02 00 08 00 00 00 01 00") + zeros(8) + ip);
    QTest::newRow("GTP-U") << inUdp(2152, hex("30 ff 00 28 00 00 00 01") + ip);
    QTest::newRow("GTP-U with a sequence number")
        << inUdp(2152, hex("32 ff 00 2c 00 00 00 01 00 05 00 00") + ip);
    QTest::newRow("GTP-U with extensions")
        << inUdp(2152, hex("34 ff 00 34 00 00 00 01 00 00 00 85 01 00 01 85 01 00 01 00") + ip);
    QTest::newRow("Teredo") << inUdp(3544, ipv6(ip, 4));
    QTest::newRow("Teredo with authentication and origin")
        << inUdp(3544, hex("00 01 04 02") + zeros(6) + zeros(9) + zeros(8) + ipv6(ip, 4));
    QTest::newRow("AYIYA") << inUdp(5072,
                                    hex("44 52 11 29 00 00 00 00") + zeros(16) + zeros(20) + ipv6(ip, 4));
    QTest::newRow("GRE in UDP") << inUdp(4754, hex("00 00 08 00") + ip);
    QTest::newRow("VXLAN in GENEVE in GTP-U") << inUdp(
        2152, hex("30 ff 00 00 00 00 00 01") +
                  inUdp(6081, hex("00 00 65 58 00 00 01 00") +
                                  ethernet(0x0800, inUdp(4789, hex("08 00 00 00 00 00 01 00") + frame))));
}

void FrameDecoderTest::tunnelsAreLookedInto()
{
    QFETCH(std::string, packet);
    QCOMPARE(shown(packet), plain);
    const auto outer = shown(packet, Tunnels::Outer);
    QVERIFY(outer.starts_with("192.0.2.1:") || outer.starts_with("2001:db8::1:"));
}

void FrameDecoderTest::whatIsNoTunnelIsLeftAlone_data()
{
    QTest::addColumn<std::string>("packet");
    const auto in = [](unsigned protocol, const std::string& payload) {
        return ipv4({.source = "192.0.2.1", .destination = "192.0.2.2", .protocol = protocol, .options = {}},
                    payload);
    };
    const auto inUdp = [&](unsigned port, const std::string& payload) {
        return in(17, udp(1024, port, payload));
    };
    const auto ip = tcpPacket();
    QTest::newRow("IPIP with a broken packet") << in(4, "\x44" + ip.substr(1));
    QTest::newRow("IPIP, cut") << in(4, ip.substr(0, 19));
    QTest::newRow("longer than what carries it") << in(4, ipv4({.options = {}, .length = 1000}, tcp()));
    QTest::newRow("nothing") << in(4, {});
    QTest::newRow("GRE with a route") << in(47, hex("40 00 08 00 00 00 00 00") + ip);
    QTest::newRow("GRE of another version") << in(47, hex("00 02 08 00") + ip);
    QTest::newRow("GRE keepalive") << in(47, hex("00 00 00 00"));
    QTest::newRow("GRE with ARP") << in(47, hex("00 00 08 06") + zeros(28));
    QTest::newRow("VXLAN without its flag")
        << inUdp(4789, hex("00 00 00 00 00 00 01 00") + ethernet(0x0800, ip));
    QTest::newRow("GENEVE with ARP") << inUdp(6081,
                                              hex("00 00 65 58 00 00 01 00") + ethernet(0x0806, zeros(28)));
    QTest::newRow("GTP control") << inUdp(2152, hex("30 01 00 04 00 00 00 00") + ip);
    QTest::newRow("GTP with an extension of length 0")
        << inUdp(2152, hex("34 ff 00 34 00 00 00 01 00 00 00 85 00 00 01 85") + ip);
    QTest::newRow("a bubble of Teredo") << inUdp(3544, hex("00 01 00 00") + zeros(9));
    QTest::newRow("IPv4 in Teredo") << inUdp(3544, ip);
    QTest::newRow("an echo of AYIYA") << inUdp(5072, hex("44 52 11 3b 00 00 00 00") + zeros(36));
    QTest::newRow("another port") << inUdp(9999, hex("08 00 00 00 00 00 01 00") + ethernet(0x0800, ip));
    QTest::newRow("a later fragment") << ipv4(
        {.source = "192.0.2.1", .destination = "192.0.2.2", .protocol = 4, .options = {}, .fragment = 1}, ip);
}

void FrameDecoderTest::whatIsNoTunnelIsLeftAlone()
{
    QFETCH(std::string, packet);
    QVERIFY(shown(packet).starts_with("192.0.2.1:"));
    QCOMPARE(shown(packet), shown(packet, Tunnels::Outer));
}

void FrameDecoderTest::nestingHasAnEnd()
{
    std::string packet = tcpPacket();
    for (int depth = 2; depth <= mostNestedPackets; ++depth)
        packet =
            ipv4({.source = "192.0.2.1", .destination = "192.0.2.2", .protocol = 4, .options = {}}, packet);
    QCOMPARE(shown(packet), plain);
    for (int depth = mostNestedPackets + 1; depth <= 100; ++depth) {
        packet =
            ipv4({.source = "192.0.2.1", .destination = "192.0.2.2", .protocol = 4, .options = {}}, packet);
        QCOMPARE(shown(packet), std::string("nested_too_deeply"));
        QCOMPARE(shown(packet, Tunnels::Outer), std::string("192.0.2.1:0 > 192.0.2.2:0 4"));
    }
    // Tags of one frame in another cost no stack either.
    std::string frame = ethernet(0x0800, tcpPacket());
    while (frame.size() < 60000)
        frame = ethernet(static_cast<unsigned>(std::min<std::size_t>(frame.size() + 8, 1500)),
                         snap(0x88e7, zeros(4) + frame));
    const auto decoded = decodeFrame(1, layerOf(frame), Tunnels::Inner);
    QVERIFY(!decoded.notIp && !decoded.reject);
}

void FrameDecoderTest::cutAnywhere_data()
{
    tunnelsAreLookedInto_data();
}

// Frames stand at the end of what was allocated for them: sanitizers see a byte too many.
void FrameDecoderTest::cutAnywhere()
{
    QFETCH(std::string, packet);
    for (std::size_t size = 0; size < packet.size(); ++size) {
        const std::vector<std::uint8_t> cut(packet.begin(),
                                            packet.begin() + static_cast<std::ptrdiff_t>(size));
        for (const auto tunnels : {Tunnels::Inner, Tunnels::Outer, Tunnels::Each}) {
            const auto decoded = decodeFrame(rawIp, Layer(cut), tunnels);
            QVERIFY(decoded.notIp || decoded.reject || decoded.ip.source);
        }
    }
}

QTEST_GUILESS_MAIN(FrameDecoderTest)
#include "frame_decoder_test.moc"
