// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/packet_reader.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

class PacketReaderTest : public QObject
{
    Q_OBJECT

private slots:
    void readsEveryColumn();
    void absentColumnsHaveDefaults();
    void valuesAreTruncatedOrReplaced();
    void rejects_data();
    void rejects();
    void headersAreChecked_data();
    void headersAreChecked();
    void filteredRowsSayWhetherTheyLieBehindTheWindow();
    void protocolNamesCount_data();
    void protocolNamesCount();
};

namespace {

const std::string allColumns =
    "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n";

/// Everything that outlives a row, and the rows of one text.
struct Reading
{
    explicit Reading(const std::string& text, TimeWindow window = {})
    {
        auto opened = PacketReader::open(folder.write("in.csv", text), 65536);
        if (!opened)
            qFatal("the capture cannot be opened");
        PacketRules rules{window, &decoder};
        ReadRow row;
        while ((*opened)->next(rules, row) == CsvTokenizer::Step::Row) {
            rows.push_back(row);
            rows.back().raw = {};
        }
    }
    TestFolder folder;
    IpMap map;
    AddressTable table;
    AddressDecoder decoder{map, nullptr, table};
    std::vector<ReadRow> rows;
};

} // namespace

void PacketReaderTest::readsEveryColumn()
{
    const Reading reading(allColumns + "1000,a,b,80,443,18,5,6,1460,6\n");
    QCOMPARE(reading.rows.size(), 1u);
    const ReadRow& row = reading.rows[0];
    QCOMPARE(row.fate, RowFate::Kept);
    QCOMPARE(row.line, 2u);
    const Packet& p = row.packet;
    QCOMPARE(p.timestamp, 1000);
    QCOMPARE(reading.table.text(p.source), std::string_view("a"));
    QCOMPARE(reading.table.text(p.destination), std::string_view("b"));
    QCOMPARE(p.sourcePort, 80);
    QCOMPARE(p.destinationPort, 443);
    QCOMPARE(p.flags.bits, 18);
    QCOMPARE(p.flags.origin, TcpFlags::Origin::Value);
    QCOMPARE(p.sequence, 5);
    QCOMPARE(p.acknowledgment, 6);
    QCOMPARE(p.length, 1460);
    QVERIFY(p.isTcp());
}

void PacketReaderTest::absentColumnsHaveDefaults()
{
    const Reading reading("dst_ip,timestamp,src_ip\nb,1000,a\n");
    QCOMPARE(reading.rows.size(), 1u);
    const Packet& p = reading.rows[0].packet;
    QCOMPARE(p.sourcePort, 0);
    QCOMPARE(p.length, 0);
    QCOMPARE(p.flags.origin, TcpFlags::Origin::Column);
    QVERIFY(!p.hasProtocol);
    QVERIFY(!p.isTcp());
}

void PacketReaderTest::valuesAreTruncatedOrReplaced()
{
    const Reading reading(allColumns + "1000.9,a,b,66.0,1.75,,-2.5,x,NaN,6.0\n1,a,b,1,2,zz,3,4,5,\n");
    QCOMPARE(reading.rows.size(), 2u);
    const Packet& p = reading.rows[0].packet;
    QCOMPARE(p.timestamp, 1000);
    QCOMPARE(p.sourcePort, 66);
    QCOMPARE(p.destinationPort, 1);
    QCOMPARE(p.flags.bits, 0);
    QCOMPARE(p.flags.origin, TcpFlags::Origin::Missing);
    QCOMPARE(p.sequence, -2);
    QCOMPARE(p.acknowledgment, 0);
    QCOMPARE(p.length, 0);
    QVERIFY(p.isTcp());
    QCOMPARE(reading.rows[1].packet.flags.origin, TcpFlags::Origin::Missing);
    QVERIFY(!reading.rows[1].packet.hasProtocol);
}

void PacketReaderTest::rejects_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<RejectReason>("reason");
    QTest::addColumn<std::string>("column");
    QTest::addColumn<std::string>("key");
    const auto row = [](std::string text, RejectReason reason, const char* column, const char* key) {
        QTest::newRow(key) << std::move(text) << reason << std::string(column) << std::string(key);
    };
    using enum RejectReason;
    row("1000,a,b\n", TooFewFields, "", "too_few_fields");
    row("1,a,b,1,2,3,4,5,6,6,7\n", TooManyFields, "", "too_many_fields");
    row("1,\"a,b,1,2,3,4,5,6,6\n", UnclosedQuote, "", "unclosed_quote");
    row(std::string("1,a\0,b,1,2,3,4,5,6,6\n", 21), NulByte, "", "nul_byte");
    row(std::string(1100000, '1') + "\n", RowTooLong, "", "row_too_long");
    row(",a,b,1,2,3,4,5,6,6\n", TimestampMissing, "timestamp", "timestamp_missing");
    row("soon,a,b,1,2,3,4,5,6,6\n", TimestampUnreadable, "timestamp", "timestamp_unreadable");
    row("inf,a,b,1,2,3,4,5,6,6\n", TimestampNotFinite, "timestamp", "timestamp_not_finite");
    row("1,a,b,1,2,3,9223372036854775808,5,6,6\n", NumberOutOfRange, "seq_num", "number_out_of_range");
    row("1,a,h\xf6st,1,2,3,4,5,6,6\n", AddressNotUtf8, "dst_ip", "address_not_utf8");
}

void PacketReaderTest::rejects()
{
    QFETCH(std::string, text);
    QFETCH(RejectReason, reason);
    QFETCH(std::string, column);
    QFETCH(std::string, key);
    const std::string good = "7,a,b,1,2,3,4,5,6,6\n";
    const Reading reading(allColumns + good + text + good);
    QCOMPARE(reading.rows.size(), 3u);
    QCOMPARE(reading.rows[0].fate, RowFate::Kept);
    QCOMPARE(reading.rows[1].fate, RowFate::Rejected);
    QCOMPARE(reading.rows[1].reason, reason);
    QCOMPARE(std::string(reading.rows[1].column), column);
    QCOMPARE(reading.rows[1].line, 3u);
    QCOMPARE(reading.rows[2].fate, RowFate::Kept);
    QCOMPARE(reading.rows[2].line, 4u);
    QCOMPARE(std::string(rejectReasonKey(reason)), key);
}

void PacketReaderTest::headersAreChecked_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<Errc>("code");
    QTest::addColumn<quint64>("line");
    QTest::newRow("only blank lines") << std::string("\n\n \n") << Errc::Empty << quint64{0};
    QTest::newRow("no column names") << std::string("\n1257254615000000,1,2\n") << Errc::Header << quint64{2};
    QTest::newRow("semicolons") << std::string("timestamp;src_ip;dst_ip\n") << Errc::Header << quint64{1};
    QTest::newRow("unclosed quote") << std::string("\"timestamp,src_ip\n1,2\n") << Errc::Header << quint64{1};
    QTest::newRow("NUL further on") << std::string(70, 'x') + std::string("\0y\n", 3) << Errc::Binary
                                    << quint64{1};
}

void PacketReaderTest::headersAreChecked()
{
    QFETCH(std::string, text);
    QFETCH(Errc, code);
    QFETCH(quint64, line);
    const TestFolder folder;
    const auto file = folder.write("in.csv", text);
    const auto reader = PacketReader::open(file, 4096);
    QVERIFY(!reader);
    QCOMPARE(reader.error().code, code);
    QCOMPARE(reader.error().line, line);
    QVERIFY(reader.error().file == file);
}

void PacketReaderTest::filteredRowsSayWhetherTheyLieBehindTheWindow()
{
    const Reading reading("timestamp,src_ip,dst_ip\n9,a,b\n10,a,b\n20,a,b\n21,a,b\nx,a,b\n",
                          {.start = 10, .end = 20});
    QCOMPARE(reading.rows.size(), 5u);
    QCOMPARE(reading.rows[0].fate, RowFate::Filtered);
    QVERIFY(!reading.rows[0].pastWindow);
    QCOMPARE(reading.rows[1].fate, RowFate::Kept);
    QCOMPARE(reading.rows[2].fate, RowFate::Kept);
    QCOMPARE(reading.rows[3].fate, RowFate::Filtered);
    QVERIFY(reading.rows[3].pastWindow);
    QCOMPARE(reading.rows[4].fate, RowFate::Rejected);
    QVERIFY(!reading.rows[4].pastWindow);
}

void PacketReaderTest::protocolNamesCount_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<int>("number"); // -1: none
    QTest::newRow("TCP") << std::string("TCP") << 6;
    QTest::newRow("tcp") << std::string("tcp") << 6;
    QTest::newRow(" Udp ") << std::string(" Udp ") << 17;
    QTest::newRow("icmp") << std::string("icmp") << 1;
    QTest::newRow("TCPv6") << std::string("TCPv6") << -1;
    QTest::newRow("blank") << std::string(" ") << -1;
    QTest::newRow("47") << std::string("47") << 47;
}

void PacketReaderTest::protocolNamesCount()
{
    QFETCH(std::string, text);
    QFETCH(int, number);
    const Reading reading("timestamp,src_ip,dst_ip,protocol\n1,a,b," + text + "\n");
    QCOMPARE(reading.rows.size(), 1u);
    QCOMPARE(reading.rows[0].packet.hasProtocol, number >= 0);
    QCOMPARE(reading.rows[0].packet.protocol, std::max(number, 0));
}

QTEST_APPLESS_MAIN(PacketReaderTest)
#include "packet_reader_test.moc"
