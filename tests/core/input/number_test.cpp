// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/number.h"

#include <QTest>
#include <limits>
#include <string>

using namespace packetloom;
using Kind = Number::Kind;

class NumberTest : public QObject
{
    Q_OBJECT

private slots:
    void reads_data();
    void reads();
    void missingWords();
};

void NumberTest::reads_data()
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    constexpr auto least = std::numeric_limits<std::int64_t>::min();
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<qint64>("whole");
    QTest::addColumn<int>("remainder");
    const auto row = [](const char* text, Kind kind, qint64 whole = 0, int remainder = 0) {
        QTest::addRow("'%s'", text) << QByteArray(text) << kind << whole << remainder;
    };
    row("0", Kind::Integer);
    row("007", Kind::Integer, 7);
    row("-12", Kind::Integer, -12);
    row("+12", Kind::Integer, 12);
    row(" 12\t", Kind::Integer, 12);
    row("999999999999999999", Kind::Integer, 999999999999999999);
    row("1257254615000000001", Kind::Integer, 1257254615000000001); // a double would lose the 1
    row("9223372036854775807", Kind::Integer, most);
    row("-9223372036854775808", Kind::Integer, least);
    row("9223372036854775808", Kind::OutOfRange);
    row("-9223372036854775809", Kind::OutOfRange);
    row("99999999999999999999999999", Kind::OutOfRange);
    row("000000000000000000000000000042", Kind::Integer, 42);
    row("66.0", Kind::Fraction, 66);
    row("1.75", Kind::Fraction, 1, 1);
    row("-1.75", Kind::Fraction, -1, -1);
    row("0.5", Kind::Fraction, 0, 1);
    row("-0.5", Kind::Fraction, 0, -1);
    row(".5", Kind::Fraction, 0, 1);
    row("5.", Kind::Fraction, 5);
    row("1e3", Kind::Fraction, 1000);
    row("1E3", Kind::Fraction, 1000);
    row("1.257254615e15", Kind::Fraction, 1257254615000000);
    row("1e-400", Kind::Fraction, 0, 0);
    row("9.3e18", Kind::OutOfRange);
    row("-9.3e18", Kind::OutOfRange);
    row("1e308", Kind::OutOfRange);
    row("1e400", Kind::Unreadable);
    row("-1e400", Kind::Unreadable);
    row("1.7976931348623159e308", Kind::Unreadable);
    row("18446744073709551615", Kind::OutOfRange);
    row("+inf", Kind::NotFinite);
    row("1_000", Kind::Unreadable);
    row("\xD9\xA1\xD9\xA2", Kind::Unreadable); // Arabic digits
    row("\xC2\xB2", Kind::Unreadable);         // a superscript
    row("\xEF\xBC\x91", Kind::Unreadable);     // a full-width digit
    row("True", Kind::Unreadable);
    row("FALSE", Kind::Unreadable);
    row("12\"", Kind::Unreadable);
    row("12\xC2\xA0", Kind::Unreadable); // a blank that is none
    row("inf", Kind::NotFinite);
    row("-Infinity", Kind::NotFinite);
    row("", Kind::Missing);
    row("NaN", Kind::Missing);
    row("null", Kind::Missing);
    row("N/A", Kind::Missing);
    row("NAN", Kind::NotFinite);
    row("abc", Kind::Unreadable);
    row("12abc", Kind::Unreadable);
    row("1 2", Kind::Unreadable);
    row("--1", Kind::Unreadable);
    row("+-1", Kind::Unreadable);
    row("-", Kind::Unreadable);
    row("+", Kind::Unreadable);
    row(" ", Kind::Unreadable);
    row("1,5", Kind::Unreadable);
    row("0x10", Kind::Unreadable);
    row("1.2.3", Kind::Unreadable);
    row("1e", Kind::Unreadable);
}

void NumberTest::reads()
{
    QFETCH(QByteArray, text);
    QFETCH(Kind, kind);
    QFETCH(qint64, whole);
    QFETCH(int, remainder);
    const Number number = parseNumber(text.toStdString());
    QCOMPARE(number.kind, kind);
    QCOMPARE(number.whole, whole);
    QCOMPARE(int(number.remainder), remainder);
}

void NumberTest::missingWords()
{
    for (const char* const word :
         {"", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>",
          "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"})
        QVERIFY2(isMissing(word), word);
    for (const char* const word : {"Null", "none", "na", " ", "NA ", "-", "0", "-1.#IND0"})
        QVERIFY2(!isMissing(word), word);
}

QTEST_APPLESS_MAIN(NumberTest)
#include "number_test.moc"
