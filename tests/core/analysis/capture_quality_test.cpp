// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/analysis/capture_totals.h"
#include "tests/support/capture_text.h"

#include <QTest>
#include <map>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// What is counted of frames beside their rows (docs/captures.md, 15 to 18).
class CaptureQualityTest : public QObject
{
    Q_OBJECT

private slots:
    void linkTypes();
    void cutFrames();
    void cutHeaders_data();
    void cutHeaders();
    void fragments();
    void tunnels_data();
    void tunnels();
    void nestedTunnels();
    void seenAgain();
    void filtersLimitsAndBlocks();
    void tablesHaveNone();
};

void CaptureQualityTest::linkTypes()
{
    PcapngFile file;
    file.interface(1).interface(101).interface(147);
    file.enhanced(0, 1, ethernet(0x0800, tcpPacket()))
        .enhanced(1, 2, tcpPacket())
        .enhanced(1, 3, tcpPacket());
    file.enhanced(2, 4, "what").enhanced(0, 5, ethernet(0x0806, zeros(28))).enhanced(9, 6, tcpPacket());
    const auto totals = totalsOf(file.bytes());
    QCOMPARE(totals.frames.linkTypes(), (std::map<std::uint16_t, std::uint64_t>{{1, 2}, {101, 2}, {147, 1}}));
    QCOMPARE(totals.rows.read, 6u); // one of an interface that nobody described
}

void CaptureQualityTest::cutFrames()
{
    PcapFile file(101);
    file.add(1, 0, tcp4());
    file.add(2, 0, tcp4(), 1500);
    file.add(3, 0, ethernet(0x0806, "x"), 60); // no IP, cut as well
    file.add(4, 0, tcp4() + "padding", 43);    // a record that has more than there was
    file.add(5, 0, std::string(200'000, 'x'), 200'000);
    const auto counts = totalsOf(file.bytes()).frames.counts();
    QCOMPARE(counts[FrameMark::Cut], 2u);
    QCOMPARE(counts[FrameMark::HeaderCut], 0u);
}

void CaptureQualityTest::cutHeaders_data()
{
    QTest::addColumn<QByteArray>("packet");
    QTest::addColumn<int>("needed"); // bytes
    const auto row = [](const char* name, const std::string& packet, int needed) {
        QTest::newRow(name) << QByteArray::fromStdString(packet) << needed;
    };
    row("TCP", ipv4({.options = {}}, tcp({}, "data of it")), 40);
    row("TCP with options", ipv4({.options = {}}, tcp({.headerWords = 8}, "data of it")), 52);
    row("TCP behind options of IP", ipv4({.options = std::string(8, '\1')}, tcp({}, "data")), 48);
    row("UDP", udp4("data of it"), 28);
    row("ICMP", ipv4({.protocol = 1, .options = {}}, zeros(30)), 28);
    row("SCTP", ipv4({.protocol = 132, .options = {}}, zeros(30)), 32);
    row("IPv6, UDP", ipv6(udp(53, 53, "data of it"), 17), 48);
    row("of few bytes", ipv4({.protocol = 99, .options = {}}, zeros(3)), 23);
    row("later fragment", ipv4({.options = {}, .fragment = 5}, zeros(40)), 0);
}

void CaptureQualityTest::cutHeaders()
{
    QFETCH(QByteArray, packet);
    QFETCH(int, needed);
    const std::string whole = packet.toStdString();
    for (std::size_t size = whole[0] >> 4 == 6 ? 40 : 20; size <= whole.size(); ++size) {
        PcapFile file(101);
        file.add(1, 0, whole.substr(0, size), static_cast<std::uint32_t>(whole.size()));
        const auto counts = totalsOf(file.bytes()).frames.counts();
        QCOMPARE(counts[FrameMark::Cut], size < whole.size() ? 1u : 0u);
        QCOMPARE(counts[FrameMark::HeaderCut], static_cast<int>(size) < needed ? 1u : 0u);
    }
}

void CaptureQualityTest::fragments()
{
    const std::string part = hex("11 00 00 01 00 00 00 07"), later = hex("11 00 00 b8 00 00 00 07");
    const Ip six{.source = "2001:db8::1", .destination = "2001:db8::2", .protocol = 44, .options = {}};
    const Ip inner{.options = {}, .fragment = 0x2000};
    const auto totals = totalsOfPackets({
        ipv4({.options = {}, .fragment = 0x2000}, tcp()),
        ipv4({.options = {}, .fragment = 0x4000}, tcp()), // only "don't"
        ipv4({.options = {}, .fragment = 3}, zeros(30)), ipv4({.options = {}, .fragment = 0x2003}, zeros(30)),
        ipv6(six, part + udp(1, 2)), ipv6(six, later + zeros(16)),
        ipv4({.protocol = 4, .options = {}}, ipv4(inner, tcp())),                     // the inner one
        ipv4({.protocol = 4, .options = {}, .fragment = 0x2000}, ipv4(inner, tcp())), // both: one frame
    });
    QCOMPARE(totals.frames.counts()[FrameMark::FirstFragment], 4u);
    QCOMPARE(totals.frames.counts()[FrameMark::LaterFragment], 3u);
}

void CaptureQualityTest::tunnels_data()
{
    QTest::addColumn<QByteArray>("packet");
    QTest::addColumn<int>("tunnel");
    const auto row = [](Tunnel tunnel, const std::string& packet) {
        QTest::newRow(std::string(tunnelKey(tunnel)).c_str())
            << QByteArray::fromStdString(packet) << static_cast<int>(tunnel);
    };
    const auto in4 = [](unsigned protocol, const std::string& payload) {
        return ipv4({.protocol = protocol, .options = {}}, payload);
    };
    const auto inUdp = [&](unsigned port, const std::string& payload) {
        return in4(17, udp(40000, port, payload));
    };
    const std::string packet = tcpPacket(), packet6 = ipv6(tcp()), frame = ethernet(0x0800, packet);
    row(Tunnel::Ipv4InIpv4, in4(4, packet));
    row(Tunnel::Ipv6InIpv4, in4(41, packet6));
    row(Tunnel::Ipv4InIpv6, ipv6(packet, 4));
    row(Tunnel::Ipv6InIpv6, ipv6(packet6, 41));
    row(Tunnel::EtherIp, in4(97, hex("30 00") + frame));
    row(Tunnel::Gre, in4(47, hex("00 00 08 00") + packet));
    row(Tunnel::Pptp, in4(47, hex("20 01 88 0b 00 00 00 00 ff 03 00 21") + packet));
    row(Tunnel::Erspan, in4(47, hex("10 00 88 be 00 00 00 01 10 00 00 00 00 00 00 00") + frame));
    row(Tunnel::Wccp, in4(47, hex("00 00 88 3e") + packet));
    row(Tunnel::Aruba, in4(47, hex("00 00 90 00 08 00 00 00") + zeros(20) + snap(0x0800, packet)));
    row(Tunnel::GreInUdp, inUdp(4754, hex("00 00 08 00") + packet));
    row(Tunnel::GtpU, inUdp(2152, hex("30 ff 00 00 00 00 00 00") + packet));
    row(Tunnel::Teredo, inUdp(3544, packet6));
    row(Tunnel::Vxlan, inUdp(4789, hex("08 00 00 00 00 00 01 00") + frame));
    row(Tunnel::Ayiya, inUdp(5072, hex("00 00 00 29 00 00 00 00") + zeros(1) + packet6));
    row(Tunnel::Geneve, inUdp(6081, hex("00 00 65 58 00 00 01 00") + frame));
}

void CaptureQualityTest::tunnels()
{
    QFETCH(QByteArray, packet);
    QFETCH(int, tunnel);
    for (const auto read : {Tunnels::Inner, Tunnels::Outer, Tunnels::Each}) {
        Options options;
        options.reading.tunnels = read;
        const auto counts =
            totalsOfPackets({packet.toStdString(), packet.toStdString(), tcpPacket()}, options)
                .frames.counts();
        FrameCounts expected;
        expected.tunnels[static_cast<std::size_t>(tunnel)] = 2;
        QCOMPARE(counts, expected);
    }
}

void CaptureQualityTest::nestedTunnels()
{
    const auto wrapped = [](unsigned protocol, const std::string& packet) {
        return ipv4({.protocol = protocol, .options = {}}, packet);
    };
    std::string deep = tcpPacket();
    for (int i = 0; i < 40; ++i)
        deep = wrapped(4, deep);
    const auto counts =
        totalsOfPackets({wrapped(4, wrapped(4, wrapped(41, ipv6(tcp())))), // two kinds, three times
                         wrapped(4, "no packet"), deep})
            .frames.counts();
    QCOMPARE(counts[Tunnel::Ipv4InIpv4], 2u);
    QCOMPARE(counts[Tunnel::Ipv6InIpv4], 1u);
}

void CaptureQualityTest::seenAgain()
{
    const auto packet = [](unsigned identification, unsigned timeToLive = 64) {
        return ethernet(0x0800,
                        ipv4({.options = {}, .identification = identification, .timeToLive = timeToLive},
                             tcp({}, "what it carries")));
    };
    const auto count = [](const std::vector<std::string>& frames) {
        PcapFile file;
        for (std::size_t i = 0; i < frames.size(); ++i)
            file.add(static_cast<std::uint32_t>(i), 0, frames[i]);
        return totalsOf(file.bytes()).frames.seenAgain();
    };
    QCOMPARE(count({packet(1), packet(2), packet(3)}), 0u); // sent again
    QCOMPARE(count({packet(1), packet(2), packet(1)}), 1u);
    QCOMPARE(count({packet(1), packet(1), packet(1)}), 2u);
    QCOMPARE(count({packet(1, 64), packet(1, 63)}), 1u); // in front of a router and behind it
    auto tagged = packet(1);
    tagged.insert(12, hex("81 00 00 05"));
    QCOMPARE(count({packet(1), tagged}), 1u);
    // Any byte counts that goes unchanged through routers, as far as those that are compared.
    const auto whole = packet(1);
    for (std::size_t i = 14; i < whole.size(); ++i) {
        auto other = whole;
        other[i] = static_cast<char>(other[i] ^ 1);
        const bool changes = i == 15 || i == 22 || i == 24 || i == 25; // class, time to live, checksum
        const bool behind = i >= 14 + 20 + 20;
        const bool header = i == 14; // which is longer then, or of another version
        if (!header)
            QVERIFY2(count({whole, other}) == (changes || behind ? 1u : 0u), std::to_string(i).c_str());
    }
    const auto six = ipv6(tcp({}, "what it carries"));
    for (std::size_t i = 0; i < six.size(); ++i) {
        auto other = six;
        other[i] = static_cast<char>(other[i] ^ 1);
        if (i != 0 && i != 6) // another version, another protocol
            QCOMPARE(count({ethernet(0x86dd, six), ethernet(0x86dd, other)}),
                     i == 7 || i >= 40 + 20 ? 1u : 0u);
    }
    // Between, 1,023 others at most; frames without a packet are none.
    for (const unsigned others : {1023u, 1024u}) {
        std::vector<std::string> frames{packet(1)};
        for (unsigned i = 0; i < others; ++i) {
            frames.push_back(packet(2 + i));
            frames.push_back(ethernet(0x0806, zeros(28)));
        }
        frames.push_back(packet(1));
        QCOMPARE(count(frames), others < 1024 ? 1u : 0u);
    }
    // Cut ones are compared as far as they go.
    QCOMPARE(count({whole.substr(0, 40), whole.substr(0, 40)}), 1u);
}

// The same figures wherever blocks, read chunks and limits end; of rows that were not read there is none.
void CaptureQualityTest::filtersLimitsAndBlocks()
{
    PcapngFile file;
    file.interface(101).interface(1);
    for (unsigned i = 0; i < 300; ++i) {
        const Ip ip{.source = "10.0.0." + std::to_string(i % 3),
                    .protocol = i % 5 == 0 ? 4u : 6u,
                    .options = {},
                    .fragment = i % 7 == 0 ? 0x2000u : 0,
                    .identification = i / 2};
        const auto packet = ipv4(ip, i % 5 == 0 ? tcpPacket() : tcp());
        file.enhanced(i % 4 == 0, i, i % 4 == 0 ? ethernet(0x0800, packet) : packet, i % 6 == 0 ? 900 : 0);
    }
    Options options;
    options.readChunkRows = 13;
    for (const std::int64_t limit : {0, 1, 100, 101, 259}) {
        options.maxRecords = limit;
        options.blockSize = std::size_t{256} << 10;
        const auto wanted = totalsOf(file.bytes(), options);
        const auto& frames = wanted.frames;
        QCOMPARE(frames.linkTypes().at(1) + (limit == 1 ? 0 : frames.linkTypes().at(101)), wanted.rows.read);
        QCOMPARE(frames.counts()[FrameMark::Cut], (wanted.rows.read + 5) / 6);
        QCOMPARE(frames.counts()[FrameMark::FirstFragment], (wanted.rows.read + 6) / 7);
        QCOMPARE(frames.counts()[Tunnel::Ipv4InIpv4], (wanted.rows.read + 4) / 5);
        for (const std::size_t blockSize : {1u, 100u, 3000u}) {
            options.blockSize = blockSize;
            options.threads = blockSize == 100 ? 1 : 4;
            const auto got = totalsOf(file.bytes(), options);
            QCOMPARE(got.frames.linkTypes(), frames.linkTypes());
            QCOMPARE(got.frames.counts(), frames.counts());
            QCOMPARE(got.frames.seenAgain(), frames.seenAgain());
        }
    }
    options.maxRecords = 0;
    options.addressFilter = "10.0.0.1";
    auto totals = totalsOf(file.bytes(), options);
    QVERIFY(totals.rows.filtered > 0);
    QCOMPARE(totals.frames.counts()[FrameMark::FirstFragment], 43u); // whatever is kept
    options.window.start = 150;
    totals = totalsOf(file.bytes(), options);
    QCOMPARE(totals.frames.counts()[FrameMark::Cut], 50u);
    QCOMPARE(totals.frames.counts()[FrameMark::FirstFragment], 21u);
}

void CaptureQualityTest::tablesHaveNone()
{
    const auto totals = totalsOf(captureHeader() + captureRow(1, "10.0.0.1", "10.0.0.2", 2));
    QVERIFY(totals.frames.linkTypes().empty());
    QCOMPARE(totals.frames.counts(), FrameCounts());
    QCOMPARE(totals.frames.seenAgain(), 0u);
}

QTEST_GUILESS_MAIN(CaptureQualityTest)
#include "capture_quality_test.moc"
