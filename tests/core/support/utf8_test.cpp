// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/utf8.h"

#include <QTest>
#include <string>

using namespace packetloom;

namespace {

// RFC 3629, section 3: the octets of a code point.
std::string encoded(std::uint32_t code)
{
    const auto tail = [&](unsigned shift) { return static_cast<char>(0x80 | (code >> shift & 0x3f)); };
    if (code < 0x80)
        return {static_cast<char>(code)};
    if (code < 0x800)
        return {static_cast<char>(0xC0 | code >> 6), tail(0)};
    if (code < 0x10000)
        return {static_cast<char>(0xE0 | code >> 12), tail(6), tail(0)};
    return {static_cast<char>(0xF0 | code >> 18), tail(12), tail(6), tail(0)};
}

} // namespace

class Utf8Test : public QObject
{
    Q_OBJECT

private slots:
    void everyCodePoint();
    void malformed_data();
    void malformed();
    void truncated();
    void onlyTheFirstPiece();
    void wholeTexts();
};

void Utf8Test::everyCodePoint()
{
    for (std::uint32_t code = 0; code <= 0x10FFFF; ++code) {
        const auto text = encoded(code);
        const auto piece = decodeUtf8(text);
        const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
        const bool right = surrogate ? !piece.valid && piece.length == 1 && piece.codePoint == 0xED
                                     : piece.valid && piece.length == text.size() && piece.codePoint == code;
        if (!right || isUtf8(text) == surrogate)
            QFAIL(qPrintable(QStringLiteral("U+%1").arg(code, 4, 16)));
    }
}

void Utf8Test::malformed_data()
{
    QTest::addColumn<QByteArray>("hex");
    const auto row = [](const char* name, const char* hex) { QTest::newRow(name) << QByteArray(hex); };
    row("overlong NUL", "c080");
    row("overlong slash", "c0af");
    row("overlong U+7F", "c1bf");
    row("overlong in three", "e08080");
    row("overlong U+7FF", "e09fbf");
    row("overlong in four", "f0808080");
    row("overlong U+FFFF", "f08fbfbf");
    row("first surrogate", "eda080");
    row("last surrogate", "edbfbf");
    row("a pair of surrogates", "eda0bdedb880");
    row("U+110000", "f4908080");
    row("first byte F5", "f5808080");
    row("five bytes", "f888808080");
    row("six bytes", "fc8480808080");
    row("FE", "fe");
    row("FF", "ffffffff");
    row("a continuation alone", "80");
    row("the last continuation alone", "bf");
    row("C2 without its second", "c241");
    row("C2 with a first byte behind", "c2c3");
    row("E2 with a wrong second", "e22882");
    row("E2 with a wrong third", "e28228");
    row("F0 with a wrong second", "f0289880");
    row("F0 with a wrong third", "f09f2880");
    row("F0 with a wrong fourth", "f09f9828");
}

void Utf8Test::malformed()
{
    QFETCH(QByteArray, hex);
    const auto text = QByteArray::fromHex(hex).toStdString();
    const auto piece = decodeUtf8(text);
    QVERIFY(!piece.valid);
    QCOMPARE(int(piece.length), 1);
    QCOMPARE(piece.codePoint, std::uint32_t{static_cast<unsigned char>(text.front())});
    QVERIFY(!isUtf8(text));
    QVERIFY(!isUtf8("abc" + text));
    QVERIFY(!isUtf8(text + "abc"));
}

void Utf8Test::truncated()
{
    for (const std::uint32_t code : {0x80u, 0x7FFu, 0x800u, 0xFFFFu, 0x10000u, 0x1F600u, 0x10FFFFu}) {
        const auto text = encoded(code);
        for (std::size_t size = 1; size < text.size(); ++size) {
            // Bytes behind the view must not count, even if they would complete it.
            const auto cut = std::string_view(text).substr(0, size);
            const auto piece = decodeUtf8(cut);
            QVERIFY(!piece.valid);
            QCOMPARE(int(piece.length), 1);
            QVERIFY(!isUtf8(cut));
        }
    }
}

void Utf8Test::onlyTheFirstPiece()
{
    const auto piece = decodeUtf8("\xc3\xa4\xff");
    QVERIFY(piece.valid);
    QCOMPARE(piece.codePoint, 0xE4u);
    QCOMPARE(int(piece.length), 2);
}

void Utf8Test::wholeTexts()
{
    QVERIFY(isUtf8(""));
    QVERIFY(isUtf8("plain"));
    QVERIFY(isUtf8(std::string_view("a\0b", 3)));
    QVERIFY(isUtf8("h\xc3\xb6st \xe2\x82\xac \xf0\x9f\x98\x80"));
    QVERIFY(!isUtf8("h\xf6st")); // Latin-1
}

QTEST_APPLESS_MAIN(Utf8Test)
#include "utf8_test.moc"
