// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/json_writer.h"
#include "core/support/buffered_writer.h"
#include "tests/support/test_folder.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>
#include <exception>
#include <functional>
#include <limits>
#include <optional>
#include <string>

using namespace packetloom;
using namespace packetloom::test;

namespace {

using Writer = JsonWriter<TextBuffer>;

QByteArray written(const std::function<void(Writer&)>& write)
{
    TextBuffer out;
    Writer json(out);
    write(json);
    return QByteArray::fromStdString(std::string(out.text()));
}

} // namespace

class JsonWriterTest : public QObject
{
    Q_OBJECT

private slots:
    void empty();
    void layout();
    void values();
    void nullables();
    void decimals_data();
    void decimals();
    void escapes_data();
    void escapes();
    void keysAreEscapedToo();
    void everyByteIsReadable();
    void throughABufferedWriter();
};

void JsonWriterTest::empty()
{
    QCOMPARE(written([](Writer& json) {
                 json.beginObject();
                 json.endObject();
             }),
             QByteArray("{}"));
    QCOMPARE(written([](Writer& json) {
                 json.beginArray();
                 json.endArray();
             }),
             QByteArray("[]"));
    QCOMPARE(written([](Writer& json) {
                 json.beginArray();
                 json.beginArray();
                 json.endArray();
                 json.beginObject();
                 json.endObject();
                 json.endArray();
             }),
             QByteArray("[\n  [],\n  {}\n]"));
}

// The text is what Python's json.dumps(..., indent=2) gives.
void JsonWriterTest::layout()
{
    const auto text = written([](Writer& json) {
        json.beginObject();
        json.key("a").beginObject();
        json.endObject();
        json.key("b").beginArray();
        json.endArray();
        json.key("c").beginArray();
        json.value(1);
        json.beginArray();
        json.value(2);
        json.beginObject();
        json.key("d").null();
        json.endObject();
        json.endArray();
        json.value(true);
        json.beginArray();
        json.beginArray();
        json.endArray();
        json.endArray();
        json.endArray();
        json.key("e").beginObject();
        json.key("f").beginObject();
        json.member("g", "h");
        json.endObject();
        json.endObject();
        json.endObject();
    });
    QCOMPARE(text, QByteArray(R"({
  "a": {},
  "b": [],
  "c": [
    1,
    [
      2,
      {
        "d": null
      }
    ],
    true,
    [
      []
    ]
  ],
  "e": {
    "f": {
      "g": "h"
    }
  }
})"));
}

void JsonWriterTest::values()
{
    const auto text = written([](Writer& json) {
        json.beginArray();
        json.value("text");
        json.value(std::string("string"));
        json.value(std::string_view("view"));
        json.value("");
        json.value(true);
        json.value(false);
        json.null();
        json.value(std::numeric_limits<std::int64_t>::min());
        json.value(std::numeric_limits<std::uint64_t>::max());
        json.value(WideSum(-5));
        json.value(WideSum(std::numeric_limits<std::int64_t>::max()) += 1);
        json.endArray();
    });
    QCOMPARE(text,
             QByteArray("[\n  \"text\",\n  \"string\",\n  \"view\",\n  \"\",\n  true,\n  false,\n  null,\n"
                        "  -9223372036854775808,\n  18446744073709551615,\n  -5,\n  9223372036854775808\n]"));
}

void JsonWriterTest::nullables()
{
    const auto text = written([](Writer& json) {
        json.beginArray();
        json.valueOrNull(std::optional<std::int64_t>());
        json.valueOrNull(std::optional<std::int64_t>(0));
        json.valueOrNull(std::optional<std::string>("x"));
        json.endArray();
    });
    QCOMPARE(text, QByteArray("[\n  null,\n  0,\n  \"x\"\n]"));
}

void JsonWriterTest::decimals_data()
{
    QTest::addColumn<double>("number");
    QTest::addColumn<QByteArray>("text");
    const auto row = [](double number, const char* text) {
        QTest::newRow(text) << number << QByteArray(text);
    };
    row(0, "0.000");
    row(1, "1.000");
    row(1.5, "1.500");
    row(12.0625, "12.063"); // exactly halfway: away from zero
    row(0.007, "0.007");
    row(0.0625, "0.063");
    row(3.9996, "4.000");
    row(123456789.25, "123456789.250");
    row(-1, "-1.000");
    row(-1.25, "-1.250");
    row(-0.5, "-0.500");
}

void JsonWriterTest::decimals()
{
    QFETCH(double, number);
    QFETCH(QByteArray, text);
    try {
        QCOMPARE(written([=](Writer& json) { json.decimal(number); }), text);
    } catch (const std::exception& exception) {
        QFAIL(exception.what());
    }
}

void JsonWriterTest::escapes_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("escaped");
    const auto row = [](const char* name, const QByteArray& text, const char* escaped) {
        QTest::newRow(name) << text << QByteArray(escaped);
    };
    row("none", "", "");
    row("plain", "10.0.0.1:80 ~!'/<>", "10.0.0.1:80 ~!'/<>");
    row("quote", "a\"b", "a\\\"b");
    row("backslash", "C:\\x", "C:\\\\x");
    row("short forms", "\b\t\n\f\r", "\\b\\t\\n\\f\\r");
    row("controls", QByteArray("\0\x01\x0b\x1f\x7f", 5), "\\u0000\\u0001\\u000b\\u001f\\u007f");
    row("two bytes", "\xc2\x80h\xc3\xb6\xdf\xbf", "\\u0080h\\u00f6\\u07ff");
    row("three bytes", "\xe2\x82\xac\xef\xbf\xbf", "\\u20ac\\uffff");
    row("four bytes", "\xf0\x90\x80\x80\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf",
        "\\ud800\\udc00\\ud83d\\ude00\\udbff\\udfff");
    // Python's surrogateescape: a byte each.
    row("no UTF-8", "a\xff\xc3(\x80", "a\\udcff\\udcc3(\\udc80");
    row("a surrogate in UTF-8", "\xed\xa0\x80", "\\udced\\udca0\\udc80");
    row("overlong", "\xc0\xaf", "\\udcc0\\udcaf");
    row("cut off", "\xf0\x9f\x98", "\\udcf0\\udc9f\\udc98");
    row("good behind bad", "\xe2\x82\xc3\xb6", "\\udce2\\udc82\\u00f6");
}

void JsonWriterTest::escapes()
{
    QFETCH(QByteArray, text);
    QFETCH(QByteArray, escaped);
    std::string out = "before ";
    escapeJson(text.toStdString(), out);
    QCOMPARE(QByteArray::fromStdString(out), "before " + escaped);
    QCOMPARE(isPlainJson(text.toStdString()), text == escaped);
    QCOMPARE(written([&](Writer& json) { json.value(text.toStdString()); }), '"' + escaped + '"');
}

void JsonWriterTest::keysAreEscapedToo()
{
    const auto text = written([](Writer& json) {
        json.beginObject();
        json.member("a\"\n", 1);
        json.member("h\xc3\xb6", 2);
        json.endObject();
    });
    QCOMPARE(text, QByteArray("{\n  \"a\\\"\\n\": 1,\n  \"h\\u00f6\": 2\n}"));
}

// Qt's parser, which knows nothing of ours, gets every code point of the first planes back.
void JsonWriterTest::everyByteIsReadable()
{
    QString all;
    for (char32_t code = 1; code < 0x11000; code += code < 0x100 ? 1 : 37) {
        if (code < 0xD800 || code > 0xDFFF)
            all += QString::fromUcs4(&code, 1);
    }
    const auto text = written([&](Writer& json) {
        json.beginObject();
        json.member("all", all.toStdString());
        json.endObject();
    });
    for (const char c : text)
        QVERIFY(c == '\n' || (c >= ' ' && c <= '~'));
    QCOMPARE(QJsonDocument::fromJson(text).object().value("all").toString(), all);
}

void JsonWriterTest::throughABufferedWriter()
{
    const TestFolder folder;
    BufferedWriter out(64);
    out.open(folder / "a.json");
    JsonWriter json(out);
    json.beginArray();
    for (int i = 0; i < 100; ++i)
        json.value(i);
    json.value(WideSum(std::numeric_limits<std::int64_t>::min()) += -1);
    json.endArray();
    QVERIFY(out.close());
    QByteArray expected = "[";
    for (int i = 0; i < 100; ++i)
        expected += "\n  " + QByteArray::number(i) + ',';
    QCOMPARE(QByteArray::fromStdString(contentOf(folder / "a.json")),
             expected + "\n  -9223372036854775809\n]");
}

QTEST_APPLESS_MAIN(JsonWriterTest)
#include "json_writer_test.moc"
