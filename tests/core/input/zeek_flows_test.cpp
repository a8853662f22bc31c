// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/input/flow_rows.h"
#include "tests/support/gzip_text.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Zeek's conn.log, in both forms.
class ZeekFlowsTest : public QObject
{
    Q_OBJECT

private slots:
    void readsEveryColumn();
    void blocksMayEndAnywhere();
    void headersMayComeAgainAndDiffer();
    void saysWhyARowIsNone();
    void connectionStatesAreEndings_data();
    void connectionStatesAreEndings();
    void readsJsonLines();
    void jsonTimesMayBeWrittenInThreeWays();
    void jsonRowsMayBeAnything();
    void otherLogsAreNone();
    void gzipIsUnpacked();
};

namespace {

const std::string header = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n"
                           "#path\tconn\n#open\t2009-11-03-13-23-35\n";
const std::string fields =
    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\t"
    "duration\torig_bytes\tresp_bytes\tconn_state\torig_pkts\torig_ip_bytes\tresp_pkts\t"
    "resp_ip_bytes\n#types\ttime\n";

std::string row(const std::string& state, const std::string& proto = "tcp")
{
    return "1257254615.000042\tCx\t10.0.0.1\t40000\t10.0.0.2\t22\t" + proto +
           "\tssh\t6.159326\t2669\t2501\t" + state + "\t25\t3981\t20\t3549\n";
}

} // namespace

void ZeekFlowsTest::readsEveryColumn()
{
    const auto read =
        readFlows("### a comment of a tool that checks logs\n" + header + fields + row("SF") +
                  "1257254615.9999999\tCy\t2001:0DB8::0001\t546\tff02::1:2\t547\tudp\t(empty)\t-\t-\t-"
                  "\tS0\t1\t-\t0\t-\n"
                  "0.5\tCz\tfe80::1\t128\tfe80::2\t129\ticmp\t-\t1e-06\t5\t6\tOTH\t-\t-\t-\t-\r\n"
                  "#close\t2009-11-03-13-24-00\n");
    QCOMPARE(read.format, std::string("zeek"));
    QVERIFY(!read.failed);
    QVERIFY(read.doubts.none());
    const QStringList expected{
        "10 tcp 10.0.0.1:40000>10.0.0.2:22 1257254615000042+6159326 25/20 of 45 3981/3549 of 7530 [ssh] [SF] "
        "graceful",
        "11 udp 2001:db8::1:546>ff02::1:2:547 1257254615999999+0 1/0 of 1 ?/? of ? [] [S0]",
        "12 icmp fe80::1:128>fe80::2:129 500000+1 ?/? of ? ?/? of ? [] [OTH]"};
    QCOMPARE(read.rows, expected);
}

void ZeekFlowsTest::blocksMayEndAnywhere()
{
    std::string text = "\xEF\xBB\xBF" + header + fields;
    for (int i = 0; i < 20; ++i)
        text += row(i % 2 == 0 ? "SF" : "S1") + (i % 5 == 0 ? "\n" : "");
    text.pop_back(); // the last line needs no end
    const auto whole = readFlows(text);
    QCOMPARE(whole.rows.size(), 20);
    for (const std::size_t size : {1u, 2u, 3u, 7u, 64u, 1000u})
        QCOMPARE(readFlows(text, size).rows, whole.rows);
}

void ZeekFlowsTest::headersMayComeAgainAndDiffer()
{
    const auto read =
        readFlows(header + fields + row("SF") + header +
                  "#separator \\x7c\n#unset_field|none\n#fields|id.resp_h|ts|id.orig_h|orig_bytes|proto\n"
                  "10.0.0.9|7|10.0.0.8|12|tcp\n10.0.0.9|8|10.0.0.8|none|tcp\n");
    QCOMPARE(read.rows.size(), 3);
    QCOMPARE(read.rows[1], QString("19 tcp 10.0.0.8:0>10.0.0.9:0 7000000+0 ?/? of ? 12/? of 12 [] []"));
    QCOMPARE(read.rows[2], QString("20 tcp 10.0.0.8:0>10.0.0.9:0 8000000+0 ?/? of ? ?/? of ? [] []"));
}

void ZeekFlowsTest::saysWhyARowIsNone()
{
    const std::string few = "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\torig_pkts\tduration\n";
    const auto read = readFlows(header + few +
                                "XXXXXXXXXX.XXXXXX\t10.0.0.1\t1\t10.0.0.2\t1\t1\n"
                                "-\t10.0.0.1\t1\t10.0.0.2\t1\t1\n"
                                "inf\t10.0.0.1\t1\t10.0.0.2\t1\t1\n"
                                "99999999999999999999.5\t10.0.0.1\t1\t10.0.0.2\t1\t1\n"
                                "1\t-\t1\t10.0.0.2\t1\t1\n"
                                "1\t\xff\t1\t10.0.0.2\t1\t1\n"
                                "1\t10.0.0.1\t1\t10.0.0.2\t-1\t1\n"
                                "1\t10.0.0.1\t?!\t10.0.0.2\t1\t1\n"
                                "1\t10.0.0.1\t1\t10.0.0.2\t1\tlong\n"
                                "1\t10.0.0.1\t1\t10.0.0.2\t1\t1\t7\n" +
                                std::string("1\t10.0.0.1\t1\t10.0.0.2\t1\t1\0\n", 27) + //
                                std::string(std::size_t{2} << 20, 'x') + "\n" +         //
                                "1\t10.0.0.1\t1\t10.0.0.2\t1\t1\n1\t10.0.0");
    const QStringList expected{"8 timestamp_unreadable ts",
                               "9 timestamp_missing ts",
                               "10 timestamp_not_finite ts",
                               "11 number_out_of_range ts",
                               "12 address_missing id.orig_h",
                               "13 address_not_utf8 id.orig_h",
                               "14 number_unreadable orig_pkts",
                               "15 number_unreadable id.orig_p",
                               "16 number_unreadable duration",
                               "17 too_many_fields",
                               "18 nul_byte",
                               "19 row_too_long",
                               "20  10.0.0.1:1>10.0.0.2:0 1000000+1000000 1/? of 1 ?/? of ? [] []",
                               "21 too_few_fields"};
    QCOMPARE(read.rows, expected);
}

void ZeekFlowsTest::connectionStatesAreEndings_data()
{
    QTest::addColumn<QString>("closed");
    for (const auto* const state : {"S0", "SH", "SHR", "OTH", "new ones"})
        QTest::newRow(state) << QString();
    for (const auto* const state : {"S1", "S2", "S3"})
        QTest::newRow(state) << QStringLiteral("open");
    QTest::newRow("SF") << QStringLiteral("graceful");
    for (const auto* const state : {"REJ", "RSTO", "RSTR", "RSTOS0", "RSTRH"})
        QTest::newRow(state) << QStringLiteral("abortive");
}

void ZeekFlowsTest::connectionStatesAreEndings()
{
    QFETCH(QString, closed);
    const std::string state = QTest::currentDataTag();
    const auto tcp = readFlows(header + fields + row(state)),
               udp = readFlows(header + fields + row(state, "udp"));
    const auto end = QStringLiteral("[ssh] [%1] ").arg(QString::fromStdString(state));
    QVERIFY2(tcp.rows[0].endsWith((end + closed).trimmed()), qPrintable(tcp.rows[0]));
    // Of other protocols the word tells who sent something.
    QVERIFY2(udp.rows[0].endsWith(end.trimmed()), qPrintable(udp.rows[0]));
}

void ZeekFlowsTest::readsJsonLines()
{
    const auto read = readFlows(
        R"({"ts":1257254615.000042,"uid":"C1","id.orig_h":"10.0.0.1","id.orig_p":40000,"id.resp_h":"10.0.0.2",)"
        R"("id.resp_p":443,"proto":"tcp","service":"ssl","duration":3.0994415283203127e-06,"orig_bytes":7,)"
        R"("conn_state":"RSTO","orig_pkts":2,"orig_ip_bytes":100,"resp_pkts":3,"resp_bytes":9,)"
        R"("tunnel_parents":["a","b"],"local_orig":true,"x":{"id.orig_h":"9.9.9.9"}})"
        "\r\n\n"
        R"( {"id.resp_h":"2001:db8:0::2","id.orig_h":"\u0031\u0030.0.0.1","ts":2,"proto":null,"conn_state":"S1"} )");
    QCOMPARE(read.format, std::string("zeek_json"));
    const QStringList expected{
        "1 tcp 10.0.0.1:40000>10.0.0.2:443 1257254615000042+3 2/3 of 5 100/9 of 109 [ssl] [RSTO] abortive",
        "3  10.0.0.1:0>2001:db8::2:0 2000000+0 ?/? of ? ?/? of ? [] [S1]"};
    QCOMPARE(read.rows, expected);
}

void ZeekFlowsTest::jsonTimesMayBeWrittenInThreeWays()
{
    const std::string rest = R"(,"id.orig_h":"1.1.1.1","id.resp_h":"2.2.2.2","conn_state":"SF"})"
                             "\n";
    const auto read = readFlows("{\"ts\":1257254615.5" + rest + "{\"ts\":1257254615500" + rest +
                                "{\"ts\":\"2009-11-03T13:23:35.500000Z\"" + rest);
    QCOMPARE(read.rows.size(), 3);
    for (const auto& line : read.rows)
        QVERIFY2(line.contains(" 1257254615500000+0 "), qPrintable(line));
    QVERIFY(read.doubts.none());
}

void ZeekFlowsTest::jsonRowsMayBeAnything()
{
    const std::string good = R"({"ts":1,"id.orig_h":"1.1.1.1","id.resp_h":"2.2.2.2","conn_state":"SF"})";
    std::string text = good + "\n[1]\nnot json\n" + good + "x\n{\"ts\":\n" + good.substr(0, good.size() - 1);
    const auto read = readFlows(text);
    QCOMPARE(read.rows.size(), 6);
    QCOMPARE(read.rows.mid(1), (QStringList{"2 not_an_object", "3 not_an_object", "4 not_an_object",
                                            "5 not_an_object", "6 not_an_object"}));
    for (const std::size_t size : {1u, 5u, 100u})
        QCOMPARE(readFlows(text, size).rows, read.rows);
}

void ZeekFlowsTest::otherLogsAreNone()
{
    QCOMPARE(readFlows("#separator \\x09\n#path\tdns\n" + fields + row("SF")).format, std::string());
    QCOMPARE(readFlows(header + "#fields\tts\tuid\n1\t2\n").format, std::string());
    QCOMPARE(readFlows(R"({"ts":1,"id.orig_h":"1.1.1.1","id.resp_h":"2.2.2.2","query":"x"})").format,
             std::string());
    QCOMPARE(readFlows("#\n").format, std::string());
    QCOMPARE(readFlows("{}").format, std::string());
}

void ZeekFlowsTest::gzipIsUnpacked()
{
    const auto text = header + fields + row("SF");
    QCOMPARE(readFlows(gzipMember(text)).rows, readFlows(text).rows);
    const auto cut = gzipMember(text);
    QVERIFY(readFlows(cut.substr(0, cut.size() - 6)).failed);
}

QTEST_GUILESS_MAIN(ZeekFlowsTest)
#include "zeek_flows_test.moc"
