// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/input/csv_rows.h"

#include <QTest>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// The same rows come out whatever the size of the blocks, and they are those that a plain reading of RFC
/// 4180, character by character, gives.
class CsvBorderTest : public QObject
{
    Q_OBJECT

private slots:
    void everyBlockSizeGivesTheSameRows();
    void wellFormedTextIsReadAsThePlainModelReadsIt();
};

namespace {

/// Text out of the pieces that matter, in any order.
std::string randomText(std::mt19937_64& random, bool wellFormed)
{
    static const std::vector<std::string> any{
        ",",      "\n",        "\"",  "\"\"", "\r\n", "\r", " ", "1,2\n", "a", "bcdefghijklmnopqrstuvw",
        ",\"x\"", "\"y\ny\",", "\n\n"};
    static const std::vector<std::string> fields{"",           "1",
                                                 "22",         "\"\"",
                                                 "\"q\"",      "\"a,b\"",
                                                 "\"l\nm\"",   "\"r\r\ns\"",
                                                 "\"d\"\"e\"", "seventeen letters",
                                                 "\"\"\"\"",   "\"f,\"\"\n\"",
                                                 "\"t\ru\"",   "stray\"quote\"",
                                                 "\"v,\"w\"x"};
    static const std::vector<std::string> lineEnds{"\n", "\r\n", "\r"};
    std::string text = "h,k\n";
    const auto pick = [&](const auto& list) { return list[random() % list.size()]; };
    for (auto n = random() % 40; n > 0; --n) {
        if (!wellFormed)
            text += pick(any);
        else
            text += pick(fields) + "," + pick(fields) + pick(lineEnds);
        if (!wellFormed && random() % 60 == 0)
            text.push_back('\0');
    }
    return text;
}

/// RFC 4180, with any line end and with text behind a closing quote, without any care for speed or for
/// mistakes.
QStringList plainModel(const std::string& text)
{
    QStringList rows;
    std::size_t line = 1, at = 0;
    while (at < text.size()) {
        auto shown = QStringLiteral("%1 ok ").arg(line);
        for (bool rowEnds = false; !rowEnds;) {
            std::string field;
            if (at < text.size() && text[at] == '"') {
                for (++at;; ++at) {
                    if (text[at] == '"' && text[at + 1] != '"')
                        break;
                    if (text[at] == '"')
                        ++at;
                    line += text[at] == '\n' || (text[at] == '\r' && text[at + 1] != '\n') ? 1u : 0u;
                    field += text[at];
                }
                ++at;
            }
            while (text[at] != ',' && text[at] != '\r' && text[at] != '\n')
                field += text[at++];
            shown += QLatin1Char('[') + QString::fromStdString(field) + QLatin1Char(']');
            rowEnds = text[at] != ',';
            at += text[at] == '\r' && text[at + 1] == '\n' ? 2u : 1u;
        }
        ++line;
        rows << shown;
    }
    return rows;
}

} // namespace

void CsvBorderTest::everyBlockSizeGivesTheSameRows()
{
    std::mt19937_64 random(20090903);
    for (int i = 0; i < 300; ++i) {
        const auto text = randomText(random, i % 3 == 0);
        const auto expected = rowsOf(text, 100'000, 60);
        for (std::size_t blockSize = 1; blockSize <= 100; ++blockSize)
            QCOMPARE(rowsOf(text, blockSize, 60), expected);
    }
}

void CsvBorderTest::wellFormedTextIsReadAsThePlainModelReadsIt()
{
    std::mt19937_64 random(42);
    for (int i = 0; i < 3000; ++i) {
        const auto text = randomText(random, true);
        QCOMPARE(rowsOf(text, 1 + random() % 50), plainModel(text));
    }
}

QTEST_APPLESS_MAIN(CsvBorderTest)
#include "csv_border_test.moc"
