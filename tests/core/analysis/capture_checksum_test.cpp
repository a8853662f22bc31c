// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/analysis/capture_totals.h"
#include "tests/support/packet_sums.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Checksums of packets are compared, if that is asked for (docs/captures.md, 19).
class CaptureChecksumTest : public QObject
{
    Q_OBJECT

private slots:
    void checksums_data();
    void checksums();
    void onlyWhenAsked();
};

void CaptureChecksumTest::checksums_data()
{
    QTest::addColumn<QByteArray>("packet");
    QTest::addColumn<QList<int>>("marks");
    const auto row = [](const char* name, const std::string& packet, std::initializer_list<FrameMark> marks) {
        QList<int> all;
        for (const auto mark : marks)
            all << static_cast<int>(mark);
        QTest::newRow(name) << QByteArray::fromStdString(packet) << all;
    };
    const auto changed = [](std::string packet, std::size_t at) {
        packet[at] = static_cast<char>(packet[at] ^ 0x40);
        return packet;
    };
    const auto set = [](std::string packet, std::size_t at, std::uint32_t number) {
        put16(packet, at, number);
        return packet;
    };
    using enum FrameMark;
    row("TCP", summed(tcp4()), {Ipv4Checked, TcpChecked});
    row("TCP, even", summed(tcp4("even")), {Ipv4Checked, TcpChecked});
    row("UDP", summed(udp4()), {Ipv4Checked, UdpChecked});
    row("ICMP", summed(ipv4({.protocol = 1, .options = {}}, zeros(9))), {Ipv4Checked});
    row("options of IP", summed(ipv4({.options = std::string(8, '\1')}, tcp({.headerWords = 7}, "x"))),
        {Ipv4Checked, TcpChecked});
    row("TCP over IPv6", summed(ipv6(tcp({}, "odd"))), {TcpChecked});
    row("UDP over IPv6", summed(ipv6(udp(53, 53, "odd"), 17)), {UdpChecked});
    row("IPv4 is wrong", changed(summed(tcp4()), 8), {Ipv4Checked, Ipv4Wrong, TcpChecked});
    row("TCP is wrong", changed(summed(tcp4()), 42), {Ipv4Checked, TcpChecked, TcpWrong});
    row("UDP is wrong", changed(summed(udp4()), 29), {Ipv4Checked, UdpChecked, UdpWrong});
    row("an address is wrong", changed(summed(tcp4()), 13), {Ipv4Checked, Ipv4Wrong, TcpChecked, TcpWrong});
    row("IPv4 is unset", set(summed(tcp4()), 10, 0), {Ipv4Checked, Ipv4Wrong, Ipv4Unset, TcpChecked});
    row("TCP is unset", set(summed(tcp4()), 36, 0), {Ipv4Checked, TcpChecked, TcpWrong, TcpUnset});
    row("TCP has the pseudo header's", set(summed(tcp4()), 36, pseudoSum(tcp4(), true)),
        {Ipv4Checked, TcpChecked, TcpWrong, TcpUnset});
    row("TCP has the pseudo header's without the length", set(summed(tcp4()), 36, pseudoSum(tcp4(), false)),
        {Ipv4Checked, TcpChecked, TcpWrong, TcpUnset});
    row("UDP has the pseudo header's", set(summed(udp4()), 26, pseudoSum(udp4(), true)),
        {Ipv4Checked, UdpChecked, UdpWrong, UdpUnset});
    row("UDP without", set(summed(udp4()), 26, 0), {Ipv4Checked, UdpWithout});
    row("padding", summed(tcp4()) + zeros(6), {Ipv4Checked, TcpChecked});
    // What cannot be told.
    row("fragment", summed(ipv4({.options = {}, .fragment = 0x2000}, tcp())), {Ipv4Checked});
    row("later fragment", summed(ipv4({.options = {}, .fragment = 9}, tcp())), {Ipv4Checked});
    row("captured in part", summed(tcp4()).substr(0, 42), {Ipv4Checked, Cut});
    row("header captured in part", summed(tcp4()).substr(0, 18), {Cut, HeaderCut});
    row("extension header", ipv6(hex("06 00 01 04 00 00 00 00") + tcp(), 0), {});
    row("length of UDP",
        summed(ipv4({.protocol = 17, .options = {}}, be16(1) + be16(2) + be16(99) + zeros(2))),
        {Ipv4Checked});
}

void CaptureChecksumTest::checksums()
{
    QFETCH(QByteArray, packet);
    QFETCH(QList<int>, marks);
    FrameCounts expected;
    for (const int mark : marks)
        expected.marks[static_cast<std::size_t>(mark)] = 1;
    Options options;
    options.reading.verifyChecksums = true;
    PcapFile file(101);
    const bool cut = marks.contains(static_cast<int>(FrameMark::Cut));
    file.add(1, 0, packet.toStdString(), cut ? 43 : 0);
    const auto totals = totalsOf(file.bytes(), options);
    for (std::size_t i = 0; i < frameMarkCount; ++i) {
        if (i != static_cast<std::size_t>(FrameMark::FirstFragment) &&
            i != static_cast<std::size_t>(FrameMark::LaterFragment))
            QVERIFY2(totals.frames.counts().marks[i] == expected.marks[i], std::to_string(i).c_str());
    }
    QCOMPARE(totals.rows.kept, 1u); // it changes no row
}

void CaptureChecksumTest::onlyWhenAsked()
{
    const auto totals = totalsOfPackets({tcp4(), udp4()});
    QVERIFY(!totals.frames.checksumsVerified());
    QCOMPARE(totals.frames.counts(), FrameCounts());
    Options options;
    options.reading.verifyChecksums = true;
    QVERIFY(totalsOfPackets({tcp4()}, options).frames.checksumsVerified());
}

QTEST_GUILESS_MAIN(CaptureChecksumTest)
#include "capture_checksum_test.moc"
