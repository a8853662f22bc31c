// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/exact_flow_filter.h"
#include "tests/support/filter_of.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What flows of the exact engine can be asked by a filter.
class ExactFlowFilterTest : public QObject
{
    Q_OBJECT

private slots:
    void whatMatches_data();
    void whatMatches();
    void whatIsNotKnownIsNamed_data();
    void whatIsNotKnownIsNamed();
};

namespace {

constexpr std::int64_t start = 1'257'254'615'000'000;

/// 10.0.0.1:40000 -> 10.9.0.1:443, 3 s and a straggler 60 s later, 7 packets, 900 bytes.
struct Sample
{
    Sample()
    {
        addresses.intern("10.9.0.1");
        addresses.intern("10.0.0.1");
        flow.key = {{AddressId{1}, 443}, {AddressId{2}, 40000}};
        flow.originatorIsHigh = true;
        flow.protocol = 6;
        flow.start = start;
        flow.end = start + 3'000'000;
        flow.lastPacket = start + 63'000'000;
        flow.sides[0].packets = 4;
        flow.sides[1].packets = 3;
        flow.wireBytes = 900;
    }
    AddressTable addresses;
    ExactFlow flow;
};

} // namespace

void ExactFlowFilterTest::whatMatches_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("matches");
    const auto row = [](const char* text, bool matches) { QTest::newRow(text) << QString(text) << matches; };
    row("src == 10.0.0.1", true);
    row("src == 10.9.0.1", false);
    row("dst == 10.9.0.0/16", true);
    row("addr == 10.9.0.1", true);
    row("initiator == 10.0.0.0/24 and responder == 10.9.0.1", true);
    row("initiator == 10.9.0.1", false);
    row("sport == 40000", true);
    row("dport == 443", true);
    row("dport == 40000", false);
    row("port in {80 40000}", true);
    row("tcp", true);
    row("udp", false);
    row("proto == 6", true);
    row("proto contains \"cp\"", true);
    row("proto != 6", false);
    row("tcp.port == 443", true);
    row("udp.port == 443", false);
    row("service == https", true);
    row("service == http", false);
    row("packets == 7", true);
    row("packets > 7", false);
    row("bytes >= 900", true);
    row("bytes > 900", false);
    row("duration == 3s", true); // the straggler is not counted
    row("duration > 3s", false);
    row("start == \"2009-11-03 13:23:35\"", true);
    row("end <= \"2009-11-03 13:23:38\"", true);
    row("time >= \"2009-11-03 13:24:30\"", true); // the straggler is there
    row("time >= \"2009-11-03 13:25:00\"", false);
    row("not port == 443", false);
    row("udp or packets == 7", true);
    row("https", true);
    row("10.9", true);
    row("ip", true);
    row("ipv6", false);
}

void ExactFlowFilterTest::whatMatches()
{
    QFETCH(QString, text);
    QFETCH(bool, matches);
    const Sample sample;
    const auto expression = filterOf(text.toStdString());
    QVERIFY(!unknownOfExactFlows(expression));
    QCOMPARE(ExactFlowFilter(sample.addresses, expression).matches(sample.flow), matches);
}

void ExactFlowFilterTest::whatIsNotKnownIsNamed_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("field");
    const auto row = [](const char* text, const char* field) {
        QTest::newRow(text) << QString(text) << QString(field);
    };
    row("close == graceful", "close");
    row("port == 443 and not (close == open or udp)", "close");
    row("reason == rst_during_handshake", "reason");
    row("timeout", "timeout");
    row("number == 7", "number");
}

void ExactFlowFilterTest::whatIsNotKnownIsNamed()
{
    QFETCH(QString, text);
    QFETCH(QString, field);
    const auto unknown = unknownOfExactFlows(filterOf(text.toStdString()));
    QVERIFY(unknown);
    const auto name = nameOf(*unknown);
    QCOMPARE(QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size())), field);
}

QTEST_GUILESS_MAIN(ExactFlowFilterTest)
#include "exact_flow_filter_test.moc"
