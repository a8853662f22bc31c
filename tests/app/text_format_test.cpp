// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_progress.h"
#include "app/text_table.h"
#include "core/support/text_format.h"

#include <QTest>
#include <limits>

using namespace packetloom;

class TextFormatTest : public QObject
{
    Q_OBJECT

private slots:
    void numbers();
    void times();
    void unsafeText();
    void everyInvisibleCharacterIsUnsafe();
    void tables();
    void progressLines();
};

namespace {

using S = std::string;

} // namespace

void TextFormatTest::numbers()
{
    QCOMPARE(grouped(std::uint64_t{0}), S("0"));
    QCOMPARE(grouped(std::uint64_t{999}), S("999"));
    QCOMPARE(grouped(std::uint64_t{1000}), S("1,000"));
    QCOMPARE(grouped(std::numeric_limits<std::uint64_t>::max()), S("18,446,744,073,709,551,615"));
    QCOMPARE(grouped(WideSum(-100)), S("-100"));
    QCOMPARE(grouped(WideSum(-1000)), S("-1,000"));
    QCOMPARE(humanBytes(999), S("999 bytes"));
    QCOMPARE(humanBytes(1000), S("1.0 kB"));
    QCOMPARE(humanBytes(999'949), S("999.9 kB"));
    QCOMPARE(humanBytes(999'950), S("1.0 MB"));
    QCOMPARE(humanBytes(std::numeric_limits<std::uint64_t>::max()), S("18.4 EB"));
    QCOMPARE(percent(1, 3), S("33.3%"));
    QCOMPARE(percent(0, 0), S("0.0%"));
    QCOMPARE(percent(7, 7), S("100.0%"));
}

void TextFormatTest::times()
{
    QCOMPARE(clockTime(0), S("0:00"));
    QCOMPARE(clockTime(59.6), S("1:00"));
    QCOMPARE(clockTime(3723), S("1:02:03"));
    QCOMPARE(clockTime(-5), S("0:00"));
    QCOMPARE(utcTime(0), S("1970-01-01 00:00:00.000000 UTC"));
    QCOMPARE(utcTime(1257254615000042), S("2009-11-03 13:23:35.000042 UTC"));
    QCOMPARE(utcTime(-1), S("1969-12-31 23:59:59.999999 UTC"));
    QCOMPARE(utcTime(253402300799999999), S("9999-12-31 23:59:59.999999 UTC"));
    QCOMPARE(utcTime(253402300800000000), S("253402300800000000 us"));
    QCOMPARE(utcTime(std::numeric_limits<std::int64_t>::min()), S("-9223372036854775808 us"));
    QCOMPARE(duration(999), S("999 us"));
    QCOMPARE(duration(1'500'000), S("1.500 s"));
    QCOMPARE(duration(3'723'000'000), S("1:02:03"));
    QCOMPARE(timeSpan(0), S("0 us"));
    QCOMPARE(timeSpan(1000), S("1 ms"));
    QCOMPARE(timeSpan(12'500), S("12.5 ms"));
    QCOMPARE(timeSpan(999'999), S("999.999 ms"));
    QCOMPARE(timeSpan(20'000'000), S("20 s"));
    QCOMPARE(timeSpan(59'999'999), S("59.999 s"));
    QCOMPARE(timeSpan(392'000'000), S("6 min 32 s"));
    QCOMPARE(timeSpan(3'600'000'000), S("1 h"));
    QCOMPARE(timeSpan(86'400'000'000ull * 3 + 4 * 3'600'000'000ull), S("3 d 4 h"));
    QCOMPARE(timeSpan(371'073'065'000'000ull), S("11 y 277 d")); // was "103075:51:05"
    QVERIFY(!timeSpan(~0ull).empty());
}

void TextFormatTest::unsafeText()
{
    QCOMPARE(printable("plain h\xc3\xb6st"), S("plain h\xc3\xb6st"));
    QCOMPARE(printable("a\x1b[31mb\n\x7f"), S("a\\x1b[31mb\\x0a\\x7f"));
    QCOMPARE(printable("\xc2\x9b"), S("\\xc2\\x9b")); // C1: a terminal may take it for an escape
    QCOMPARE(printable("\xe2\x80\xae"
                       "x"),
             S("\\xe2\\x80\\xaex")); // right-to-left override
    QCOMPARE(printable(std::string_view("a\0b", 3)), S("a\\x00b"));
    QCOMPARE(printable("\xff"), S("\\xff"));
}

// Against Qt's tables: controls, formats, surrogates, line and paragraph separators; also those that are kept
// for more of them.
void TextFormatTest::everyInvisibleCharacterIsUnsafe()
{
    for (char32_t code = 0; code <= 0x10ffff; ++code) {
        const auto category = QChar::category(code);
        if (category == QChar::Other_Surrogate)
            continue; // no UTF-8
        const bool kept =
            code == 0x2065 || (code >= 0xfff0 && code <= 0xfff8) || (code >= 0xe0000 && code <= 0xe0fff);
        const bool unsafe = kept || category == QChar::Other_Control || category == QChar::Other_Format ||
                            category == QChar::Separator_Line || category == QChar::Separator_Paragraph;
        const auto text = QString().append(QStringView(QChar::fromUcs4(code))).toStdString();
        // Qt's may be older: what it does not know yet may be a control.
        if (unsafe || category != QChar::Other_NotAssigned)
            QVERIFY2((printable(text) != text) == unsafe, qPrintable(QString::number(code, 16)));
    }
    QCOMPARE(printable("\xed\xa0\x80"), S("\\xed\\xa0\\x80")); // a surrogate
    QCOMPARE(printable("a\xd8\x9c"
                       "b\xe2\x80\x8b"
                       "c\xef\xbb\xbf"),
             S("a\\xd8\\x9c"
               "b\\xe2\\x80\\x8b"
               "c\\xef\\xbb\\xbf"));
}

void TextFormatTest::tables()
{
    TextTable table({TextTable::Align::Right, TextTable::Align::Left, TextTable::Align::Left});
    QVERIFY(table.empty());
    QCOMPARE(table.text(" "), S());
    table.add({"1", "h\xc3\xb6st", "x"});
    table.add({"1,000", "b", ""});
    QCOMPARE(table.text(" "), S("     1  h\xc3\xb6st  x\n 1,000  b\n"));
}

void TextFormatTest::progressLines()
{
    Progress progress;
    progress.bytesTotal = 1000;
    progress.bytesDone = 250;
    progress.rows = 2'000'000;
    QCOMPARE(ProgressDisplay::line(progress, 2.0, 200),
             S("[======                  ] 25%  2,000,000 rows  1,000,000 rows/s  0:06 left"));
    QCOMPARE(ProgressDisplay::line(progress, 2.0, 60), S("25%  2,000,000 rows  1,000,000 rows/s  0:06 left"));
    QCOMPARE(ProgressDisplay::line(progress, 2.0, 10), S("25%  2,000"));
    progress.bytesTotal = 0; // a pipe
    progress.rejected = 3;
    QCOMPARE(ProgressDisplay::line(progress, 2.0, 200),
             S("2,000,000 rows  1,000,000 rows/s  250 bytes read  3 rejected"));
    progress.rejected = 0;
    progress.phase = Phase::OpenFlows;
    QCOMPARE(ProgressDisplay::line(progress, 2.0, 200), S("2,000,000 rows  1,000,000 rows/s  open flows"));
    QCOMPARE(ProgressDisplay::line(Progress{}, 0, 200), S("0 rows  0 bytes read"));
}

QTEST_APPLESS_MAIN(TextFormatTest)
#include "text_format_test.moc"
