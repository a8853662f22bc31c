// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/link_layer.h"
#include "tests/support/frame_bytes.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What is found behind each link layer, and what is said of frames without an IP packet.
class LinkLayerTest : public QObject
{
    Q_OBJECT

private slots:
    void findsThePacket_data();
    void findsThePacket();
    void tellsTheOthersApart_data();
    void tellsTheOthersApart();
    void tellsTheVlan();
    void nothingIsReadBeyondTheEnd_data();
    void nothingIsReadBeyondTheEnd();
};

namespace {

Layer layerOf(const std::string& bytes)
{
    return Layer({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

std::string packetIn(const LinkPayload& payload)
{
    return {reinterpret_cast<const char*>(payload.packet.data()), payload.packet.size()};
}

const std::string wlanAddresses = zeros(18), wlanSequence = zeros(2);

std::string wlan(unsigned control, unsigned flags, const std::string& rest)
{
    return std::string{static_cast<char>(control), static_cast<char>(flags)} + zeros(2) + wlanAddresses +
           wlanSequence + rest;
}

void addFrames()
{
    const auto ip = tcpPacket();
    const auto row = [](const char* name, int linkType, const std::string& frame) {
        QTest::newRow(name) << linkType << frame;
    };
    row("Ethernet", 1, ethernet(0x0800, ip));
    row("Ethernet, IPv6", 1, ethernet(0x86dd, ipv6(tcp())));
    row("Ethernet with LLC and SNAP", 1, ethernet(8 + 40, snap(0x0800, ip)));
    row("Ethernet with LLC without SNAP", 1, ethernet(3 + 40, hex("06 06 03") + ip));
    row("802.1Q", 1, ethernet(0x8100, be16(0x2005) + be16(0x0800) + ip));
    row("802.1Q with LLC", 1, ethernet(0x8100, be16(5) + be16(48) + snap(0x0800, ip)));
    row("802.1ad", 1, ethernet(0x88a8, be16(5) + be16(0x8100) + be16(6) + be16(0x0800) + ip));
    row("QinQ of old", 1, ethernet(0x9100, be16(5) + be16(0x8100) + be16(6) + be16(0x0800) + ip));
    row("802.1ah", 1, ethernet(0x88e7, zeros(4) + ethernet(0x0800, ip)));
    row("802.1BR", 1, ethernet(0x893f, zeros(6) + be16(0x0800) + ip));
    row("VN tag", 1, ethernet(0x8926, zeros(4) + be16(0x0800) + ip));
    row("VN tag between VLANs", 1,
        ethernet(0x8100, be16(1) + be16(0x8926) + zeros(4) + be16(0x8100) + be16(2) + be16(0x0800) + ip));
    row("FabricPath", 1, ethernet(0x8903, zeros(2) + ethernet(0x0800, ip)));
    row("MPLS", 1, ethernet(0x8847, hex("00 01 00 40 00 02 01 40") + ip));
    row("MPLS with IPv6", 1, ethernet(0x8847, hex("00 01 01 40") + ipv6(tcp())));
    row("MPLS pseudowire", 1, ethernet(0x8847, hex("00 01 01 40") + zeros(4) + ethernet(0x0800, ip)));
    row("PPPoE", 1, ethernet(0x8864, hex("11 00 00 01 00 2a 00 21") + ip));
    row("PPPoE in a VLAN, IPv6", 1,
        ethernet(0x8100, be16(7) + be16(0x8864) + hex("11 00 00 01 00 3e 00 57") + ipv6(tcp())));
    row("raw", 101, ip);
    row("raw of BSD", 12, ip);
    row("raw of OpenBSD", 14, ip);
    row("IPv4", 228, ip);
    row("IPv6", 229, ipv6(tcp()));
    row("null, little endian", 0, hex("02 00 00 00") + ip);
    row("null, big endian", 0, hex("00 00 00 02") + ip);
    for (const unsigned family : {10u, 23u, 24u, 28u, 30u}) {
        const auto name = "null, family " + std::to_string(family);
        row(name.c_str(), 0, le32(family) + ipv6(tcp()));
    }
    row("loop", 108, be32(2) + ip);
    row("SLL", 113, zeros(14) + be16(0x0800) + ip);
    row("SLL with a VLAN", 113, zeros(14) + be16(0x8100) + be16(9) + be16(0x0800) + ip);
    row("SLL with LLC", 113, zeros(14) + be16(4) + snap(0x0800, ip));
    row("SLL2", 276, be16(0x0800) + zeros(18) + ip);
    row("PPP", 9, hex("00 21") + ip);
    row("PPP with address and control", 9, hex("ff 03 00 21") + ip);
    row("PPP with a compressed protocol", 9, hex("ff 03 21") + ip);
    row("PPP, IPv6", 9, hex("00 57") + ipv6(tcp()));
    row("PPP, MPLS", 9, hex("02 81 00 01 01 40") + ip);
    row("PPP in HDLC", 50, hex("ff 03 00 21") + ip);
    row("Cisco HDLC as PPP", 50, hex("0f 00 08 00") + ip);
    row("PPPoE by itself", 51, hex("11 00 00 01 00 2a 00 21") + ip);
    row("Cisco HDLC", 104, hex("8f 00 08 00") + ip);
    row("FDDI", 10, hex("50") + zeros(12) + snap(0x0800, ip));
    row("802.11", 105, wlan(0x08, 0x01, snap(0x0800, ip)));
    row("802.11 between access points", 105, wlan(0x08, 0x03, zeros(6) + snap(0x0800, ip)));
    row("802.11 with QoS", 105, wlan(0x88, 0x02, zeros(2) + snap(0x86dd, ipv6(tcp()))));
    row("802.11 with QoS and HT", 105, wlan(0x88, 0x82, zeros(2) + zeros(4) + snap(0x0800, ip)));
    row("802.11, aggregated", 105,
        wlan(0x88, 0x02, hex("80 00") + zeros(12) + be16(48) + snap(0x0800, ip) + zeros(30)));
    row("radiotap", 127, hex("00 00 08 00 00 00 00 00") + wlan(0x08, 0x01, snap(0x0800, ip)));
    row("radiotap, padded", 127,
        hex("00 00 11 00 03 00 00 00") + zeros(8) + hex("20") +
            wlan(0x88, 0x01, zeros(2) + zeros(2) + snap(0x0800, ip)));
    row("radiotap, padded, with more words", 127,
        hex("00 00 0d 00 02 00 00 80 00 00 00 00 20") + wlan(0x88, 0x01, zeros(4) + snap(0x0800, ip)));
    row("PPI", 192, hex("00 00 08 00 69 00 00 00") + wlan(0x08, 0x01, snap(0x0800, ip)));
    row("NFLOG, little endian", 239,
        hex("02 00 00 00 08 00 01 00 08 00 00 00 05 00 0a 00 41 00 00 00 2c 00 09 00") + ip);
    row("NFLOG, big endian", 239, hex("02 00 00 00 00 08 00 01 08 00 00 00 00 2c 00 09") + ip);
}

} // namespace

void LinkLayerTest::findsThePacket_data()
{
    QTest::addColumn<int>("linkType");
    QTest::addColumn<std::string>("frame");
    addFrames();
}

void LinkLayerTest::findsThePacket()
{
    QFETCH(int, linkType);
    QFETCH(std::string, frame);
    const auto payload = readLink(static_cast<std::uint16_t>(linkType), layerOf(frame));
    QVERIFY(!payload.notIp);
    const auto found = packetIn(payload);
    const auto wanted = found.starts_with('E') ? tcpPacket() : ipv6(tcp());
    QVERIFY(found.starts_with(wanted));
}

void LinkLayerTest::tellsTheOthersApart_data()
{
    QTest::addColumn<int>("linkType");
    QTest::addColumn<std::string>("frame");
    QTest::addColumn<NotIp>("kind");
    const auto row = [](const char* name, int linkType, const std::string& frame, NotIp kind) {
        QTest::newRow(name) << linkType << frame << kind;
    };
    row("ARP", 1, ethernet(0x0806, zeros(28)), NotIp::Arp);
    row("RARP in a VLAN", 1, ethernet(0x8100, be16(1) + be16(0x8035) + zeros(28)), NotIp::Arp);
    row("LLDP", 1, ethernet(0x88cc, zeros(28)), NotIp::Lldp);
    row("spanning tree", 1, ethernet(38, hex("42 42 03") + zeros(35)), NotIp::Llc);
    row("CDP", 1, ethernet(38, hex("aa aa 03 00 00 0c 20 00") + zeros(35)), NotIp::Llc);
    row("another EtherType", 1, ethernet(0x88b5, zeros(28)), NotIp::EtherType);
    row("between length and type", 1, ethernet(1520, zeros(28)), NotIp::CutShort);
    row("PPPoE discovery", 1, ethernet(0x8863, zeros(28)), NotIp::Ppp);
    row("LCP", 9, hex("c0 21 01 00"), NotIp::Ppp);
    row("MPLS with something else", 1, ethernet(0x8847, hex("00 01 01 40 ff") + zeros(30)), NotIp::Mpls);
    row("a beacon", 105, wlan(0x80, 0, zeros(30)), NotIp::WlanManagement);
    row("an acknowledgment of 802.11", 105, hex("d4 00") + zeros(8), NotIp::WlanControl);
    row("802.11 without data", 105, wlan(0x48, 1, {}), NotIp::WlanNoData);
    row("802.11 without data, QoS", 105, wlan(0xc8, 1, zeros(2)), NotIp::WlanNoData);
    row("encrypted 802.11", 105, wlan(0x08, 0x41, zeros(60)), NotIp::WlanEncrypted);
    row("another version of 802.11", 105, wlan(0x09, 1, zeros(60)), NotIp::CutShort);
    row("a later fragment of 802.11", 105,
        hex("08 01") + zeros(2) + wlanAddresses + hex("01 00") + std::string(40, 'x'), NotIp::WlanFragment);
    row("link type that is not read", 230, zeros(60), NotIp::LinkType);
    row("null of another family", 0, le32(7) + zeros(40), NotIp::LinkType);
    row("token ring of FDDI", 10, zeros(60), NotIp::Llc);
    row("NFLOG without a packet", 239, hex("02 00 00 00 08 00 01 00 08 00 00 00"), NotIp::CutShort);
    row("NFLOG with a length of 0", 239, hex("02 00 00 00 00 00 01 00") + zeros(40), NotIp::CutShort);
    row("PPI in PPI", 192, hex("00 00 08 00 c0 00 00 00 00 00 08 00 69 00 00 00") + zeros(60),
        NotIp::LinkType);
    row("nothing", 1, {}, NotIp::CutShort);
}

void LinkLayerTest::tellsTheOthersApart()
{
    QFETCH(int, linkType);
    QFETCH(std::string, frame);
    QFETCH(NotIp, kind);
    const auto payload = readLink(static_cast<std::uint16_t>(linkType), layerOf(frame));
    QVERIFY(payload.notIp);
    QCOMPARE(*payload.notIp, kind);
}

void LinkLayerTest::tellsTheVlan()
{
    const auto vlanOf = [](const std::string& frame) { return readLink(1, layerOf(frame)).vlan; };
    QCOMPARE(vlanOf(ethernet(0x0800, tcpPacket())), std::nullopt);
    QCOMPARE(vlanOf(ethernet(0x8100, be16(0xe123) + be16(0x0800) + tcpPacket())),
             std::optional<std::uint16_t>(0x123));
    QCOMPARE(vlanOf(ethernet(0x88a8, be16(5) + be16(0x8100) + be16(6) + be16(0x0806))),
             std::optional<std::uint16_t>(5));
}

// Frames are cut at every place, and stand at the end of what was allocated for them: sanitizers see a byte
// too many.
void LinkLayerTest::nothingIsReadBeyondTheEnd_data()
{
    findsThePacket_data();
}

void LinkLayerTest::nothingIsReadBeyondTheEnd()
{
    QFETCH(int, linkType);
    QFETCH(std::string, frame);
    for (std::size_t size = 0; size < frame.size(); ++size) {
        const std::vector<std::uint8_t> cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
        const auto payload = readLink(static_cast<std::uint16_t>(linkType), Layer(cut));
        QCOMPARE(payload.notIp.has_value(), payload.packet.size() == 0);
        QVERIFY(payload.packet.size() <= size);
    }
}

QTEST_GUILESS_MAIN(LinkLayerTest)
#include "link_layer_test.moc"
