// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/row_filter.h"
#include "tests/core/filter/plain_rows.h"
#include "tests/support/filter_of.h"

#include <QTest>
#include <random>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// Packets and filters, against a model that is slow and plain.
class RowFilterTest : public QObject
{
    Q_OBJECT

private slots:
    void agreesWithThePlainModel();
    void learnsAddressesThatComeLater();
    void addressesAloneMayDecide();
    void flowsAreAskedByPart();
    void namesMeanWhatWiresharkMeans_data();
    void namesMeanWhatWiresharkMeans();
};

namespace {

const std::vector<std::string>& terms()
{
    static const std::vector<std::string> all = [] {
        std::vector<std::string> some{"src == 10.0.0.1",
                                      "dst != 10.0.0.0/8",
                                      "addr in {10.1.2.3 fe80::1 printer}",
                                      "addr == 2001:db8:0::a",
                                      "src contains '0.0.'",
                                      "ip.src == 10.0.0.0/8",
                                      "ip.dst != 10.0.0.1",
                                      "ip.addr not in {10.0.0.1 10.0.0.2}",
                                      "ipv6.addr == fe80::/16",
                                      "ipv6.src != fe80::1",
                                      "ip",
                                      "not ipv6",
                                      "10.0.",
                                      "10.0.0.1:443",
                                      ":8000..9000",
                                      "port == 443",
                                      "sport in {1 22 80 443 8080 60000..70000}",
                                      "dport < 0",
                                      "port >= 65535",
                                      "port != 80",
                                      "tcp.port == 80",
                                      "tcp.port != 80",
                                      "udp.dstport in {53}",
                                      "proto == tcp",
                                      "proto == 47",
                                      "proto == nothing",
                                      "proto != 6",
                                      "proto in {0..5 icmp6}",
                                      "proto contains cmp",
                                      "ip.proto == 6",
                                      "icmp",
                                      "service == https",
                                      "service contains t",
                                      "http",
                                      "time >= 1",
                                      "time in {0.00006..2}",
                                      "len > 60",
                                      "frame.len in {-1 60}",
                                      "seq <= 0",
                                      "tcp.ack != 1",
                                      "flags == SYN+ACK",
                                      "flags in {0 FIN 194}",
                                      "flags & 0x12",
                                      "flags.syn",
                                      "tcp.flags.ack == 0",
                                      "not flags.rst",
                                      "tcp.flags.cwr == 1",
                                      "flags.urg != 0",
                                      "'syn+a'",
                                      "'HOST'",
                                      "'other_'",
                                      "icm",
                                      "unknown",
                                      "len < 9 and len > 9"};
        if (TextPattern::isBuiltIn())
            for (const char* const more :
                 {R"(src matches "^10\.0\.0\.[12]$")", "addr ~ 'X$'", "proto matches '^(tcp|9)'"})
                some.emplace_back(more);
        return some;
    }();
    return all;
}

FilterExpression ofPackets(const std::string& text)
{
    return filterOf(text, FilterSubject::Packets);
}

} // namespace

void RowFilterTest::agreesWithThePlainModel()
{
    std::mt19937 random(18); // NOLINT: the same numbers every time
    AddressTable table;
    const auto packets = packetsAtRandom(table, random, 1500);
    std::size_t found = 0;
    for (int round = 0; round < 160; ++round) {
        const auto text = round < static_cast<int>(terms().size()) ? terms()[static_cast<std::size_t>(round)]
                                                                   : filterAtRandom(terms(), random, 3);
        const auto expression = ofPackets(text);
        const RowFilter filter(table, expression);
        std::vector<std::uint8_t> hits(packets.size(), 7);
        filter.match(packets, 0, hits);
        for (std::size_t i = 0; i < packets.size(); ++i) {
            const bool fits = rowFits(table, packets[i], expression);
            found += fits ? 1 : 0;
            QVERIFY2(hits[i] == (fits ? 1 : 0), qPrintable(QString::fromStdString(text)));
            QVERIFY(!fits || filter.canMatch(packets[i].source, packets[i].destination));
        }
    }
    QVERIFY(found > 20'000);
}

void RowFilterTest::learnsAddressesThatComeLater()
{
    AddressTable table;
    RowFilter filter(table, ofPackets("src == 10.0.0.0/8 or 'host'"));
    for (int i = 0; i < 1000; ++i) {
        Packet packet;
        packet.source = table.intern((i % 2 ? "10.0.0." : "11.0.0.") + std::to_string(i));
        packet.destination = table.intern(i % 3 ? "x" : "HOSTS" + std::to_string(i));
        filter.learnAddresses();
        std::uint8_t hit = 7;
        filter.match({&packet, 1}, 0, {&hit, 1});
        QCOMPARE(int(hit), (i % 2 && i < 256) || i % 3 == 0 ? 1 : 0);
    }
}

// A row that cannot be kept for another reason is filtered when its addresses are enough for that.
void RowFilterTest::addressesAloneMayDecide()
{
    AddressTable table;
    const auto ten = table.intern("10.0.0.1"), other = table.intern("11.0.0.1");
    const auto can = [&](const char* text, AddressId source, AddressId destination) {
        return RowFilter(table, ofPackets(text)).canMatch(source, destination);
    };
    QVERIFY(can("addr == 10.0.0.0/8", ten, other));
    QVERIFY(!can("addr == 10.0.0.0/8", other, other));
    QVERIFY(!can("src == 10.0.0.0/8 and port == 80", other, ten));
    QVERIFY(can("src == 10.0.0.0/8 and port == 80", ten, other));
    QVERIFY(can("src == 10.0.0.0/8 or port == 80", other, ten));
    QVERIFY(!can("not (src == 10.0.0.0/8 or port == 80)", ten, other));
    QVERIFY(can("not (src == 10.0.0.0/8 and port == 80)", ten, other));
    QVERIFY(!can("ip.src != 10.0.0.1", ten, other));
    QVERIFY(can("bytes > 5 and 'nothing'", ten, other));
}

void RowFilterTest::flowsAreAskedByPart()
{
    AddressTable table;
    std::mt19937 random(7); // NOLINT: the same numbers every time
    const auto packets = packetsAtRandom(table, random, 2500);
    const auto expression = ofPackets(
        "(bytes > 5 and close == graceful and len > 0) or flow(src == 10.0.0.1) or not number == 7");
    const RowFilter filter(table, expression);
    QCOMPARE(filter.flowParts().size(), std::size_t{4});
    std::vector<std::uint8_t> hits(packets.size());
    // Every second packet has a flow; the second part is true of every third of those.
    const RowFilter::FlowHits flows = [](std::size_t part, std::uint64_t first,
                                         std::span<std::uint8_t> some) {
        for (std::size_t i = 0; i < some.size(); ++i) {
            const auto row = first + i;
            some[i] = row % 2 == 0 && (part != 1 || row % 3 == 0) && part != 2 ? 1 : 0;
        }
    };
    filter.match(packets, 100, hits, &flows);
    for (std::size_t i = 0; i < packets.size(); ++i) {
        const auto row = 100 + i;
        const bool first = row % 2 == 0 && row % 3 == 0 && packets[i].length > 0;
        QCOMPARE(int(hits[i]), first || row % 2 != 0 ? 1 : 0);
    }
    // Parts that are all of flows are asked at once; nobody to ask: no packet has a flow.
    const RowFilter one(table, ofPackets("bytes > 5 and (close == graceful or timeout)"));
    QCOMPARE(one.flowParts().size(), std::size_t{1});
    QVERIFY(canAskFlows(one.flowParts().front()));
    one.match(packets, 0, hits);
    QVERIFY(std::all_of(hits.begin(), hits.end(), [](auto hit) { return hit == 0; }));
}

void RowFilterTest::namesMeanWhatWiresharkMeans_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("ofTcp4"); // 10.0.0.1:80 -> 10.0.0.2:9, SYN
    QTest::addColumn<bool>("ofUdp6"); // fe80::1:80 -> fe80::2:9
    const auto row = [](const char* text, bool ofTcp4, bool ofUdp6) {
        QTest::newRow(text) << QByteArray(text) << ofTcp4 << ofUdp6;
    };
    row("tcp.port == 80", true, false);
    row("udp.port == 80", false, true);
    row("port == 80", true, true);
    row("tcp.port != 81", true, false); // a packet without such a field is not unequal, either
    row("!(tcp.port == 81)", true, true);
    row("tcp.port != 80", false, false);
    row("ip.addr != 10.0.0.9", true, false);
    row("!ip.addr == 10.0.0.9", true, true);
    row("ipv6.addr != fe80::2", false, false);
    row("tcp.flags.syn == 1", true, false);
    row("tcp.flags.ack == 0", true, false);
    row("tcp.flags == 0x002", true, false);
    row("flags.ack == 0", true, false);
    row("ip", true, false);
    row("ipv6", false, true);
    row("udp || icmp", false, true);
    row("ip.proto == 6", true, false);
    row("ip.proto == 17", false, false);
    row("proto == 17", false, true);
}

void RowFilterTest::namesMeanWhatWiresharkMeans()
{
    QFETCH(QByteArray, text);
    AddressTable table;
    std::vector<Packet> packets(2);
    packets[0].source = table.intern("10.0.0.1");
    packets[0].destination = table.intern("10.0.0.2");
    packets[0].protocol = protocolTcp;
    packets[0].flags.bits = TcpFlags::syn;
    packets[1].source = table.intern("fe80::1");
    packets[1].destination = table.intern("fe80::2");
    packets[1].protocol = protocolUdp;
    for (Packet& packet : packets) {
        packet.sourcePort = 80;
        packet.destinationPort = 9;
        packet.hasProtocol = true;
    }
    std::vector<std::uint8_t> hits(2);
    RowFilter(table, ofPackets(text.toStdString())).match(packets, 0, hits);
    QTEST(hits[0] != 0, "ofTcp4");
    QTEST(hits[1] != 0, "ofUdp6");
}

QTEST_APPLESS_MAIN(RowFilterTest)
#include "row_filter_test.moc"
