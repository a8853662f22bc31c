// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/input/csv_rows.h"

#include <QTest>
#include <algorithm>

using namespace packetloom;
using namespace packetloom::test;

class CsvTokenizerTest : public QObject
{
    Q_OBJECT

private slots:
    void splitsRows_data();
    void splitsRows();
    void linesEndWithCarriageReturnsToo_data();
    void linesEndWithCarriageReturnsToo();
    void aQuoteWithinAFieldIsALetter_data();
    void aQuoteWithinAFieldIsALetter();
    void takesPlainRowsWithAnyLineEnd_data();
    void takesPlainRowsWithAnyLineEnd();
    void aFileOfCarriageReturnsIsReadInBoundedMemory();
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
    row("quoted lone CR inside", "a,b\n\"1\r5\",2\n3,4\n", {"1 ok [a][b]", "2 ok [1\r5][2]", "4 ok [3][4]"});
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

// What pandas makes of them.
void CsvTokenizerTest::linesEndWithCarriageReturnsToo_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QStringList>("rows");
    const auto row = [](const char* name, std::string text, QStringList rows) {
        QTest::newRow(name) << std::move(text) << std::move(rows);
    };
    row("CR alone", "a,b\r1,2\r3,4\r", {"1 ok [a][b]", "2 ok [1][2]", "3 ok [3][4]"});
    row("no final line end", "a,b\r1,2\r3,4", {"1 ok [a][b]", "2 ok [1][2]", "3 ok [3][4]"});
    row("all three", "a,b\r\n1,2\r3,4\n5,6\r\n",
        {"1 ok [a][b]", "2 ok [1][2]", "3 ok [3][4]", "4 ok [5][6]"});
    row("blank lines", "\ra,b\r\r1,2\n\r \t\r3,4\r\r", {"2 ok [a][b]", "4 ok [1][2]", "7 ok [3][4]"});
    row("CR, CR, LF", "a,b\r\r\n1,2\r\r\n", {"1 ok [a][b]", "3 ok [1][2]"});
    row("in the middle of a row", "a,b\n1\r1,2\n", {"1 ok [a][b]", "2 few <1>", "3 ok [1][2]"});
    row("an empty first field", "a,b\n1,2\r,3\n", {"1 ok [a][b]", "2 ok [1][2]", "3 ok [][3]"});
    row("an empty last field", "a,b\r1,\r,2\r", {"1 ok [a][b]", "2 ok [1][]", "3 ok [][2]"});
    row("quoted", "a,b\r\"1\",\"2\"\r\"3\",4\r", {"1 ok [a][b]", "2 ok [1][2]", "3 ok [3][4]"});
    row("quoted CR", "a,b\r\"1\r5\",2\r3,4\r", {"1 ok [a][b]", "2 ok [1\r5][2]", "4 ok [3][4]"});
    row("quoted CR and line feeds", "a,b\n\"1\r5\",2\n3,4\n",
        {"1 ok [a][b]", "2 ok [1\r5][2]", "4 ok [3][4]"});
    row("byte order mark",
        "\xEF\xBB\xBF"
        "a,b\r1,2\r",
        {"1 ok [a][b]", "2 ok [1][2]"});
    row("malformed", "a,b\r1\r1,2,3\r4,5\r", {"1 ok [a][b]", "2 few <1>", "3 many <1,2,3>", "4 ok [4][5]"});
    row("unclosed", "a,b\r\"1,2\r3,4\r", {"1 ok [a][b]", "2 unclosed <\"1,2>", "3 ok [3][4]"});
    row("swallowed", "a,b\r\"1,2\r3,4\r5,\"6\r7,8\r",
        {"1 ok [a][b]", "2 unclosed <\"1,2>", "3 ok [3][4]", "4 unclosed <5,\"6>", "5 ok [7][8]"});
    row("NUL", bytes("a,b\r1,\0\r3,4\r", 12),
        {"1 ok [a][b]", QString::fromLatin1("2 nul <1,\0>", 11), "3 ok [3][4]"});
}

void CsvTokenizerTest::linesEndWithCarriageReturnsToo()
{
    QFETCH(std::string, text);
    QFETCH(QStringList, rows);
    for (const std::size_t blockSize : {1u, 2u, 3u, 4u, 5u, 7u, 16u, 64u, 4096u})
        QCOMPARE(rowsOf(text, blockSize), rows);
}

// pandas again: a quote has a meaning where a field begins and nowhere else.
void CsvTokenizerTest::aQuoteWithinAFieldIsALetter_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<QString>("row");
    const auto row = [](std::string text, QString fields) {
        QTest::newRow(text.c_str()) << text << "2 " + fields;
    };
    row("1.2.3.4\",2\n", "ok [1.2.3.4\"][2]");
    row("a\"b\"c,2\n", "ok [a\"b\"c][2]");
    row("a\"\"b,2\n", "ok [a\"\"b][2]");
    row("1,2\"\r\n", "ok [1][2\"]");
    row(" \"a\",2\n", "ok [ \"a\"][2]");
    row(" \"a,b\"\n", "ok [ \"a][b\"]");
    row("\"abc\"def,2\n", "ok [abcdef][2]");
    row("\"abc\"def\"g,h\"\n", "ok [abcdef\"g][h\"]");
    row("\"abc\"\"def\"x\"y\",2\n", "ok [abc\"defx\"y\"][2]");
    row("\"a\" ,2\n", "ok [a ][2]");
    row("\"\"x,2\n", "ok [x][2]");
    row("1,\"2\"x\r\n", "ok [1][2x]");
    row("1,\"2\"x\r", "ok [1][2x]");
    row("1,\"2\"x", "ok [1][2x]");
    row("x\"y,\"1,2\"\n", "ok [x\"y][1,2]");
    row("a\"b,c\"d,2\n", "many <a\"b,c\"d,2>");
}

void CsvTokenizerTest::aQuoteWithinAFieldIsALetter()
{
    QFETCH(std::string, text);
    QFETCH(QString, row);
    for (const std::size_t blockSize : {1u, 2u, 3u, 7u, 16u, 64u, 4096u}) {
        QCOMPARE(rowsOf("a,b\n" + text, blockSize).value(1), row);
        if (text.ends_with('\n'))
            QCOMPARE(rowsOf("a,b\n" + text + "8,9\n", blockSize).value(2), "3 ok [8][9]");
    }
}

void CsvTokenizerTest::takesPlainRowsWithAnyLineEnd_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("plain");
    QTest::addColumn<QByteArray>("next"); // the beginning of what is left for next()
    const auto row = [](const char* name, const char* text, const char* plain, const char* next) {
        QTest::newRow(name) << QByteArray(text) << QByteArray(plain) << QByteArray(next);
    };
    row("line feeds", "1,2\n3,4\n5", "1,2\n3,4\n", "5");
    row("both", "1,2\r\n3,4\r\n5", "1,2\r\n3,4\r\n", "5");
    row("carriage returns", "1,2\r3,4\r5", "1,2\n3,4\n", "5");
    row("a final carriage return", "1,2\r3,4\r", "1,2\n3,4\n", "");
    row("mixed", "1,2\r3,4\r\n\r5,6\n7,8\r\r\n9", "1,2\n3,4\r\n\n5,6\n7,8\n\r\n", "9");
    row("up to a quote", "1,2\r3,4\n5,6\"\r7,8\r", "1,2\n3,4\n", "5,6\"");
    row("up to a quoted carriage return", "1,2\r\"3\r4\",5\r7,8\r", "1,2\n", "3\r4");
}

void CsvTokenizerTest::takesPlainRowsWithAnyLineEnd()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, plain);
    QFETCH(QByteArray, next);
    MemorySource source("a,b\n" + text.toStdString());
    CsvTokenizer tokenizer(source, 4096);
    CsvRow row;
    QCOMPARE(tokenizer.next(row), CsvTokenizer::Step::Row);
    QByteArray taken;
    TextBlock block;
    while (tokenizer.takePlain(block))
        taken.append(block.text.data() + block.begin, qsizetype(block.end - block.begin));
    QCOMPARE(taken, plain);
    if (!next.isEmpty()) {
        QCOMPARE(tokenizer.next(row), CsvTokenizer::Step::Row);
        QVERIFY(row.fields.size() == 1 || !row.fields[0].empty());
        QByteArray fields;
        for (const auto field : row.fields)
            fields.append((fields.isEmpty() ? "" : ",") + QByteArray(field.data(), qsizetype(field.size())));
        QVERIFY2(fields.startsWith(next), fields);
    } else {
        QCOMPARE(tokenizer.next(row), CsvTokenizer::Step::End);
    }
}

void CsvTokenizerTest::aFileOfCarriageReturnsIsReadInBoundedMemory()
{
    constexpr std::size_t blockSize = 1000;
    RepeatingSource source("a,b\r", "1,2\r", 4'000'000, "");
    CsvTokenizer tokenizer(source, blockSize);
    CsvRow row;
    QCOMPARE(tokenizer.next(row), CsvTokenizer::Step::Row);
    TextBlock block;
    std::size_t rows = 0, most = 0;
    for (bool more = true; more;) {
        while (tokenizer.takePlain(block)) {
            rows +=
                std::size_t(std::count(block.text.data() + block.begin, block.text.data() + block.end, '\n'));
            most = std::max(most, block.text.size());
        }
        more = tokenizer.next(row) == CsvTokenizer::Step::Row;
        rows += more ? 1 : 0;
    }
    QCOMPARE(rows, 1'000'000u);
    QVERIFY(most < 10 * blockSize);
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
    row("unclosed quote to the end", "\"1,2\n3,4\n", {"2 unclosed <\"1,2>", "3 ok [3][4]", "4 ok [8][9]"});
    row("unclosed quote that a later quote closes", "\"1,2\n3,4\n5,\"6\n",
        {"2 unclosed <\"1,2>", "3 ok [3][4]", "4 unclosed <5,\"6>", "5 ok [8][9]"});
    row("an unclosed quote that a later one closes in the right place", "\"1,2\n3,4\n\"5,6\n",
        {"2 unclosed <\"1,2>", "3 ok [3][4]", "4 unclosed <\"5,6>", "5 ok [8][9]"});
    row("text behind a quote over two lines", "\"1\n5\"x,2\n", {"2 ok [1\n5x][2]", "4 ok [8][9]"});
    row("two mistakes that make a balanced pair", "\"1,2\n3,4\n5\",6,7\n",
        {"2 unclosed <\"1,2>", "3 ok [3][4]", "4 many <5\",6,7>", "5 ok [8][9]"});
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
        QCOMPARE(rows.value(2), "3 few <q\"" + QString(198, 'y') + ">");
    }
}

QTEST_APPLESS_MAIN(CsvTokenizerTest)
#include "csv_tokenizer_test.moc"
