// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/text_buffer.h"

#include <QTest>
#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <string>

using namespace packetloom;

class TextBufferTest : public QObject
{
    Q_OBJECT

private slots:
    void nothing();
    void textsAndCharacters();
    void integersToTheEndsOfTheirTypes();
    void growsAnywhere();
    void roomIsWrittenInto();
    void clearKeepsTheMemory();
    void asAString();
};

namespace {

constexpr auto most = std::numeric_limits<std::int64_t>::max();
constexpr auto least = std::numeric_limits<std::int64_t>::min();
constexpr auto mostUnsigned = std::numeric_limits<std::uint64_t>::max();

} // namespace

void TextBufferTest::nothing()
{
    TextBuffer buffer;
    QVERIFY(buffer.text().empty());
    buffer.append(std::string_view());
    QVERIFY(buffer.text().empty());
    buffer.clear();
    QVERIFY(buffer.text().empty());
}

void TextBufferTest::textsAndCharacters()
{
    TextBuffer buffer;
    buffer.append("ab");
    buffer.append('c');
    buffer.append('\0');
    buffer.append(std::string_view("d\0e", 3));
    buffer.append("");
    QCOMPARE(buffer.text(), std::string_view("abc\0d\0e", 7));
}

void TextBufferTest::integersToTheEndsOfTheirTypes()
{
    TextBuffer buffer;
    const auto text = [&](auto value) {
        buffer.clear();
        buffer.append(value);
        return std::string(buffer.text());
    };
    QCOMPARE(text(0), std::string("0"));
    QCOMPARE(text(-1), std::string("-1"));
    QCOMPARE(text(most), std::string("9223372036854775807"));
    QCOMPARE(text(least), std::string("-9223372036854775808"));
    QCOMPARE(text(mostUnsigned), std::string("18446744073709551615"));
    QCOMPARE(text(std::uint8_t{255}), std::string("255")); // a number, not a character
    QCOMPARE(text(std::int8_t{-128}), std::string("-128"));
}

void TextBufferTest::growsAnywhere()
{
    // Whatever is there already, and however much comes at once.
    for (std::size_t before = 0; before < 600; ++before) {
        for (const std::size_t size : {1u, 2u, 255u, 256u, 257u, 5000u}) {
            TextBuffer buffer;
            const std::string first(before, 'a'), second(size, 'b');
            buffer.append(first);
            buffer.append(second);
            QCOMPARE(buffer.text(), std::string_view(first + second));
        }
        TextBuffer buffer;
        std::string expected;
        for (std::size_t i = 0; i < before; ++i) {
            buffer.append('x');
            expected.push_back('x');
        }
        buffer.append(least);
        buffer.append(mostUnsigned);
        expected += "-922337203685477580818446744073709551615";
        QCOMPARE(buffer.text(), std::string_view(expected));
    }
}

void TextBufferTest::roomIsWrittenInto()
{
    TextBuffer buffer;
    std::string expected;
    for (std::size_t size = 0; size < 700; ++size) {
        char* const at = buffer.room(size + 10); // more than is used
        std::fill_n(at, size, static_cast<char>('a' + size % 26));
        buffer.used(at + size);
        expected.append(size, static_cast<char>('a' + size % 26));
        QCOMPARE(buffer.text().size(), expected.size());
    }
    QVERIFY(buffer.text() == expected);
    buffer.used(buffer.text().data() + 10); // less than there was
    QCOMPARE(buffer.text(), std::string_view(expected).substr(0, 10));
}

void TextBufferTest::clearKeepsTheMemory()
{
    TextBuffer buffer;
    buffer.append(std::string(100'000, 'x'));
    const char* const address = buffer.text().data();
    for (int i = 0; i < 5; ++i) {
        buffer.clear();
        QVERIFY(buffer.text().empty());
        buffer.append(i);
        buffer.append(std::string(99'000, 'y'));
        QCOMPARE(buffer.text(), std::string_view(std::to_string(i) + std::string(99'000, 'y')));
        QVERIFY(buffer.text().data() == address);
    }
}

void TextBufferTest::asAString()
{
    std::mt19937_64 random(3);
    TextBuffer buffer;
    for (int round = 0; round < 50; ++round) {
        std::string expected;
        buffer.clear();
        for (auto n = random() % 300; n > 0; --n) {
            const auto value = random() >> random() % 64;
            switch (random() % 4) {
            case 0:
                buffer.append(value);
                expected += std::to_string(value);
                break;
            case 1:
                buffer.append(static_cast<std::int64_t>(value));
                expected += std::to_string(static_cast<std::int64_t>(value));
                break;
            case 2:
                buffer.append(static_cast<char>(value));
                expected.push_back(static_cast<char>(value));
                break;
            default:
                expected.append(value % 100, '-');
                buffer.append(std::string(value % 100, '-'));
            }
        }
        QVERIFY(buffer.text() == expected);
    }
}

QTEST_APPLESS_MAIN(TextBufferTest)
#include "text_buffer_test.moc"
