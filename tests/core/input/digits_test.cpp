// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/digits.h"

#include <QTest>
#include <charconv>
#include <optional>
#include <random>
#include <string>
#include <vector>

using namespace packetloom;

class DigitsTest : public QObject
{
    Q_OBJECT

private slots:
    void everyLength();
    void randomValues();
    void everyByteAtEveryPlace();
    void whatStandsBeforeNeverMatters();
    void theValueIsLeftAloneWithoutOne();
};

namespace {

/// A field in memory of its own with the slack before it and nothing behind: the sanitizer watches both ends.
class Field
{
public:
    Field(const std::string& before, const std::string& text) : bytes_(before.begin(), before.end())
    {
        bytes_.insert(bytes_.end(), text.begin(), text.end());
        bytes_.shrink_to_fit();
    }
    explicit Field(const std::string& text) : Field(std::string(digitSlack, '7'), text) {}
    [[nodiscard]] std::optional<std::int64_t> parsed() const
    {
        std::int64_t value = -1;
        const char* const begin = bytes_.data() + digitSlack;
        return parseDigits(begin, bytes_.data() + bytes_.size(), value) ? std::optional(value) : std::nullopt;
    }
    [[nodiscard]] std::optional<std::uint64_t> parsedWord() const
    {
        std::uint64_t value = 0;
        return parseWordOfDigits(bytes_.data() + bytes_.size(), bytes_.size() - digitSlack, value)
                   ? std::optional(value)
                   : std::nullopt;
    }

private:
    std::vector<char> bytes_;
};

std::optional<std::int64_t> plain(const std::string& text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::string randomDigits(std::mt19937_64& random, std::size_t length)
{
    std::string text(length, '0');
    for (char& c : text)
        c = static_cast<char>('0' + random() % 10);
    return text;
}

} // namespace

void DigitsTest::everyLength()
{
    for (std::size_t length = 0; length <= 20; ++length) {
        const bool fits = length >= 1 && length <= mostDigits;
        for (const char digit : {'0', '1', '5', '9'}) {
            const std::string text(length, digit);
            QCOMPARE(Field(text).parsed(), fits ? plain(text) : std::nullopt);
            if (length >= 1 && length <= mostWordDigits)
                QCOMPARE(Field(text).parsedWord(), std::optional(static_cast<std::uint64_t>(*plain(text))));
        }
    }
    QCOMPARE(Field("9999999999999999").parsed(), std::optional(std::int64_t{9'999'999'999'999'999}));
    QCOMPARE(Field("0000000000000001").parsed(), std::optional(std::int64_t{1}));
    QCOMPARE(Field("100000000").parsed(), std::optional(std::int64_t{100'000'000}));
}

void DigitsTest::randomValues()
{
    std::mt19937_64 random(7);
    for (int i = 0; i < 100'000; ++i) {
        const auto text = randomDigits(random, 1 + random() % mostDigits);
        QCOMPARE(Field(text).parsed(), plain(text));
        if (text.size() <= mostWordDigits)
            QCOMPARE(Field(text).parsedWord(), std::optional(static_cast<std::uint64_t>(*plain(text))));
    }
}

void DigitsTest::everyByteAtEveryPlace()
{
    std::mt19937_64 random(8);
    for (std::size_t length = 1; length <= mostDigits; ++length) {
        for (std::size_t place = 0; place < length; ++place) {
            for (int byte = 0; byte < 256; ++byte) {
                auto text = randomDigits(random, length);
                text[place] = static_cast<char>(byte);
                const auto expected = byte >= '0' && byte <= '9' ? plain(text) : std::nullopt;
                QVERIFY2(Field(text).parsed() == expected,
                         qPrintable(QStringLiteral("%1 at %2 of %3").arg(byte).arg(place).arg(length)));
                if (length <= mostWordDigits)
                    QVERIFY(Field(text).parsedWord().has_value() == expected.has_value());
            }
        }
    }
    // Two bytes that are no digits do not make up for each other, though one may carry into the next.
    for (int i = 0; i < 100'000; ++i) {
        auto text = randomDigits(random, 2 + random() % (mostDigits - 1));
        const std::size_t first = random() % text.size(), second = random() % text.size();
        text[first] = static_cast<char>(random());
        text[second] = static_cast<char>(random());
        const bool digits = text.find_first_not_of("0123456789") == std::string::npos;
        QCOMPARE(Field(text).parsed(), digits ? plain(text) : std::nullopt);
    }
}

void DigitsTest::whatStandsBeforeNeverMatters()
{
    std::mt19937_64 random(9);
    for (int byte = 0; byte < 256; ++byte) {
        const std::string before(digitSlack, static_cast<char>(byte));
        for (std::size_t length = 1; length <= mostDigits; ++length) {
            const auto text = randomDigits(random, length);
            QCOMPARE(Field(before, text).parsed(), plain(text));
        }
        QVERIFY(!Field(before, "").parsed());
        QVERIFY(!Field(before, "-1").parsed());
    }
    for (int i = 0; i < 50'000; ++i) {
        std::string before(digitSlack, '\0');
        for (char& c : before)
            c = static_cast<char>(random());
        const auto text = randomDigits(random, 1 + random() % mostDigits);
        QCOMPARE(Field(before, text).parsed(), plain(text));
    }
}

void DigitsTest::theValueIsLeftAloneWithoutOne()
{
    for (const std::string text : {"", "x", "1234567x", "12345678x", "x2345678", "x23456789", "-1",
                                   "12345678901234567", "1 ", " 1", "+1", "1.0", "1\r"}) {
        std::string bytes = std::string(digitSlack, '0') + text;
        std::int64_t value = 42;
        QVERIFY(!parseDigits(bytes.data() + digitSlack, bytes.data() + bytes.size(), value));
        QCOMPARE(value, 42);
    }
}

QTEST_APPLESS_MAIN(DigitsTest)
#include "digits_test.moc"
