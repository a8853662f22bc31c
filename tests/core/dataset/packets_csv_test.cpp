// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/dataset/packets_csv.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <limits>
#include <string>

using namespace packetloom;
using namespace packetloom::test;

namespace {

const std::string header =
    "timestamp,src_ip,dst_ip,src_port,dst_port,flags,flag_type,seq_num,ack_num,length,protocol\n";

Packet usualPacket(AddressTable& addresses)
{
    Packet packet;
    packet.timestamp = 1'257'254'615'000'000;
    packet.source = addresses.intern("10.0.0.1");
    packet.destination = addresses.intern("10.0.0.2");
    packet.sourcePort = 40000;
    packet.destinationPort = 80;
    packet.flags.bits = 18;
    packet.sequence = 5;
    packet.acknowledgment = 6;
    packet.length = 60;
    packet.protocol = protocolTcp;
    packet.hasProtocol = true;
    return packet;
}

} // namespace

class PacketsCsvTest : public QObject
{
    Q_OBJECT

private slots:
    void theHeaderAlone();
    void rows();
    void addresses_data();
    void addresses();
    void extremes();
    void refusesAnExistingFile();
};

void PacketsCsvTest::theHeaderAlone()
{
    const TestFolder folder;
    const AddressTable table;
    PacketsCsv csv(folder / "packets.csv", table);
    QVERIFY(csv.writer().close());
    QCOMPARE(contentOf(folder / "packets.csv"), header);
}

void PacketsCsvTest::rows()
{
    const TestFolder folder;
    AddressTable table;
    PacketsCsv csv(folder / "packets.csv", table);
    auto packet = usualPacket(table);
    csv.write(packet);
    packet.flags = {0, TcpFlags::Origin::Missing};
    packet.hasProtocol = false; // unreadable: empty, whatever the number
    csv.write(packet);
    packet.flags = {0, TcpFlags::Origin::Column};
    packet.protocol = 17;
    packet.hasProtocol = true;
    packet.source = emptyAddress;
    packet.length = -1;
    csv.write(packet);
    QVERIFY(csv.writer().close());
    QCOMPARE(contentOf(folder / "packets.csv"),
             header + "1257254615000000,10.0.0.1,10.0.0.2,40000,80,18,SYN+ACK,5,6,60,6\n"
                      "1257254615000000,10.0.0.1,10.0.0.2,40000,80,0,INVALID,5,6,60,\n"
                      "1257254615000000,,10.0.0.2,40000,80,0,UNKNOWN,5,6,-1,17\n");
}

void PacketsCsvTest::addresses_data()
{
    QTest::addColumn<QByteArray>("address");
    QTest::addColumn<QByteArray>("field");
    const auto row = [](const char* name, const char* address, const char* field) {
        QTest::newRow(name) << QByteArray(address) << QByteArray(field);
    };
    row("plain", "2001:db8::1", "2001:db8::1");
    row("empty", "", "");
    row("blanks", " a b ", " a b ");
    row("apostrophe", "o'host", "o'host");
    row("semicolon", "a;b\tc", "a;b\tc");
    row("no ASCII", "h\xc3\xb6st", "h\xc3\xb6st");
    row("no UTF-8", "h\xf6st", "h\xf6st");
    row("comma", "a,b", "\"a,b\"");
    row("quote", "a\"b", "\"a\"\"b\"");
    row("only quotes", "\"\"", "\"\"\"\"\"\"");
    row("line feed", "a\nb", "\"a\nb\"");
    row("carriage return", "a\rb", "\"a\rb\"");
}

void PacketsCsvTest::addresses()
{
    QFETCH(QByteArray, address);
    QFETCH(QByteArray, field);
    const TestFolder folder;
    AddressTable table;
    PacketsCsv csv(folder / "packets.csv", table);
    auto packet = usualPacket(table);
    packet.source = packet.destination = table.intern(address.toStdString());
    csv.write(packet);
    QVERIFY(csv.writer().close());
    QCOMPARE(QByteArray::fromStdString(contentOf(folder / "packets.csv").substr(header.size())),
             "1257254615000000," + field + ',' + field + ",40000,80,18,SYN+ACK,5,6,60,6\n");
}

void PacketsCsvTest::extremes()
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    const TestFolder folder;
    AddressTable table;
    PacketsCsv csv(folder / "packets.csv", table);
    auto packet = usualPacket(table);
    packet.timestamp = packet.destinationPort = packet.acknowledgment = packet.protocol = least;
    packet.sourcePort = packet.sequence = packet.length = most;
    packet.flags.bits = least;
    csv.write(packet);
    QVERIFY(csv.writer().close());
    const std::string low = "-9223372036854775808", high = "9223372036854775807";
    QCOMPARE(contentOf(folder / "packets.csv"), header + low + ",10.0.0.1,10.0.0.2," + high + ',' + low +
                                                    ',' + low + ",OTHER_" + low + ',' + high + ',' + low +
                                                    ',' + high + ',' + low + '\n');
}

void PacketsCsvTest::refusesAnExistingFile()
{
    const TestFolder folder;
    folder.write("packets.csv", "mine");
    AddressTable table;
    PacketsCsv csv(folder / "packets.csv", table);
    csv.write(usualPacket(table));
    QVERIFY(csv.writer().failed());
    QVERIFY(!csv.writer().close());
    QCOMPARE(contentOf(folder / "packets.csv"), std::string("mine"));
}

QTEST_APPLESS_MAIN(PacketsCsvTest)
#include "packets_csv_test.moc"
