// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/packet_extras.h"
#include "core/output/convert.h"
#include "tests/core/input/detail_rows.h"
#include "tests/core/input/link_frames.h"
#include "tests/support/packet_sums.h"
#include "tests/support/test_folder.h"

#include <QProcess>
#include <QTest>
#include <map>
#include <random>
#include <set>

using namespace packetloom;
using namespace packetloom::test;

/// Captures of every link type, whole and mangled, give the packets that tshark sees in them. Only where
/// there is a tshark.
class TsharkTest : public QObject
{
    Q_OBJECT

private slots:
    void everyLinkType_data();
    void everyLinkType();
    void mangledPackets_data();
    void mangledPackets();
    void details();
    void extras();
};

namespace {

constexpr std::uint32_t second = 1'000'000;

bool goOn(const Progress&)
{
    return true;
}

/// Frame number to "src,dst,sport,dport,flags,seq,ack,length" of the outermost IP packet; the protocol is
/// left out, since tshark tells the first extension header of IPv6.
using Rows = std::map<std::uint64_t, std::string>;

Rows rowsOfTshark(const QString& file)
{
    QStringList arguments{"-n", "-r", file, "-T", "fields", "-E", "occurrence=f", "-E", "separator=|"};
    for (const auto* const preference : {"ip.defragment:FALSE", "ipv6.defragment:FALSE"})
        arguments << "-o" << preference;
    for (const auto* const field :
         {"frame.number", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "tcp.srcport", "tcp.dstport",
          "udp.srcport", "udp.dstport", "tcp.flags", "tcp.seq_raw", "tcp.ack_raw", "frame.len"})
        arguments << "-e" << field;
    QProcess process;
    process.start(PACKETLOOM_TSHARK, arguments);
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit)
        qFatal("tshark does not run");
    Rows rows;
    for (const auto& line : process.readAllStandardOutput().split('\n')) {
        const auto fields = line.split('|');
        if (fields.size() != 13)
            continue;
        const bool v4 = !fields[1].isEmpty(), v6 = !fields[3].isEmpty();
        if (!v4 && !v6)
            continue;
        const auto number = [](const QByteArray& text) { return text.isEmpty() ? QByteArray("0") : text; };
        const auto flags = QByteArray::number(fields[9].toInt(nullptr, 16));
        const auto ports =
            !fields[5].isEmpty() ? fields[5] + ',' + fields[6] : number(fields[7]) + ',' + number(fields[8]);
        const auto row = (v4 ? fields[1] + ',' + fields[2] : fields[3] + ',' + fields[4]) + ',' + ports +
                         ',' + flags + ',' + number(fields[10]) + ',' + number(fields[11]) + ',' + fields[12];
        rows[fields[0].toULongLong()] = row.toStdString();
    }
    return rows;
}

/// The second of its time is the frame's number.
Rows rowsOf(const std::filesystem::path& file, const TestFolder& folder)
{
    Options options;
    options.inputs = {file};
    options.reading.tunnels = Tunnels::Outer;
    options.replaceAnything = true;
    if (!convert(options, folder / "out", goOn))
        qFatal("the conversion fails");
    Rows rows;
    for (const auto& line :
         QByteArray::fromStdString(contentOf(folder / "out" / "packets.csv")).split('\n').mid(1)) {
        const auto f = line.split(',');
        if (f.size() == 11)
            rows[f[0].toULongLong() / second] = (f[1] + ',' + f[2] + ',' + f[3] + ',' + f[4] + ',' + f[5] +
                                                 ',' + f[7] + ',' + f[8] + ',' + f[9])
                                                    .toStdString();
    }
    return rows;
}

std::map<int, std::vector<LinkFrame>> byLinkType()
{
    std::map<int, std::vector<LinkFrame>> all;
    const std::set<std::string> notSeenByTshark{"null, family 10", "null, family 23", "MPLS pseudowire",
                                                "NFLOG, big endian"};
    for (const auto& frame : linkFrames()) {
        if (!notSeenByTshark.contains(frame.name))
            all[frame.linkType].push_back(frame);
    }
    return all;
}

void addLinkTypes()
{
    QTest::addColumn<int>("linkType");
    const auto all = byLinkType();
    for (const auto& [linkType, frames] : all)
        QTest::newRow(std::to_string(linkType).c_str()) << linkType;
}

void compare(int linkType, const std::vector<std::string>& frames, const std::vector<std::string>& names)
{
    const TestFolder folder;
    PcapFile file(static_cast<std::uint32_t>(linkType));
    for (std::size_t i = 0; i < frames.size(); ++i)
        file.add(static_cast<std::uint32_t>(i + 1), 0, frames[i]);
    const auto path = folder.write("in.pcap", file.bytes());
    const auto expected = rowsOfTshark(QString::fromStdString(pathText(path)));
    const auto got = rowsOf(path, folder);
    for (std::size_t i = 1; i <= frames.size(); ++i) {
        const auto text = [&](const Rows& rows) {
            return rows.contains(i) ? rows.at(i) : std::string("none");
        };
        QVERIFY2(text(got) == text(expected),
                 (names[i - 1] + ": got " + text(got) + ", tshark " + text(expected) + "\n" +
                  QByteArray::fromStdString(frames[i - 1]).toHex(' ').toStdString())
                     .c_str());
    }
}

} // namespace

void TsharkTest::everyLinkType_data()
{
    addLinkTypes();
}

void TsharkTest::everyLinkType()
{
    QFETCH(int, linkType);
    std::vector<std::string> frames, names;
    auto all = byLinkType();
    for (const auto& frame : all[linkType]) {
        frames.push_back(frame.frame);
        names.push_back(frame.name);
    }
    compare(linkType, frames, names);
}

void TsharkTest::mangledPackets_data()
{
    QTest::addColumn<unsigned>("seed");
    for (unsigned seed = 1; seed <= 3; ++seed)
        QTest::newRow(std::to_string(seed).c_str()) << seed;
}

// Bytes of the headers of IP and TCP are changed, and packets cut short.
void TsharkTest::mangledPackets()
{
    QFETCH(unsigned, seed);
    std::mt19937 random(seed); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    std::vector<std::string> frames, names;
    for (int i = 0; i < 2000; ++i) {
        auto frame =
            ethernet(0x0800, ipv4({.options = i % 3 == 0 ? std::string(8, '\1') : std::string()},
                                  tcp({.headerWords = 5 + static_cast<unsigned>(i % 2)}, "some data")));
        for (unsigned change = 0; change < random() % 4; ++change)
            frame[14 + random() % 48] = static_cast<char>(random());
        if (random() % 3 == 0)
            frame.resize(random() % frame.size());
        frames.push_back(frame);
        names.push_back("packet " + std::to_string(i + 1));
    }
    compare(1, frames, names);
}

// As tshark has them, of TCP over IPv4 with everything that varies.
void TsharkTest::details()
{
    const TestFolder folder;
    PcapFile file;
    std::mt19937 random(7); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    constexpr int packets = 500;
    for (int i = 0; i < packets; ++i) {
        auto segment = tcp({.window = static_cast<unsigned>(random()) & 0xffff,
                            .headerWords = 5 + static_cast<unsigned>(random()) % 11},
                           std::string(random() % 100, 'x'));
        segment[16] = static_cast<char>(random());
        segment[17] = static_cast<char>(random());
        const auto packet = ipv4({.identification = static_cast<unsigned>(random()) & 0xffff,
                                  .timeToLive = 1 + static_cast<unsigned>(random()) % 255},
                                 segment);
        const auto tag = be16(static_cast<unsigned>(random()) & 0xefff);
        file.add(1, 0,
                 random() % 2 == 0 ? ethernet(0x0800, packet)
                                   : ethernet(0x8100, tag + be16(0x0800) + packet));
    }
    const auto path = folder.write("in.pcap", file.bytes());
    QProcess process;
    process.start(PACKETLOOM_TSHARK, {"-n", "-r", QString::fromStdString(pathText(path)), "-T", "fields",
                                      "-E", "separator=|", "-e", "tcp.len", "-e", "tcp.window_size_value",
                                      "-e", "ip.ttl", "-e", "ip.id", "-e", "tcp.checksum", "-e", "vlan.id"});
    QVERIFY(process.waitForFinished(60'000));
    std::vector<std::string> expected;
    for (const auto& line : process.readAllStandardOutput().split('\n')) {
        const auto fields = line.split('|');
        if (fields.size() != 6)
            continue;
        std::string text;
        for (const auto& field : fields)
            text += (text.empty() ? "" : " ") +
                    (field.isEmpty() ? "-" : std::to_string(field.toLongLong(nullptr, 0)));
        expected.push_back(text);
    }
    QCOMPARE(expected.size(), static_cast<std::size_t>(packets));
    auto wanted = Details().add(Detail::Payload).add(Detail::Window).add(Detail::HopLimit);
    wanted.add(Detail::Identification).add(Detail::Checksum).add(Detail::Vlan);
    QCOMPARE(detailRows(path, wanted), expected);
}

// What the exact engine asks, of all that it asks it of: whole, cut, in fragments, with checksums that are
// right and wrong.
void TsharkTest::extras()
{
    const TestFolder folder;
    PcapFile file(101);
    std::mt19937 random(11); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    constexpr int packets = 500;
    const auto byte = [&] { return std::string(1, static_cast<char>(random())); };
    for (int i = 0; i < packets; ++i) {
        const std::string data(random() % 60, 'x');
        const bool six = random() % 2 == 0;
        std::string payload;
        unsigned protocol = 6;
        switch (random() % 3) {
        case 0: {
            const unsigned flags = static_cast<unsigned>(random()) & 0x1f;
            std::string options = hex("01 01 04 02");
            if ((flags & 2) != 0 && random() % 4 != 0) // tshark shows it in other segments, too
                options = hex("02 04 05 b4 01 03 03") + byte();
            if ((flags & 2) != 0 && random() % 4 == 0)
                options = hex("01 03 03") + byte() + options;
            payload = tcp({.flags = flags,
                           .window = static_cast<unsigned>(random()) & 0xffff,
                           .headerWords = 5 + static_cast<unsigned>(options.size()) / 4},
                          data);
            payload.replace(20, options.size(), options);
            break;
        }
        case 1:
            protocol = 17;
            payload = udp(1000, 2000, data);
            break;
        default:
            protocol = six ? 58 : 1;
            payload = byte() + byte() + zeros(6) + data;
        }
        auto packet = six ? ipv6(payload, protocol) : ipv4({.protocol = protocol}, payload);
        packet = summed(packet);
        if (random() % 4 == 0) // in the checksum, the data, or an address
            packet[packet.size() - 1 - random() % 4] ^= 0x11;
        if (!six && random() % 8 == 0)
            put16(packet, 6, random() % 2 == 0 ? 0x2000 : 0x0009); // and IPv4's checksum is wrong
        const auto wire = static_cast<std::uint32_t>(packet.size());
        const std::size_t smallest = (six ? 40 : 20) + 8;
        if (random() % 6 == 0)
            packet.resize(smallest + random() % (packet.size() + 1 - smallest));
        file.add(1, 0, packet, wire);
    }
    const auto path = folder.write("in.pcap", file.bytes());
    QStringList arguments{"-n",          "-r",     QString::fromStdString(pathText(path)),
                          "-T",          "fields", "-E",
                          "separator=|", "-E",     "occurrence=l"};
    for (const auto* const preference :
         {"ip.defragment:FALSE", "tcp.check_checksum:TRUE", "udp.check_checksum:TRUE",
          "ip.check_checksum:TRUE", "tcp.analyze_sequence_numbers:FALSE"})
        arguments << "-o" << preference;
    for (const auto* const field :
         {"ip.len", "ipv6.plen", "tcp.options.wscale.shift", "icmp.type", "icmp.code", "icmpv6.type",
          "icmpv6.code", "tcp.checksum.status", "udp.checksum.status", "icmp.checksum.status",
          "icmpv6.checksum.status", "ip.checksum.status"})
        arguments << "-e" << field;
    QProcess process;
    process.start(PACKETLOOM_TSHARK, arguments);
    QVERIFY(process.waitForFinished(60'000));
    std::vector<std::string> expected;
    for (const auto& line : process.readAllStandardOutput().split('\n')) {
        const auto fields = line.split('|');
        if (fields.size() != 12)
            continue;
        const auto either = [&](int a, int b) { return fields[a].isEmpty() ? fields[b] : fields[a]; };
        const auto text = [](const QByteArray& number) {
            return number.isEmpty() ? std::string("-") : number.toStdString();
        };
        unsigned damage = 0;
        for (int i = 7; i <= 10; ++i)
            damage |= fields[i] == "0" ? unsigned{PacketExtras::BadChecksum} : 0u;
        damage |= fields[11] == "0" ? unsigned{PacketExtras::BadIpChecksum} : 0u;
        const auto bytes = fields[0].isEmpty() ? std::to_string(40 + fields[1].toInt()) : text(fields[0]);
        expected.push_back(bytes + ' ' + text(fields[2]) + ' ' + text(either(3, 5)) + ' ' +
                           text(either(4, 6)) + ' ' + std::to_string(damage));
    }
    QCOMPARE(expected.size(), static_cast<std::size_t>(packets));
    auto wanted = Details().add(Detail::IpBytes).add(Detail::WindowScale).add(Detail::IcmpType);
    wanted.add(Detail::IcmpCode).add(Detail::Damage);
    auto got = detailRows({.file = path, .verifyChecksums = true}, wanted);
    constexpr unsigned checksums = PacketExtras::BadChecksum | PacketExtras::BadIpChecksum;
    for (auto& row : got) { // tshark has no word for the rest
        const auto damage = row.rfind(' ') + 1;
        row.replace(damage, row.npos, std::to_string(std::stoul(row.substr(damage)) & checksums));
    }
    QCOMPARE(got.size(), expected.size());
    for (std::size_t i = 0; i < got.size(); ++i)
        QVERIFY2(got[i] == expected[i],
                 ("packet " + std::to_string(i + 1) + ": got " + got[i] + ", tshark " + expected[i]).c_str());
}

QTEST_GUILESS_MAIN(TsharkTest)
#include "tshark_test.moc"
