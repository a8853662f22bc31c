// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/conn_log/conn_json.h"
#include "core/output/conn_log/conn_log.h"
#include "core/output/conn_log/conn_uid.h"
#include "core/output/conn_log/local_use.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <set>
#include <string>
#include <vector>

using namespace packetloom;

/// The lines of conn-log and conn-json, to the byte.
class ConnLogTest : public QObject
{
    Q_OBJECT

private slots:
    void whatStandsAroundTheFlows();
    void aConnectionOfWhichAllIsKnown();
    void whatIsNotKnownIsADash();
    void protocolsByZeeksWords();
    void textsCannotBeTakenForMore_data();
    void textsCannotBeTakenForMore();
    void timesBeforeTheEpoch();
    void jsonHasAllFigures();
    void jsonLeavesOutWhatIsNotKnown();
    void uidsAreTheSameInEveryRun();
    void uidsTellFlowsApart();
    void addressesOfLocalUse();
};

namespace {

/// A connection with a figure of its own at every place.
ExactFlow connection()
{
    ExactFlow flow;
    flow.key = {{AddressId{1}, 80}, {AddressId{2}, 40000}};
    flow.originatorIsHigh = true;
    flow.protocol = 6;
    flow.state = ConnState::SF;
    flow.ending = EndReason::Closed;
    flow.completeness = 31;
    flow.history = "ShADadFf";
    flow.start = 1'257'254'615'000'042;
    flow.end = flow.start + 2'500'000;
    flow.lastPacket = flow.end + 7;
    flow.firstRow = 10;
    flow.lastRow = 29;
    flow.wireBytes = 9000;
    std::uint64_t next = 100;
    for (auto& side : flow.sides) {
        side.packets = next++;
        for (auto* const count : {&side.ipBytes, &side.bytes, &side.missedBytes, &side.payload, &side.goodput,
                                  &side.dataPackets, &side.retransmissions, &side.fastRetransmissions,
                                  &side.spuriousRetransmissions, &side.outOfOrder, &side.gaps,
                                  &side.duplicateAcks, &side.zeroWindows, &side.windowFull, &side.keepAlives})
            *count = next++;
        side.firstSequence = static_cast<std::int64_t>(next++);
    }
    flow.roundTrips = {RoundTrips{3, 1000, 2000, 3'000'000}, RoundTrips{}};
    flow.synToSynAck = 1500;
    flow.synAckToAck = 2;
    flow.firstResponse = 77'000;
    flow.longestSilence = 2'000'000;
    return flow;
}

std::string lineOf(const FlowLinesFormat& format, const ExactFlow& flow,
                   std::string_view originator = "10.0.0.1", std::string_view responder = "2001:db8::2",
                   std::optional<bool> local = true)
{
    TextBuffer out;
    format.line(out, {flow, "CUid", originator, responder, local, false});
    return std::string(out.text());
}

std::string uidOf(const ExactFlow& flow, std::string_view originator = "10.0.0.1")
{
    return ConnUids().next(flow, originator, "10.0.0.2");
}

} // namespace

void ConnLogTest::whatStandsAroundTheFlows()
{
    TextBuffer out;
    connLog.begin(out, 1'257'254'615'000'042);
    connLog.end(out, 1'257'254'616'999'999);
    QCOMPARE(
        std::string(out.text()),
        std::string("#separator \\x09\n"
                    "#set_separator\t,\n"
                    "#empty_field\t(empty)\n"
                    "#unset_field\t-\n"
                    "#path\tconn\n"
                    "#open\t2009-11-03-13-23-35\n"
                    "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\t"
                    "orig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\tmissed_bytes\thistory\t"
                    "orig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\ttunnel_parents\tip_proto\n"
                    "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\t"
                    "string\tbool\tbool\tcount\tstring\tcount\tcount\tcount\tcount\tset[string]\tcount\n"
                    "#close\t2009-11-03-13-23-36\n"));
    out.clear();
    connJson.begin(out, 0);
    connJson.end(out, 0);
    QVERIFY(out.text().empty());
}

void ConnLogTest::aConnectionOfWhichAllIsKnown()
{
    QCOMPARE(lineOf(connLog, connection()),
             std::string(
                 "1257254615.000042\tCUid\t10.0.0.1\t40000\t2001:db8::2\t80\ttcp\t-\t2.500000\t102\t119\tSF\t"
                 "T\tF\t223\tShADadFf\t100\t101\t117\t118\t-\t6\n"));
}

void ConnLogTest::whatIsNotKnownIsADash()
{
    ExactFlow flow;
    flow.protocol = 6;
    flow.sides[0].packets = 1;
    flow.sides[0].bytes = 0; // Zeek tells no bytes where there is no duration
    QCOMPARE(lineOf(connLog, flow, "host", "other", std::nullopt),
             std::string(
                 "0.000000\tCUid\thost\t0\tother\t0\ttcp\t-\t-\t-\t-\tOTH\t-\tF\t-\t-\t1\t-\t0\t-\t-\t6\n"));
    flow.protocol = -1;
    flow.lastPacket = 5; // a straggler makes no duration
    QCOMPARE(
        lineOf(connLog, flow),
        std::string(
            "0.000000\tCUid\t10.0.0.1\t0\t2001:db8::2\t0\tunknown_transport\t-\t-\t-\t-\tOTH\tT\tF\t0\t-\t"
            "1\t-\t0\t-\t-\t-\n"));
}

void ConnLogTest::protocolsByZeeksWords()
{
    ExactFlow flow;
    for (const auto& [number, word] :
         {std::pair(6, "tcp"), {17, "udp"}, {1, "icmp"}, {58, "icmp"}, {132, "unknown_transport"}}) {
        flow.protocol = number;
        const auto fields = QString::fromStdString(lineOf(connLog, flow)).split('\t');
        QCOMPARE(fields[6], QString(word));
        QCOMPARE(fields.last(), QString::number(number) + '\n');
    }
}

void ConnLogTest::textsCannotBeTakenForMore_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("written");
    QTest::newRow("tab") << QByteArray("a\tb") << QByteArray("a\\x09b");
    QTest::newRow("line end") << QByteArray("a\nb\r") << QByteArray("a\\x0ab\\x0d");
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << QByteArray("a\\x00b");
    QTest::newRow("backslash") << QByteArray("a\\x09") << QByteArray("a\\x5cx09");
    QTest::newRow("none") << QByteArray() << QByteArray("(empty)");
    QTest::newRow("what says none") << QByteArray("-") << QByteArray("\\x2d");
    QTest::newRow("what says empty") << QByteArray("(empty)") << QByteArray("\\x28empty)");
    QTest::newRow("a remark") << QByteArray("#x") << QByteArray("\\x23x");
    QTest::newRow("letters") << QByteArray("b\xc3\xbc") << QByteArray("b\xc3\xbc");
    QTest::newRow("C1 control") << QByteArray("\xc2\x85") << QByteArray("\\xc2\\x85");
    QTest::newRow("no UTF-8") << QByteArray("a\xff") << QByteArray("a\\xff");
    QTest::newRow("a dash in it") << QByteArray("a-b") << QByteArray("a-b");
}

void ConnLogTest::textsCannotBeTakenForMore()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, written);
    const auto line =
        lineOf(connLog, connection(), std::string_view(text.data(), static_cast<std::size_t>(text.size())));
    QCOMPARE(QByteArray::fromStdString(line).split('\t')[2], written);
}

void ConnLogTest::timesBeforeTheEpoch()
{
    ExactFlow flow;
    flow.start = -1;
    flow.end = 1;
    const auto fields = QString::fromStdString(lineOf(connLog, flow)).split('\t');
    QCOMPARE(fields[0], QString("-0.000001"));
    QCOMPARE(fields[8], QString("0.000002"));
    flow.start = std::numeric_limits<std::int64_t>::min();
    flow.end = flow.start;
    QCOMPARE(QString::fromStdString(lineOf(connLog, flow)).split('\t')[0], QString("-9223372036854.775808"));
    flow.end = std::numeric_limits<std::int64_t>::max();
    QCOMPARE(QString::fromStdString(lineOf(connLog, flow)).split('\t')[8], QString("9223372036854.775807"));
}

void ConnLogTest::jsonHasAllFigures()
{
    QCOMPARE(
        lineOf(connJson, connection()),
        std::string(
            R"({"ts":1257254615.000042,"uid":"CUid","id.orig_h":"10.0.0.1","id.orig_p":40000,)"
            R"("id.resp_h":"2001:db8::2","id.resp_p":80,"proto":"tcp","duration":2.500000,"orig_bytes":102,)"
            R"("resp_bytes":119,"conn_state":"SF","local_orig":true,"local_resp":false,"missed_bytes":223,)"
            R"("history":"ShADadFf","orig_pkts":100,"orig_ip_bytes":101,"resp_pkts":117,"resp_ip_bytes":118,)"
            R"("ip_proto":6,"end_reason":"closed","completeness":31,"last_packet":1257254617.500049,)"
            R"("syn_to_synack":0.001500,"synack_to_ack":0.000002,"first_response":0.077000,)"
            R"("longest_silence":2.000000,"one_sided":false,"estimated":false,"wire_bytes":9000,"first_row":10,)"
            R"("last_row":29,"orig_payload":104,"orig_goodput":105,"orig_missed_bytes":103,"orig_data_pkts":106,)"
            R"("orig_retransmissions":107,"orig_fast_retransmissions":108,"orig_spurious_retransmissions":109,)"
            R"("orig_out_of_order":110,"orig_gaps":111,"orig_duplicate_acks":112,"orig_zero_windows":113,)"
            R"("orig_window_full":114,"orig_keep_alives":115,"orig_first_sequence":116,"orig_rtt_samples":3,)"
            R"("orig_rtt_min":0.001000,"orig_rtt_median":0.002000,"orig_rtt_max":3.000000,"resp_payload":121,)"
            R"("resp_goodput":122,"resp_missed_bytes":120,"resp_data_pkts":123,"resp_retransmissions":124,)"
            R"("resp_fast_retransmissions":125,"resp_spurious_retransmissions":126,"resp_out_of_order":127,)"
            R"("resp_gaps":128,"resp_duplicate_acks":129,"resp_zero_windows":130,"resp_window_full":131,)"
            R"("resp_keep_alives":132,"resp_first_sequence":133})"
            "\n"));
}

void ConnLogTest::jsonLeavesOutWhatIsNotKnown()
{
    ExactFlow flow;
    flow.protocol = 17;
    flow.sides[0].packets = 1;
    flow.sides[0].bytes = 12;
    const auto line = lineOf(connJson, flow, "a\"b\n", "x", std::nullopt);
    const auto object = QJsonDocument::fromJson(QByteArray::fromStdString(line)).object();
    QCOMPARE(object["id.orig_h"].toString(), QString("a\"b\n"));
    QCOMPARE(object.keys(),
             (QStringList{"conn_state", "end_reason", "estimated",       "first_row",    "id.orig_h",
                          "id.orig_p",  "id.resp_h",  "id.resp_p",       "ip_proto",     "last_packet",
                          "last_row",   "local_resp", "longest_silence", "missed_bytes", "one_sided",
                          "orig_pkts",  "proto",      "resp_pkts",       "ts",           "uid",
                          "wire_bytes"}));
    QVERIFY(object["one_sided"].toBool());
    QCOMPARE(std::count(line.begin(), line.end(), '\n'), 1); // a line a flow
}

void ConnLogTest::uidsAreTheSameInEveryRun()
{
    QCOMPARE(uidOf(connection()), std::string("C3s4JP9rhpfoz98un1"));
}

void ConnLogTest::uidsTellFlowsApart()
{
    std::set<std::string> uids;
    const auto add = [&](const ExactFlow& flow, std::string_view originator = "10.0.0.1") {
        const auto uid = uidOf(flow, originator);
        QCOMPARE(uid.size(), 18u);
        QVERIFY(uid.starts_with('C'));
        QVERIFY(std::all_of(uid.begin(), uid.end(), [](unsigned char c) { return std::isalnum(c) != 0; }));
        QVERIFY(uids.insert(uid).second);
    };
    auto flow = connection();
    add(flow);
    add(flow, "10.0.0.11");
    for (int i = 0; i < 1000; ++i) {
        ++flow.start;
        add(flow);
    }
    flow.key.low.port = 81;
    add(flow);
    flow.protocol = 17;
    add(flow);
    flow.originatorIsHigh = false;
    add(flow);
    // of the same ends at the same time, by their order
    ConnUids all;
    QCOMPARE(all.next(flow, "10.0.0.1", "10.0.0.2"), uidOf(flow));
    QVERIFY(uids.insert(all.next(flow, "10.0.0.1", "10.0.0.2")).second);
    QVERIFY(uids.insert(all.next(flow, "10.0.0.1", "10.0.0.2")).second);
    ++flow.start;
    QCOMPARE(all.next(flow, "10.0.0.1", "10.0.0.2"), uidOf(flow));
}

void ConnLogTest::addressesOfLocalUse()
{
    const auto isLocal = [](const char* text) { return isLocalUse(*IpAddress::parse(text)); };
    for (const char* const text :
         {"10.1.2.3", "192.168.0.1", "172.31.255.255", "127.0.0.1", "255.255.255.255", "0.0.0.0",
          "169.254.1.1", "fe80::1", "fd00::1", "::1", "2001:db8::1"})
        QVERIFY2(isLocal(text), text);
    for (const char* const text :
         {"128.2.6.97", "172.32.0.1", "8.8.8.8", "224.0.0.1", "2001:4860::1", "ff02::1"})
        QVERIFY2(!isLocal(text), text);
}

QTEST_GUILESS_MAIN(ConnLogTest)
#include "conn_log_test.moc"
