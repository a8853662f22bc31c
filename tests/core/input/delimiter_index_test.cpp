// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/delimiter_scan.h"
#include "core/input/csv/quoted_scan.h"

#include <QTest>
#include <algorithm>
#include <random>
#include <string>
#include <vector>

using namespace packetloom;
using Method = DelimiterIndex::Method;

class DelimiterIndexTest : public QObject
{
    Q_OBJECT

private slots:
    void everyLength_data();
    void everyLength();
    void oneAtEveryPlace_data();
    void oneAtEveryPlace();
    void longTexts_data();
    void longTexts();
    void theBestMethod();
    void findsWhatIsIrregular_data();
    void findsWhatIsIrregular();
    void findsRowsWithRegularQuotes_data();
    void findsRowsWithRegularQuotes();
    void quotedDelimitersEndNothing();
};

namespace {

void methods()
{
    QTest::addColumn<Method>("method");
    QTest::newRow("plain") << Method::Plain;
    QTest::newRow("vector") << Method::Vector;
    if (DelimiterIndex::bestMethod() == Method::WideVector) // else this processor may not have it
        QTest::newRow("wide vector") << Method::WideVector;
}

/// A text that lies in memory as the index wants it, and what lies behind it looks like more rows. The
/// sanitizer watches the byte after the slack.
class Text
{
public:
    explicit Text(const std::string& text) : size_(text.size()), bytes_(text.size() + DelimiterIndex::slack)
    {
        std::copy(text.begin(), text.end(), bytes_.begin());
        for (std::size_t i = size_; i < bytes_.size(); ++i)
            bytes_[i] = i % 2 ? ',' : '\n';
    }
    [[nodiscard]] const char* data() const { return bytes_.data(); }
    [[nodiscard]] std::size_t size() const { return size_; }

private:
    std::size_t size_;
    std::vector<char> bytes_;
};

/// Whether the index is what a look at every byte gives.
bool right(DelimiterIndex& index, const std::string& content, Method method)
{
    const Text text(content);
    index.scan(text.data(), text.size(), method);
    std::vector<std::uint32_t> delimiters, rows;
    for (std::uint32_t i = 0; i < content.size(); ++i) {
        if (content[i] == ',' || content[i] == '\n')
            delimiters.push_back(i);
        if (content[i] == '\n')
            rows.push_back(static_cast<std::uint32_t>(delimiters.size()));
    }
    if (index.rows() != rows.size())
        return false;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (index.delimitersThrough(i) != rows[i])
            return false;
    }
    // Those behind the last line feed, which no row tells of, are there too.
    return std::equal(delimiters.begin(), delimiters.end(), index.delimiters());
}

/// One delimiter in `rarity` bytes; 0: none. Other bytes are any, those of UTF-8 sequences too.
std::string randomText(std::mt19937_64& random, std::size_t size, unsigned rarity)
{
    std::string text(size, '\0');
    for (char& c : text) {
        do
            c = static_cast<char>(random());
        while (c == ',' || c == '\n');
        if (rarity > 0 && random() % rarity == 0)
            c = random() % 8 == 0 ? '\n' : ',';
    }
    return text;
}

} // namespace

void DelimiterIndexTest::everyLength_data()
{
    methods();
}

void DelimiterIndexTest::everyLength()
{
    QFETCH(Method, method);
    std::mt19937_64 random(5);
    DelimiterIndex reused;
    for (std::size_t size = 0; size <= 300; ++size) {
        std::vector<std::string> texts{std::string(size, ','), std::string(size, '\n'),
                                       std::string(size, '\xac'), // a comma but for its highest bit
                                       std::string(size, '\x8a')};
        for (const unsigned rarity : {0u, 1u, 2u, 5u, 30u, 200u})
            texts.push_back(randomText(random, size, rarity));
        for (const auto& text : texts) {
            DelimiterIndex fresh; // has memory for this text alone
            QVERIFY2(right(fresh, text, method), qPrintable(QString::number(size)));
            QVERIFY2(right(reused, text, method), qPrintable(QString::number(size)));
        }
    }
    for (int i = 0; i < 500; ++i) // smaller and larger ones by turns
        QVERIFY(right(reused, randomText(random, random() % 2000, 1 + unsigned(i) % 20), method));
}

void DelimiterIndexTest::oneAtEveryPlace_data()
{
    methods();
}

void DelimiterIndexTest::oneAtEveryPlace()
{
    QFETCH(Method, method);
    DelimiterIndex index;
    for (const std::size_t size : {1u, 63u, 64u, 65u, 128u, 150u}) {
        for (std::size_t place = 0; place < size; ++place) {
            for (const char c : {',', '\n'}) {
                std::string text(size, 'x');
                text[place] = c;
                QVERIFY(right(index, text, method));
                text.assign(size, c == ',' ? '\n' : ',');
                text[place] = 'x';
                QVERIFY(right(index, text, method));
            }
        }
    }
}

void DelimiterIndexTest::longTexts_data()
{
    methods();
}

void DelimiterIndexTest::longTexts()
{
    QFETCH(Method, method);
    std::mt19937_64 random(6);
    DelimiterIndex index;
    for (const unsigned rarity : {1u, 6u, 100u, 0u}) {
        QVERIFY(right(index, randomText(random, 100'000 + random() % 100, rarity), method));
        QVERIFY(right(index, randomText(random, 100 + random() % 100, rarity), method));
    }
    QVERIFY(right(index, std::string(150'000, ','), method));
    QVERIFY(right(index, std::string(100'001, '\n'), method));
    std::string rows;
    for (int i = 0; i < 3000; ++i)
        rows += "1257254615000000,10.0.0.1,10.0.0.2,40000,80,16,1,2,60,6\r\n";
    QVERIFY(right(index, rows, method));
    QVERIFY(right(index, {}, method));
    QCOMPARE(index.rows(), std::size_t{0});
}

void DelimiterIndexTest::theBestMethod()
{
    DelimiterIndex index;
    const Text text("a,b\nc,d\n");
    index.scan(text.data(), text.size()); // whichever it is, this processor has it
    QCOMPARE(index.rows(), std::size_t{2});
    QCOMPARE(index.delimitersThrough(1), 4u);
    QCOMPARE(index.delimiters()[3], 7u);
}

void DelimiterIndexTest::findsWhatIsIrregular_data()
{
    methods();
}

void DelimiterIndexTest::findsWhatIsIrregular()
{
    QFETCH(Method, method);
    const auto found = [&](const std::string& content, std::size_t begin = 0) {
        const Text text(content); // a comma and a line feed by turns lie behind it
        return begin + findIrregular(text.data() + begin, text.size() - begin, method);
    };
    std::string
        ordinary; // every byte there is but the three, and all that differ from them in the highest bit
    for (int i = 1; i < 256; ++i) {
        if (i != '"' && i != '\r')
            ordinary += static_cast<char>(i);
    }
    QCOMPARE(found(ordinary), ordinary.size());
    for (std::size_t size = 0; size <= 200; ++size) {
        QCOMPARE(found(std::string(size, 'x')), size);
        for (std::size_t place = 0; place < size; ++place) {
            for (const char c : {'"', '\0', '\r'}) {
                std::string text(size, ',');
                text[place] = c;
                // The line feed that lies behind a text of even size makes a pair.
                const bool last = c == '\r' && place + 1 == size;
                QCOMPARE(found(text), last && size % 2 == 0 ? size : place);
                QCOMPARE(found(text + text, place + 1), last ? 2 * size : size + place);
            }
        }
    }
    std::string lines;
    for (std::size_t length = 0; length < 70; ++length)
        lines += std::string(length, 'x') + "\r\n";
    QCOMPARE(found(lines), lines.size());
    for (std::size_t place = 0; place < lines.size(); ++place) {
        if (lines[place] == '\n') {
            auto text = lines;
            text[place] = '\r'; // CR CR: both are alone, unless the next line is empty
            QCOMPARE(found(text), place - 1);
        }
    }
}

void DelimiterIndexTest::findsRowsWithRegularQuotes_data()
{
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::size_t>("bytes");
    const auto row = [](const char* name, const std::string& good, const std::string& rest) {
        QTest::newRow(name) << good + rest << good.size();
    };
    row("nothing", "", "");
    row("no quotes", "1,2\n3,4\n", "5,6");
    row("all quoted", "\"1\",\"2\"\n", "\"3\",\"4\"");
    row("some quoted", "1,\"2\"\n\"3\",4\n", "");
    row("empty fields", "\"\",\"\"\n,\"\"\n", "");
    row("a delimiter within", "\"1,5\",2\n", "");
    row("CRLF", "\"1\",\"2\"\r\n\"3\",4\r\n", "");
    row("a line feed within", "\"1\"\n", "\"2\n3\",4\n");
    row("a carriage return within", "\"1\"\n", "\"2\r\",4\n");
    row("a lone carriage return", "\"1\"\n", "\"2\"\r\"3\"\n\"4\"\n");
    row("a doubled quote", "\"1\"\n", "\"2\"\"3\"\n");
    row("text behind a quote", "\"1\"\n", "\"2\"x\n");
    row("a quote within a field", "\"1\"\n", "2\"\n");
    row("a quote that opens within a field", "\"1\"\n", "2\"3\"\n");
    row("never closed", "\"1\"\n", "\"2\n3\n4\n");
    row("a NUL byte", "\"1\"\n", std::string("\"\0\"\n2\n", 6));
    row("a NUL byte outside", "\"1\"\n", std::string("\0\n2\n", 4));
}

void DelimiterIndexTest::findsRowsWithRegularQuotes()
{
    QFETCH(std::string, text);
    QFETCH(std::size_t, bytes);
    // Wherever in the 64 bytes that are looked at together it happens.
    for (std::size_t length = 0; length < 2 * ByteMasks::width; ++length) {
        const std::string before = length == 0 ? "" : std::string(length - 1, 'x') + '\n';
        const Text whole(before + text);
        QCOMPARE(regularlyQuoted(whole.data(), whole.size(), {}), before.size() + bytes);
        const std::string quoted = length < 3 ? "" : '"' + std::string(length - 3, ',') + "\"\n";
        const Text behind(quoted + text);
        QCOMPARE(regularlyQuoted(behind.data(), behind.size(), {}), quoted.size() + bytes);
    }
}

void DelimiterIndexTest::quotedDelimitersEndNothing()
{
    DelimiterIndex index;
    for (std::size_t length = 0; length < 200; ++length) {
        const std::string field(length, ',');
        const Text text('"' + field + "\",1\n\"\",'\n");
        index.scanQuoted(text.data(), text.size(), {});
        QCOMPARE(index.rows(), 2u);
        QCOMPARE(index.delimitersThrough(0), 2u);
        QCOMPARE(index.delimitersThrough(1), 4u);
        const auto size = static_cast<std::uint32_t>(length);
        QCOMPARE(std::vector(index.delimiters(), index.delimiters() + 4),
                 (std::vector{size + 2, size + 4, size + 7, size + 9}));
    }
    const Text other("'a;b';c\n");
    index.scanQuoted(other.data(), other.size(), {.delimiter = ';', .quote = '\''});
    QCOMPARE(index.delimitersThrough(0), 2u);
}

QTEST_APPLESS_MAIN(DelimiterIndexTest)
#include "delimiter_index_test.moc"
