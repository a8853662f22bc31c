// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/flow_time.h"
#include "tests/core/input/flow_rows.h"

#include <QTest>
#include <limits>

using namespace packetloom;
using namespace packetloom::test;

/// Tables of flows in CSV form: nfdump, Argus, CICFlowMeter.
class CsvFlowsTest : public QObject
{
    Q_OBJECT

private slots:
    void nfdumpOf16();
    void nfdumpOf17();
    void argus();
    void argusInLowerCase();
    void argusStates_data();
    void argusStates();
    void timesOfDaySaySo();
    void cicFlowMeter();
    void cicFlowMeterOfLaterVersions();
    void daysAndMonths_data();
    void daysAndMonths();
    void quotesAndRepeatedHeaders();
    void saysWhyARowIsNone();
    void tablesOfPacketsAreNone();
    void decimalsAreExact();
    void times_data();
    void times();
};

namespace {

const std::string nfdump = "ts,te,td,sa,da,sp,dp,pr,flg,fwd,stos,ipkt,ibyt,opkt,obyt\n";
const std::string argusHeader =
    "StartTime,Flgs,Proto,SrcAddr,Sport,Dir,DstAddr,Dport,TotPkts,TotBytes,State\n";
const std::string cicHeader =
    "Flow ID, Source IP, Source Port, Destination IP, Destination Port, Protocol, Timestamp, Flow Duration, "
    "Total Fwd Packets, Total Backward Packets,Total Length of Fwd Packets, Total Length of Bwd Packets, "
    "Label\n";

std::string cicRow(const std::string& timestamp)
{
    return "id,10.0.0.1,40000,10.0.0.2,443,6," + timestamp + ",1500,3,2,120.0,80,BENIGN\n";
}

} // namespace

void CsvFlowsTest::nfdumpOf16()
{
    const auto read = readFlows(
        nfdump +
        "2009-11-03 13:23:35,2009-11-03 13:23:36,1.250,       10.0.0.1,       10.0.0.2,40000,   80,TCP  "
        ",...AP.SF,0,0,5,300,0,0\n"
        "2009-11-03 13:23:35.250,2009-11-03 "
        "13:23:35.250,0.000,10.0.0.1,10.0.0.2,0,8.1,ICMP,........,0,0,1,84,0,0\n"
        "Summary\nflows,bytes,packets,avg_bps,avg_pps,avg_bpp\n2,384,6,0,0,64\n");
    QCOMPARE(read.format, std::string("nfdump"));
    QVERIFY(doubts(read, FlowDoubt::NoZone) && read.doubts.count() == 1);
    const QStringList expected{
        "2 tcp 10.0.0.1:40000>10.0.0.2:80 1257254615000000+1000000 5/0 of 5 300/0 of 300 [] [...AP.SF]",
        "3 icmp 10.0.0.1:0>10.0.0.2:2049 1257254615250000+0 1/0 of 1 84/0 of 84 [] [........]"};
    QCOMPARE(read.rows, expected);
}

void CsvFlowsTest::nfdumpOf17()
{
    const auto read =
        readFlows("firstSeen,duration,proto,srcAddr,srcPort,dstAddr,dstPort,packets,bytes,bps\r\n"
                  "2009-11-03 13:23:35.000,2.500,17,2001:DB8::1,53,::ffff:10.0.0.1,http,2,150,480\r\n");
    QCOMPARE(read.format, std::string("nfdump"));
    QCOMPARE(read.rows,
             QStringList{"2 udp 2001:db8::1:53>::ffff:10.0.0.1:80 1257254615000000+2500000 2/0 of 2 "
                         "150/0 of 150 [http] []"});
}

void CsvFlowsTest::argus()
{
    const auto read = readFlows(
        argusHeader + "2009/11/03 13:23:35.000042, e ,tcp,10.0.0.1,40000,->,10.0.0.2,0x0050,10,1000,FIN\n"
                      "1257254615.5, e ,udp,10.0.0.1,whatever,<->,10.0.0.2,domain,2,200,CON\n"
                      "1257254616, e ,arp,10.0.0.1,,who,10.0.0.2,,2,92,CON\n"
                      "1257254616, e ,llc,00:11:22:33:44:55,,->,aa:bb:cc:dd:ee:ff,no-such-name,2,92,INT\n");
    QCOMPARE(read.format, std::string("argus"));
    const QStringList expected{
        "2 tcp 10.0.0.1:40000>10.0.0.2:80 1257254615000042+0 ?/? of 10 ?/? of 1000 [] [FIN] graceful",
        "3 udp 10.0.0.1:0>10.0.0.2:53 1257254615500000+0 ?/? of 2 ?/? of 200 [domain] [CON]",
        "4 arp 10.0.0.1:0>10.0.0.2:0 1257254616000000+0 ?/? of 2 ?/? of 92 [] [CON]",
        "5 llc 00:11:22:33:44:55:0>aa:bb:cc:dd:ee:ff:0 1257254616000000+0 ?/? of 2 ?/? of 92 [no-such-name] "
        "[INT]"};
    QCOMPARE(read.rows, expected);
    QVERIFY(doubts(read, FlowDoubt::NoZone)); // of the first row
}

void CsvFlowsTest::argusInLowerCase()
{
    const auto read =
        readFlows("pkSeqID,stime,ltime,proto,saddr,sport,daddr,dport,pkts,bytes,state,spkts,dpkts,sbytes\n"
                  "1,1257254615.25,1257254616.5,tcp,10.0.0.1,1,10.0.0.2,2,10,1000,RST,6,4,400\n");
    QCOMPARE(read.rows,
             QStringList{"2 tcp 10.0.0.1:1>10.0.0.2:2 1257254615250000+1250000 6/4 of 10 400/600 of "
                         "1000 [] [RST] abortive"});
    QVERIFY(read.doubts.none());
}

void CsvFlowsTest::argusStates_data()
{
    QTest::addColumn<QString>("closed");
    for (const auto* const state : {"REQ", "ACC", "TIM", "INT", "S_", "FSPA_SPA", "FOO_BAR"})
        QTest::newRow(state) << QString();
    for (const auto* const state : {"CON", "EST"})
        QTest::newRow(state) << QStringLiteral("open");
    for (const auto* const state : {"FIN", "CLO", "FSPA_FSA"})
        QTest::newRow(state) << QStringLiteral("graceful");
    for (const auto* const state : {"RST", "S_RA", "FSRPA_FSPA"})
        QTest::newRow(state) << QStringLiteral("abortive");
}

void CsvFlowsTest::argusStates()
{
    QFETCH(QString, closed);
    const std::string state = QTest::currentDataTag();
    const auto read = readFlows(argusHeader + "1, e ,tcp,10.0.0.1,1,->,10.0.0.2,2,1,1," + state + "\n" +
                                "1, e ,udp,10.0.0.1,1,->,10.0.0.2,2,1,1," + state + "\n");
    const auto end = QStringLiteral("[%1] ").arg(QString::fromStdString(state));
    QVERIFY2(read.rows[0].endsWith((end + closed).trimmed()), qPrintable(read.rows[0]));
    QVERIFY2(read.rows[1].endsWith(end.trimmed()), qPrintable(read.rows[1]));
}

void CsvFlowsTest::timesOfDaySaySo()
{
    const auto read = readFlows(argusHeader + "13:23:35.000042, e ,tcp,10.0.0.1,1,->,10.0.0.2,2,1,1,FIN\n");
    QVERIFY(read.rows[0].contains(" 48215000042+0 "));
    QVERIFY(doubts(read, FlowDoubt::NoDate));
}

void CsvFlowsTest::cicFlowMeter()
{
    const auto read = readFlows(cicHeader + cicRow("03/11/2009 13:23:35") + cicRow("25/11/2009 01:02:03 PM"));
    QCOMPARE(read.format, std::string("cicflowmeter"));
    const QStringList expected{
        "2 tcp 10.0.0.1:40000>10.0.0.2:443 1257254615000000+1500 3/2 of 5 120/80 of 200 [] []",
        "3 tcp 10.0.0.1:40000>10.0.0.2:443 1259154123000000+1500 3/2 of 5 120/80 of 200 [] []"};
    QCOMPARE(read.rows, expected);
    QVERIFY(!doubts(read, FlowDoubt::DayOrMonth) && doubts(read, FlowDoubt::NoZone));
}

void CsvFlowsTest::cicFlowMeterOfLaterVersions()
{
    const auto read = readFlows(
        "Flow ID,Src IP,Src Port,Dst IP,Dst Port,Protocol,Timestamp,Flow Duration,Tot Fwd Pkts,Tot Bwd Pkts,"
        "TotLen Fwd Pkts,TotLen Bwd Pkts,Flow Byts/s\n"
        "id,10.0.0.1,1,10.0.0.2,2,17,2009-11-03 13:23:35.25,-1,1,0,60.0,0.0,Infinity\n");
    QCOMPARE(read.rows,
             QStringList{"2 udp 10.0.0.1:1>10.0.0.2:2 1257254615250000+0 1/0 of 1 60/0 of 60 [] []"});
}

void CsvFlowsTest::daysAndMonths_data()
{
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("second");
    QTest::addColumn<qint64>("start");
    QTest::addColumn<bool>("doubtful");
    constexpr qint64 third = 1257254615000000;
    QTest::newRow("the day comes first") << "03/11/2009 13:23:35"
                                         << "13/11/2009 13:23:35" << third << false;
    QTest::newRow("the month comes first") << "11/03/2009 13:23:35"
                                           << "11/13/2009 13:23:35" << third << false;
    QTest::newRow("nothing tells") << "03/11/2009 13:23:35"
                                   << "04/12/2009 13:23:35" << third << true;
    QTest::newRow("it does not matter")
        << "11/11/2009 13:23:35"
        << "12/12/2009 13:23:35" << third + qint64{8} * 86400 * 1000000 << false;
}

void CsvFlowsTest::daysAndMonths()
{
    QFETCH(QString, first);
    QFETCH(QString, second);
    QFETCH(qint64, start);
    QFETCH(bool, doubtful);
    const auto read = readFlows(cicHeader + cicRow(first.toStdString()) + cicRow(second.toStdString()));
    QVERIFY2(read.rows[0].contains(QStringLiteral(" %1+").arg(start)), qPrintable(read.rows[0]));
    QCOMPARE(doubts(read, FlowDoubt::DayOrMonth), doubtful);
}

void CsvFlowsTest::quotesAndRepeatedHeaders()
{
    const auto read = readFlows("\"StartTime\",\"Proto\",\"SrcAddr\",\"DstAddr\",\"State\"\n"
                                "1,tcp,\"10.0.0.1\",10.0.0.2,\"F,\"\"I\nN\"\n"
                                "StartTime,Proto,SrcAddr,DstAddr,State\n"
                                "2,tcp,10.0.0.1,10.0.0.2,FIN\n");
    QCOMPARE(read.rows.size(), 2);
    QVERIFY(read.rows[0].endsWith("[F,\"I\nN]"));
    QVERIFY(read.rows[1].startsWith("5 tcp"));
}

void CsvFlowsTest::saysWhyARowIsNone()
{
    const auto read = readFlows(argusHeader + "noon, e ,tcp,10.0.0.1,1,->,10.0.0.2,2,1,1,FIN\n" + //
                                "1, e ,tcp,,1,->,10.0.0.2,2,1,1,FIN\n" +                          //
                                "1, e ,tcp,10.0.0.1,1,->,10.0.0.2,2,many,1,FIN\n" +               //
                                "1, e ,tcp,10.0.0.1,0xzz,->,10.0.0.2,2,1,1,FIN\n" +               //
                                "31/31/2009 1:00, e ,tcp,10.0.0.1,1,->,10.0.0.2,2,1,1,FIN\n" +    //
                                "1, e ,tcp,10.0.0.1,1,->,10.0.0.2,2,1,1,FIN\n" +                  //
                                "1, e ,tcp,10.0.0.1,1,->,10.0");
    QCOMPARE(read.rows.mid(0, 5),
             (QStringList{"2 timestamp_unreadable starttime", "3 address_missing srcaddr",
                          "4 number_unreadable totpkts", "5 number_unreadable sport",
                          "6 timestamp_unreadable starttime"}));
    QCOMPARE(read.rows.size(), 7);
    QCOMPARE(read.rows[6], QString("8 too_few_fields"));
}

void CsvFlowsTest::tablesOfPacketsAreNone()
{
    for (const auto* const text :
         {"timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n1,2,3,4,5,6,7,8,"
          "9,6\n",
          "frame.time_epoch,ip.src,ip.dst,tcp.srcport,tcp.dstport,frame.len\n1,10.0.0.1,10.0.0.2,1,2,60\n",
          "No.,Time,Source,Destination,Protocol,Length,Info\n1,0.0,10.0.0.1,10.0.0.2,TCP,60,x\n",
          "timestamp,Src IP,Dst IP\n", "ts,sa,da\n", "\n\n", ""})
        QCOMPARE(readFlows(text).format, std::string());
}

void CsvFlowsTest::decimalsAreExact()
{
    const auto micro = [](const char* text) {
        const auto number = parseScaled(text, 6);
        return number.kind == Number::Kind::Integer ? QString::number(number.whole) : QStringLiteral("none");
    };
    QCOMPARE(micro("1257254615.123456"), QString("1257254615123456"));
    QCOMPARE(micro("1257254615.1234567"), QString("1257254615123456"));
    QCOMPARE(micro("-0.0000001"), QString("-1")); // down, not toward zero
    QCOMPARE(micro("-1.5"), QString("-1500000"));
    QCOMPARE(micro("1.5e3"), QString("1500000000"));
    QCOMPARE(micro("123456789e-9"), QString("123456"));
    QCOMPARE(micro(".5"), QString("500000"));
    QCOMPARE(micro("5."), QString("5000000"));
    QCOMPARE(micro("9223372036854.775807"), QString::number(std::numeric_limits<qint64>::max()));
    QCOMPARE(micro("0e400"), QString("0"));
    for (const auto* const text : {"", ".", "-", "1e", "1e+", "1.2.3", "0x10", "1 2", "nan",
                                   "9223372036854.775808", "1e300", "1e99999999999"})
        QCOMPARE(micro(text), QString("none"));
}

void CsvFlowsTest::times_data()
{
    QTest::addColumn<qint64>("microseconds");
    QTest::addColumn<bool>("zone");
    constexpr qint64 base = 1257254615000000;
    QTest::newRow("2009-11-03 13:23:35") << base << false;
    QTest::newRow("2009/11/03T13:23:35Z") << base << true;
    QTest::newRow("2009-11-03T14:23:35.25+01:00") << base + 250000 << true;
    QTest::newRow("2009-11-03 08:53:35.1234567 -0430") << base + 123456 << true;
    QTest::newRow("2009-11-3 1:23:35 PM") << base << false;
    QTest::newRow("3/11/2009 13:23") << base - 35000000 << false;
    QTest::newRow("3/11/2009 12:00:00 am") << qint64{1257206400000000} << false;
    QTest::newRow("1969-12-31 23:59:59.5") << qint64{-500000} << false;
    for (const auto* const text :
         {"2009-13-03 1:00", "2009-02-30 1:00", "3/11/09 1:00", "2009-11-03 24:00", "2009-11-03 13:60",
          "13:00 PM", "2009-11-03", "2009-11-03 13:23:35 CET", "2009-11-03 13:23:35 +25:00", "1:2:3", ":"})
        QTest::newRow(text) << std::numeric_limits<qint64>::min() << false;
}

void CsvFlowsTest::times()
{
    QFETCH(qint64, microseconds);
    QFETCH(bool, zone);
    const auto time = parseFlowTime(QTest::currentDataTag(), DateOrder::DayFirst);
    const bool good = microseconds != std::numeric_limits<qint64>::min();
    QCOMPARE(time.kind == Number::Kind::Integer, good);
    if (good) {
        QCOMPARE(time.microseconds, microseconds);
        QCOMPARE(time.zone, zone);
    }
}

QTEST_GUILESS_MAIN(CsvFlowsTest)
#include "csv_flows_test.moc"
