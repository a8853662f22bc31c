// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/packets_csv.h"

#include <QTest>
#include <limits>
#include <string>
#include <vector>

using namespace packetloom;

namespace {

QByteArray written(const std::vector<Packet>& packets, const AddressTable& addresses)
{
    TextBuffer text;
    appendPacketsCsv(packets, addresses, text);
    return QByteArray::fromStdString(std::string(text.text()));
}

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
    void theHeader();
    void rows();
    void addresses_data();
    void addresses();
    void extremes();
    void manyRows();
};

void PacketsCsvTest::theHeader()
{
    QCOMPARE(
        packetsCsvHeader,
        std::string_view("timestamp,src_ip,dst_ip,src_port,dst_port,flags,flag_type,seq_num,ack_num,length,"
                         "protocol\n"));
    QCOMPARE(written({}, AddressTable()), QByteArray());
}

void PacketsCsvTest::rows()
{
    AddressTable table;
    std::vector<Packet> packets;
    auto packet = usualPacket(table);
    packets.push_back(packet);
    packet.flags = {0, TcpFlags::Origin::Missing};
    packet.hasProtocol = false; // unreadable: empty, whatever the number
    packets.push_back(packet);
    packet.flags = {0, TcpFlags::Origin::Column};
    packet.protocol = 17;
    packet.hasProtocol = true;
    packet.source = emptyAddress;
    packet.length = -1;
    packets.push_back(packet);
    QCOMPARE(written(packets, table),
             QByteArray("1257254615000000,10.0.0.1,10.0.0.2,40000,80,18,SYN+ACK,5,6,60,6\n"
                        "1257254615000000,10.0.0.1,10.0.0.2,40000,80,0,INVALID,5,6,60,\n"
                        "1257254615000000,,10.0.0.2,40000,80,0,UNKNOWN,5,6,-1,17\n"));
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
    AddressTable table;
    std::vector<Packet> packets;
    auto packet = usualPacket(table);
    packet.source = packet.destination = table.intern(address.toStdString());
    packets.push_back(packet);
    QCOMPARE(written(packets, table),
             "1257254615000000," + field + ',' + field + ",40000,80,18,SYN+ACK,5,6,60,6\n");
}

void PacketsCsvTest::extremes()
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    AddressTable table;
    std::vector<Packet> packets;
    auto packet = usualPacket(table);
    packet.timestamp = packet.destinationPort = packet.acknowledgment = packet.protocol = least;
    packet.sourcePort = packet.sequence = packet.length = most;
    packet.flags.bits = least;
    packets.push_back(packet);
    const QByteArray low = "-9223372036854775808", high = "9223372036854775807";
    QCOMPARE(written(packets, table), low + ",10.0.0.1,10.0.0.2," + high + ',' + low + ',' + low + ",OTHER_" +
                                          low + ',' + high + ',' + low + ',' + high + ',' + low + '\n');
}

// Long texts make the buffer grow anywhere in a row.
void PacketsCsvTest::manyRows()
{
    AddressTable table;
    std::vector<Packet> packets;
    QByteArray expected;
    for (int i = 0; i < 3000; ++i) {
        const QByteArray address(i % 700, '"');
        auto packet = usualPacket(table);
        packet.timestamp = i;
        packet.source = table.intern(address.toStdString());
        packets.push_back(packet);
        const QByteArray field = address.isEmpty() ? QByteArray() : '"' + address + address + '"';
        expected += QByteArray::number(i) + ',' + field + ",10.0.0.2,40000,80,18,SYN+ACK,5,6,60,6\n";
    }
    QCOMPARE(written(packets, table), expected);
}

QTEST_APPLESS_MAIN(PacketsCsvTest)
#include "packets_csv_test.moc"
