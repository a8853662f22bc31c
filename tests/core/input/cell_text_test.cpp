// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/cell_text.h"

#include <QTest>

using namespace packetloom;

class CellTextTest : public QObject
{
    Q_OBJECT

private slots:
    void flags_data();
    void flags();
    void protocols();
    void oneOfSeveral();
    void hexadecimal();
    void info_data();
    void info();
};

void CellTextTest::flags_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<int>("bits"); // -1: unreadable
    const auto row = [](const char* text, int bits) { QTest::newRow(text) << QByteArray(text) << bits; };
    row("18", 18);
    row("0x0012", 18);
    row("0x12", 18);
    row("0x012 (SYN, ACK)", 18);
    row("S", 2);
    row("S.", 18);
    row(".", 16);
    row("P.", 24);
    row("FPA", 25);
    row("SEW", 194);
    row("\xc2\xb7\xc2\xb7\xc2\xb7\xc2\xb7\xc2\xb7\xc2\xb7\xc2\xb7"
        "A\xc2\xb7\xc2\xb7S\xc2\xb7",
        18);
    row("*******AP***", 24);
    row(".......A...F", 17);
    row("...NC.......", 384);
    row("SYN, ACK", 18);
    row("[FIN+ACK]", 17);
    row("syn|ack", 18);
    row("PSH-ACK", 24);
    row("none", 0);
    row("SYN, SIN", -1);
    row("0x", -1);
    row("0xzz", -1);
    row("TCP", -1);
    row("...S........", -1); // the place says what a letter may be
}

void CellTextTest::flags()
{
    QFETCH(QByteArray, text);
    QFETCH(int, bits);
    const auto number = parseFlags(text.toStdString());
    QCOMPARE(number.usable(), bits >= 0);
    if (bits >= 0)
        QCOMPARE(int(number.whole), bits);
}

void CellTextTest::protocols()
{
    QCOMPARE(protocolByName(" tcp ").value_or(-1), 6);
    QCOMPARE(protocolByName("UDP").value_or(-1), 17);
    QCOMPARE(protocolByName("ICMPv6").value_or(-1), 58);
    QCOMPARE(protocolByName("sctp").value_or(-1), 132);
    QVERIFY(!protocolByName("HTTP"));
    QVERIFY(!protocolByName(""));
}

void CellTextTest::oneOfSeveral()
{
    QVERIFY(oneOf("10.0.0.1", Tunnels::Inner) == "10.0.0.1");
    QVERIFY(oneOf("10.0.0.1,10.9.9.9, 10.5.5.5", Tunnels::Inner) == "10.5.5.5");
    QVERIFY(oneOf(" 10.0.0.1,10.9.9.9", Tunnels::Outer) == "10.0.0.1");
    QVERIFY(oneOf("", Tunnels::Outer).empty());
}

void CellTextTest::hexadecimal()
{
    QCOMPARE(parseAnyNumber("0xff").whole, std::int64_t{255});
    QCOMPARE(parseAnyNumber(" 12 ").whole, std::int64_t{12});
    QVERIFY(parseAnyNumber("0xffffffffffffffffff").kind == Number::Kind::OutOfRange);
    QVERIFY(parseAnyNumber("0x1g").kind == Number::Kind::Unreadable);
}

void CellTextTest::info_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QList<int>>("numbers"); // protocol, ports, flags, seq, ack, len; -1: not told
    const auto row = [](const char* text, QList<int> numbers) {
        QTest::newRow(text) << QByteArray(text) << numbers;
    };
    row("51234 \xe2\x86\x92 443 [SYN] Seq=0 Win=64240 Len=0 MSS=1460", {6, 51234, 443, 2, 0, -1, 0});
    row("443 > 51234 [SYN, ACK] Seq=0 Ack=1 Win=1 Len=0", {6, 443, 51234, 18, 0, 1, 0});
    row("[TCP Retransmission] 51234 \xe2\x86\x92 443 [PSH, ACK] Seq=7 Ack=1 Win=5 Len=100",
        {6, 51234, 443, 24, 7, 1, 100});
    row("https(443) \xe2\x86\x92 51234(51234) [FIN, ACK] Seq=1 Ack=2 Win=9 Len=0",
        {6, 443, 51234, 17, 1, 2, 0});
    row("1 \xe2\x86\x92 2 [<None>] Seq=1 Win=9 Len=0", {6, 1, 2, 0, 1, -1, 0});
    row("53 \xe2\x86\x92 40000 Len=120", {17, 53, 40000, -1, -1, -1, 120});
    row("GET / HTTP/1.1", {-1, 0, 0, -1, -1, -1, -1});
    row("Standard query 0x1 A a > b", {-1, 0, 0, -1, -1, -1, -1});
    row("a \xe2\x86\x92 b", {-1, 0, 0, -1, -1, -1, -1});
    row("99999 \xe2\x86\x92 443 [SYN] Seq=0 Len=0", {-1, 0, 0, -1, -1, -1, -1});
}

void CellTextTest::info()
{
    QFETCH(QByteArray, text);
    QFETCH(QList<int>, numbers);
    const auto info = parseInfo(text.toStdString());
    const auto told = [](const std::optional<std::int64_t>& value) {
        return static_cast<int>(value.value_or(-1));
    };
    const QList<int> got{static_cast<int>(info.protocol),
                         static_cast<int>(info.sourcePort),
                         static_cast<int>(info.destinationPort),
                         told(info.flags),
                         told(info.sequence),
                         told(info.acknowledgment),
                         told(info.length)};
    QCOMPARE(got, numbers);
}

QTEST_APPLESS_MAIN(CellTextTest)
#include "cell_text_test.moc"
