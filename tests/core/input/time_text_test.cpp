// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/cell_digits.h"
#include "core/input/csv/time_text.h"

#include <QTest>
#include <limits>
#include <random>
#include <string>

using namespace packetloom;

class TimeTextTest : public QObject
{
    Q_OBJECT

private slots:
    void epochTimes_data();
    void epochTimes();
    void theBaseIsAdded();
    void dates_data();
    void dates();
    void units_data();
    void units();
    void theShortWayAgrees_data();
    void theShortWayAgrees();
};

void TimeTextTest::epochTimes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<TimeUnit>("unit");
    QTest::addColumn<Number::Kind>("kind");
    QTest::addColumn<qint64>("whole");
    QTest::addColumn<int>("remainder");
    const auto row = [](const char* text, TimeUnit unit, Number::Kind kind, qint64 whole = 0,
                        int remainder = 0) {
        QTest::addRow("%s in %d", text, static_cast<int>(unit))
            << QByteArray(text) << unit << kind << whole << remainder;
    };
    using enum Number::Kind;
    constexpr auto s = TimeUnit::Seconds, ms = TimeUnit::Milliseconds, us = TimeUnit::Microseconds,
                   ns = TimeUnit::Nanoseconds;
    row("1257254615", s, Integer, 1257254615000000);
    row("1257254615.123456", s, Integer, 1257254615123456);
    row("1257254615.1", s, Integer, 1257254615100000);
    row("1257254615.", s, Integer, 1257254615000000);
    row(".5", s, Integer, 500000);
    row("1257254615,123456", s, Integer, 1257254615123456);
    row(" 1257254615.123456\t", s, Integer, 1257254615123456);
    row("1257254615.123456789", s, Fraction, 1257254615123456, 1);
    row("1257254615.123456000", s, Integer, 1257254615123456);
    row("-1.5", s, Integer, -1500000);
    row("-0.0000005", s, Fraction, 0, -1);
    row("1.257254615123456e9", s, Integer, 1257254615123456);
    row("125725461512345.6E+1", us, Integer, 1257254615123456);
    row("1e-7", s, Fraction, 0, 1);
    row("1257254615123.456", ms, Integer, 1257254615123456);
    row("1257254615123456", us, Integer, 1257254615123456);
    row("1257254615123456.7", us, Fraction, 1257254615123456, 1);
    row("1257254615123456789", ns, Fraction, 1257254615123456, 1);
    row("1257254615123456000", ns, Integer, 1257254615123456);
    row("999", ns, Fraction, 0, 1);
    row("9223372036854775807", us, Integer, std::numeric_limits<qint64>::max());
    row("9223372036854775808", us, OutOfRange);
    row("9223372036855", s, OutOfRange);
    row("1e30", s, OutOfRange);
    row("000000000000000000000000000000001", s, Integer, 1000000);
    row("0e300", s, Integer, 0);
    row("", s, Missing);
    row("NaN", s, Missing);
    row("inf", s, NotFinite);
    row("soon", s, Unreadable);
    row("1.2.3", s, Unreadable);
    row("1e", s, Unreadable);
    row("1e9999", s, Unreadable);
    row("2009-11-03", s, Unreadable);
}

void TimeTextTest::epochTimes()
{
    QFETCH(QByteArray, text);
    QFETCH(TimeUnit, unit);
    QFETCH(Number::Kind, kind);
    QFETCH(qint64, whole);
    QFETCH(int, remainder);
    const auto number = parseEpochTime(text.toStdString(), unit);
    QCOMPARE(static_cast<int>(number.kind), static_cast<int>(kind));
    QCOMPARE(qint64(number.whole), whole);
    QCOMPARE(int(number.remainder), remainder);
}

void TimeTextTest::theBaseIsAdded()
{
    QCOMPARE(parseEpochTime("1.5", TimeUnit::Seconds, 1000000).whole, std::int64_t{2500000});
    QCOMPARE(parseEpochTime("-1.5", TimeUnit::Seconds, 1000000).whole, std::int64_t{-500000});
    const auto far = parseEpochTime("9223372036854", TimeUnit::Seconds, 1000000000);
    QCOMPARE(static_cast<int>(far.kind), static_cast<int>(Number::Kind::OutOfRange));
}

void TimeTextTest::dates_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("usable");
    QTest::addColumn<qint64>("whole");
    QTest::addColumn<ZoneSaid>("zone");
    const auto good = [](const char* text, qint64 whole, ZoneSaid zone = ZoneSaid::Yes) {
        QTest::newRow(text) << QByteArray(text) << true << whole << zone;
    };
    const auto bad = [](const char* text) {
        QTest::newRow(text) << QByteArray(text) << false << 0LL << ZoneSaid::No;
    };
    good("2009-11-03T13:23:35Z", 1257254615000000);
    good("2009-11-03T13:23:35.123456Z", 1257254615123456);
    good("2009-11-03T13:23:35,123456Z", 1257254615123456);
    good("2009-11-03 13:23:35.123456", 1257254615123456, ZoneSaid::No);
    good("2009/11/03 13:23:35", 1257254615000000, ZoneSaid::No);
    good("2009-11-03T14:23:35+01:00", 1257254615000000);
    good("2009-11-03T14:23:35+0100", 1257254615000000);
    good("2009-11-03T07:53:35-05:30", 1257254615000000);
    good("2009-11-03T14:23:35+01", 1257254615000000);
    good("2009-11-03 14:23:35 CET", 1257254615000000);
    good("2009-11-03 13:23:35 UTC", 1257254615000000);
    good("2009-11-03", 1257206400000000, ZoneSaid::No);
    good("2009-11-03T13:23Z", 1257254580000000);
    good("Nov  3, 2009 13:23:35.123456789 UTC", 1257254615123456);
    good("Nov  3, 2009 14:23:35.123456000 CET", 1257254615123456);
    good("Nov 13, 2009 13:23:35", 1258118615000000, ZoneSaid::No);
    good("Nov  3, 2009 13:23:35.000000000 Mitteleurop\xc3\xa4ische Zeit", 1257254615000000,
         ZoneSaid::Unknown);
    good("2009-11-03T13:23:35.123456000+0000", 1257254615123456);
    good("1969-12-31T23:59:59Z", -1000000);
    bad("2009-02-29T00:00:00Z");
    bad("2009-13-01T00:00:00Z");
    bad("2009-11-03T24:00:00Z");
    bad("2009-11-03T13:60:00Z");
    bad("2009-11-03T13:23:35Z+");
    bad("2009-11-03T13:23:35 7");
    bad("1257254615");
    bad("Nov 2009");
    bad("");
    bad("10.0.0.1");
}

void TimeTextTest::dates()
{
    QFETCH(QByteArray, text);
    QFETCH(bool, usable);
    QFETCH(qint64, whole);
    QFETCH(ZoneSaid, zone);
    auto said = ZoneSaid::No;
    const auto number = parseDateTime(text.toStdString(), &said);
    QCOMPARE(number.usable(), usable);
    if (!usable)
        return;
    QCOMPARE(qint64(number.whole), whole);
    QCOMPARE(static_cast<int>(said), static_cast<int>(zone));
}

void TimeTextTest::units_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<TimeUnit>("unit"); // Sniffed: none
    QTest::newRow("s") << QByteArray("1257254615") << TimeUnit::Seconds;
    QTest::newRow("s with a fraction") << QByteArray("1257254615.5") << TimeUnit::Seconds;
    QTest::newRow("ms") << QByteArray("1257254615123") << TimeUnit::Milliseconds;
    QTest::newRow("us") << QByteArray("1257254615123456") << TimeUnit::Microseconds;
    QTest::newRow("ns") << QByteArray("1257254615123456789") << TimeUnit::Nanoseconds;
    QTest::newRow("ISO") << QByteArray("2009-11-03T13:23:35Z") << TimeUnit::Text;
    QTest::newRow("relative") << QByteArray("0.001234") << TimeUnit::Sniffed;
    QTest::newRow("a port") << QByteArray("443") << TimeUnit::Sniffed;
    QTest::newRow("a sequence number") << QByteArray("321987123") << TimeUnit::Sniffed;
    QTest::newRow("an address") << QByteArray("10.0.0.1") << TimeUnit::Sniffed;
    QTest::newRow("long ago") << QByteArray("1889-11-03T13:23:35Z") << TimeUnit::Sniffed;
}

void TimeTextTest::units()
{
    QFETCH(QByteArray, text);
    QFETCH(TimeUnit, unit);
    QCOMPARE(static_cast<int>(unitOf(text.toStdString()).value_or(TimeUnit::Sniffed)),
             static_cast<int>(unit));
}

void TimeTextTest::theShortWayAgrees_data()
{
    QTest::addColumn<TimeUnit>("unit");
    QTest::addColumn<std::string>("text");
    QTest::newRow("seconds") << TimeUnit::Seconds << std::string("1257254615.123456789");
    QTest::newRow("whole seconds") << TimeUnit::Seconds << std::string("1257254615");
    QTest::newRow("milliseconds") << TimeUnit::Milliseconds << std::string("1257254615123");
    QTest::newRow("microseconds") << TimeUnit::Microseconds << std::string("1257254615123456");
    QTest::newRow("nanoseconds") << TimeUnit::Nanoseconds << std::string("1257254615123456789");
    QTest::newRow("a date") << TimeUnit::Text << std::string("2009-11-03 13:23:35.000100");
    QTest::newRow("a date with a zone") << TimeUnit::Text << std::string("2009-11-03T13:23:35.000100Z");
    QTest::newRow("a date in whole seconds") << TimeUnit::Text << std::string("2009-11-03T13:23:35Z");
}

// What the short way takes it reads as the careful one does; of texts as they are written it takes all.
void TimeTextTest::theShortWayAgrees()
{
    QFETCH(TimeUnit, unit);
    QFETCH(std::string, text);
    constexpr std::string_view letters = "0123456789012345678901234567890123456789.:-TZ ,+ex";
    std::mt19937 random(1); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    int taken = 0;
    for (int i = 0; i < 20'000; ++i) {
        std::string changed = text;
        for (unsigned change = 0; change < static_cast<unsigned>(i) % 4; ++change)
            changed[random() % changed.size()] = letters[random() % letters.size()];
        if (i % 5 == 4)
            changed.resize(1 + random() % changed.size());
        const std::string owned = std::string(digitSlack, '9') + changed;
        const auto cell = std::string_view(owned).substr(digitSlack);
        std::uint64_t foreign = 0;
        std::int8_t remainder = 0;
        const std::int64_t value = digitsOfTime(cell, unit, foreign, remainder);
        QVERIFY2(i != 0 || foreign == 0, "the text itself is taken");
        if (foreign != 0)
            continue;
        const Number careful = unit == TimeUnit::Text ? parseDateTime(cell) : parseEpochTime(cell, unit);
        QVERIFY2(careful.usable() && careful.whole == value && careful.remainder == remainder,
                 changed.c_str());
        ++taken;
    }
    QVERIFY(taken > 4000);
}

QTEST_APPLESS_MAIN(TimeTextTest)
#include "time_text_test.moc"
