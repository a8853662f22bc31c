// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/link_layer.h"
#include "tests/core/input/link_frames.h"
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

} // namespace

void LinkLayerTest::findsThePacket_data()
{
    QTest::addColumn<int>("linkType");
    QTest::addColumn<std::string>("frame");
    for (const LinkFrame& one : linkFrames())
        QTest::newRow(one.name.c_str()) << one.linkType << one.frame;
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
