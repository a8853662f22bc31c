// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/input/csv_rows.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

class CsvTokenizerTest : public QObject
{
    Q_OBJECT

private slots:
    void splitsRows_data();
    void splitsRows();
    void malformedRowsCostNoGoodOnes_data();
    void malformedRowsCostNoGoodOnes();
    void aLongRowIsRejectedInBoundedMemory();
    void anUnclosedQuoteIsRejectedInBoundedMemory();
    void theLimitIsExact();
    void readErrorsEndTheRows();
    void rawTextIsCut();
};

namespace {

std::string bytes(const char* text, std::size_t size)
{
    return {text, size};
}

class FailingSource final : public ByteSource
{
public:
    Result<std::size_t> read(std::span<char> into) override
    {
        if (++calls_ > 1)
            return Error{.code = Errc::Read, .detail = "broken", .file = {}};
        const std::string_view text = "a,b\n1,2\n3,";
        std::copy(text.begin(), text.end(), into.begin());
        return text.size();
    }
    std::uint64_t bytesOnDisk() const noexcept override { return 0; }

private:
    int calls_ = 0;
};

} // namespace

void CsvTokenizerTest::splitsRows_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QStringList>("rows");
    const auto row = [](const char* name, std::string text, QStringList rows) {
        QTest::newRow(name) << std::move(text) << std::move(rows);
    };
    row("nothing", "", {});
    row("plain", "a,b\n1,2\n", {"1 ok [a][b]", "2 ok [1][2]"});
    row("no final line end", "a,b\n1,2", {"1 ok [a][b]", "2 ok [1][2]"});
    row("CRLF", "a,b\r\n1,2\r\n", {"1 ok [a][b]", "2 ok [1][2]"});
    row("CR at the very end", "a,b\n1,2\r", {"1 ok [a][b]", "2 ok [1][2]"});
    row("lone CR stays", "a,b\n1\r1,2\n", {"1 ok [a][b]", "2 ok [1\r1][2]"});
    row("byte order mark",
        "\xEF\xBB\xBF"
        "a,b\n1,2\n",
        {"1 ok [a][b]", "2 ok [1][2]"});
    row("only a byte order mark", "\xEF\xBB\xBF", {});
    row("blank lines count as lines", "\n\r\na,b\n\n \t\n1,2\n\n", {"3 ok [a][b]", "6 ok [1][2]"});
    row("empty fields", "a,b,c\n,,\n", {"1 ok [a][b][c]", "2 ok [][][]"});
    row("quoted", "a,b\n\"1\",\"2\"\n", {"1 ok [a][b]", "2 ok [1][2]"});
    row("quoted comma", "a,b\n\"1,5\",2\n", {"1 ok [a][b]", "2 ok [1,5][2]"});
    row("doubled quote", "a,b\n\"1\"\"5\",2\n", {"1 ok [a][b]", "2 ok [1\"5][2]"});
    row("only doubled quotes", "a,b\n\"\"\"\",\"\"\n", {"1 ok [a][b]", "2 ok [\"][]"});
    row("quoted line end", "a,b\n\"1\n5\",2\n3,4\n", {"1 ok [a][b]", "2 ok [1\n5][2]", "4 ok [3][4]"});
    row("quoted CRLF inside", "a,b\n\"1\r\n5\",2\r\n3,4\r\n",
        {"1 ok [a][b]", "2 ok [1\r\n5][2]", "4 ok [3][4]"});
    row("quoted last field without line end", "a,b\n1,\"2\"", {"1 ok [a][b]", "2 ok [1][2]"});
    row("quoted empty line is a row", "a\n\"\"\n1\n", {"1 ok [a]", "2 ok []", "3 ok [1]"});
    row("longer than the scan width", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b\n1111111111111111,2\n",
        {"1 ok [aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa][b]", "2 ok [1111111111111111][2]"});
}

void CsvTokenizerTest::splitsRows()
{
    QFETCH(std::string, text);
    QFETCH(QStringList, rows);
    for (const std::size_t blockSize : {1u, 2u, 3u, 7u, 16u, 64u, 4096u})
        QCOMPARE(rowsOf(text, blockSize), rows);
}

void CsvTokenizerTest::malformedRowsCostNoGoodOnes_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QStringList>("rows");
    const auto row = [](const char* name, std::string text, QStringList rows) {
        QTest::newRow(name) << "a,b\n" + text + "8,9\n" << QStringList{"1 ok [a][b]"} + rows;
    };
    row("too few fields", "1\n", {"2 few <1>", "3 ok [8][9]"});
    row("too many fields", "1,2,3\n", {"2 many <1,2,3>", "3 ok [8][9]"});
    row("stray quote", "1\"5,2\n", {"2 stray <1\"5,2>", "3 ok [8][9]"});
    row("text after a closing quote", "\"1\"5,2\n", {"2 stray <\"1\"5,2>", "3 ok [8][9]"});
    row("unclosed quote to the end", "\"1,2\n3,4\n", {"2 unclosed <\"1,2>", "3 ok [3][4]", "4 ok [8][9]"});
    row("unclosed quote that a later quote closes", "\"1,2\n3,4\n5,\"6\n",
        {"2 unclosed <\"1,2>", "3 ok [3][4]", "4 unclosed <5,\"6>", "5 ok [8][9]"});
    row("two mistakes that make a balanced pair", "\"1,2\n3,4\n5\",6,7\n",
        {"2 unclosed <\"1,2>", "3 ok [3][4]", "4 stray <5\",6,7>", "5 ok [8][9]"});
    row("a record over two lines with a field too many", "\"1\n5\",2,3\n", {"2 many <\"1>", "4 ok [8][9]"});
    row("a record over two lines with a field too few", "\"1\n5\"\n", {"2 few <\"1>", "4 ok [8][9]"});
    row("NUL", bytes("1,\0 2\n", 6), {QString::fromLatin1("2 nul <1,\0 2>", 13), "3 ok [8][9]"});
    row("NUL in quotes", bytes("1,\"\0\"\n", 6),
        {QString::fromLatin1("2 nul <1,\"\0\">", 13), "3 ok [8][9]"});
    row("a row of quotes", "\"\"\"\n", {"2 unclosed <\"\"\">", "3 ok [8][9]"});
}

void CsvTokenizerTest::malformedRowsCostNoGoodOnes()
{
    QFETCH(std::string, text);
    QFETCH(QStringList, rows);
    for (const std::size_t blockSize : {1u, 2u, 3u, 7u, 16u, 64u, 4096u})
        QCOMPARE(rowsOf(text, blockSize), rows);
}

// 300 MB in one line, of which no more than the limit and a block may ever be held.
void CsvTokenizerTest::aLongRowIsRejectedInBoundedMemory()
{
    RepeatingSource source("a,b\n1,2\n", "x", 300'000'000, "\n3,4\n");
    const auto rows = rowsOf(source, std::size_t{1} << 18);
    QCOMPARE(rows.size(), 4);
    QCOMPARE(rows[1], "2 ok [1][2]");
    QVERIFY2(rows[2].startsWith("3 long <xxx"), qPrintable(rows[2]));
    QCOMPARE(rows[3], "4 ok [3][4]");
}

void CsvTokenizerTest::anUnclosedQuoteIsRejectedInBoundedMemory()
{
    RepeatingSource source("a,b\n\"", "1,2\n", 4'000'000, "");
    const auto rows = rowsOf(source, std::size_t{1} << 18);
    QCOMPARE(rows.size(), 1 + 1'000'000);
    QCOMPARE(rows[1], "2 unclosed <\"1,2>");
    QCOMPARE(rows[2], "3 ok [1][2]");
    QCOMPARE(rows.last(), "1000001 ok [1][2]");
}

void CsvTokenizerTest::theLimitIsExact()
{
    constexpr std::size_t limit = 100;
    for (const std::size_t blockSize : {1u, 10u, 99u, 100u, 101u, 4096u}) {
        const std::string fits(limit - 3, 'x'); // with comma, digit and line end: exactly the limit
        const std::string tooLong(limit - 2, 'x');
        QCOMPARE(rowsOf("a,b\n" + fits + ",1\n2,3\n", blockSize, limit).value(1).left(4), "2 ok");
        QCOMPARE(rowsOf("a,b\n" + tooLong + ",1\n2,3\n", blockSize, limit).value(1).left(6), "2 long");
        QCOMPARE(rowsOf("a,b\n" + tooLong + ",1\n2,3\n", blockSize, limit).value(2), "3 ok [2][3]");
    }
}

void CsvTokenizerTest::readErrorsEndTheRows()
{
    FailingSource source;
    CsvTokenizer tokenizer(source, 64);
    CsvRow row;
    QCOMPARE(tokenizer.next(row), CsvTokenizer::Step::Row);
    QCOMPARE(tokenizer.next(row), CsvTokenizer::Step::Row);
    QCOMPARE(tokenizer.next(row), CsvTokenizer::Step::Failed);
    QCOMPARE(tokenizer.error().code, Errc::Read);
    QCOMPARE(tokenizer.next(row), CsvTokenizer::Step::Failed);
}

void CsvTokenizerTest::rawTextIsCut()
{
    const std::string longRow(5000, 'y');
    for (const std::size_t blockSize : {1u, 3u, 150u, 4096u}) {
        const auto rows = rowsOf("a,b\n" + longRow + "\nq\"" + longRow + "\n", blockSize);
        QCOMPARE(rows.value(1), "2 few <" + QString(200, 'y') + ">");
        QCOMPARE(rows.value(2), "3 stray <q\"" + QString(198, 'y') + ">");
    }
}

QTEST_APPLESS_MAIN(CsvTokenizerTest)
#include "csv_tokenizer_test.moc"
