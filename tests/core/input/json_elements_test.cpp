// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/dataset/dataset_elements.h"
#include "core/input/dataset/json_fields.h"
#include "tests/support/memory_source.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// A JSON file is cut into its elements, whatever the blocks and the layout.
class JsonElementsTest : public QObject
{
    Q_OBJECT

private slots:
    void cuts_data();
    void cuts();
    void skippedElementsAreNotRead();
    void elementsHaveAPlaceAndALimit();
    void openWantsAFile();
    void fieldsAreTyped();
    void bytesThatAreNoUtf8ComeBack();
    void garbageNeverCrashes();
};

Q_DECLARE_METATYPE(JsonElements::Shape)

namespace {

using Shape = JsonElements::Shape;
using Step = JsonElements::Step;

JsonElements elementsOf(const std::string& text, Shape shape, std::size_t block,
                        std::size_t limit = std::size_t{1} << 20)
{
    return {
        std::make_unique<MemorySource>(text), shape, "x.json", {.blockBytes = block, .elementBytes = limit}};
}

/// The elements, each followed by a "|", and how it ended: "." or the error.
std::string piecesOf(const std::string& text, Shape shape, std::size_t block)
{
    auto elements = elementsOf(text, shape, block);
    std::string pieces;
    for (;;) {
        switch (elements.next()) {
        case Step::Element:
            pieces += std::string(elements.text()) + '|';
            break;
        case Step::End:
            return pieces + '.';
        case Step::Failed:
            if (elements.error().code != Errc::DatasetSyntax || elements.error().file != "x.json" ||
                elements.next() != Step::Failed)
                return "not a proper error";
            return pieces + elements.error().detail;
        }
    }
}

} // namespace

void JsonElementsTest::cuts_data()
{
    QTest::addColumn<Shape>("shape");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<std::string>("pieces");
    const auto array = [](const char* name, const std::string& text, const std::string& pieces) {
        QTest::newRow(name) << Shape::Array << text << pieces;
    };
    const auto object = [](const char* name, const std::string& text, const std::string& pieces) {
        QTest::newRow(name) << Shape::Object << text << pieces;
    };
    array("empty", "[]", ".");
    array("empty with blanks", " \r\n\t[ \n ] \n", ".");
    array("objects", R"([{"a": 1}, {"b": [2, {"c": 3}]}])", R"({"a": 1}|{"b": [2, {"c": 3}]}|.)");
    array("indented", "[\n  {\n    \"a\": 1\n  },\n  {}\n]", "{\n    \"a\": 1\n  }|{}|.");
    array("compact", R"([{"a":1},{},[],[[]],1,-2.5e3,"x",true,null])",
          R"({"a":1}|{}|[]|[[]]|1|-2.5e3|"x"|true|null|.)");
    array("brackets in strings", R"([{"a}]": "{[,"}, "]}", "{"])", R"({"a}]": "{[,"}|"]}"|"{"|.)");
    array("escapes", R"(["\"", "\\", "\\\"]", {"\"]": "\\"}])", R"("\""|"\\"|"\\\"]"|{"\"]": "\\"}|.)");
    array("strings of one array", R"(["", " , "])", R"(""|" , "|.)");
    array("nothing", "", "it is empty");
    array("only blanks", " \n ", "it is empty");
    array("an object", "{}", "it is not an array");
    array("a word", "null", "it is not an array");
    array("not closed", "[", "it is cut off");
    array("not closed behind an element", "[1", "it is cut off");
    array("not closed behind a comma", "[1,", "1|it is cut off");
    array("unterminated string", R"(["abc)", "it is cut off");
    array("unterminated by an escape", R"(["abc\"])", "it is cut off");
    array("unterminated object", R"([{"a": [1])", "it is cut off");
    array("unterminated in a string", R"([{"a": "]}])", "it is cut off");
    array("wrong bracket", "[1}", "1|a comma is missing");
    array("wrong bracket inside", R"([{"a": 1]])", "a bracket is missing");
    array("wrong bracket first", "[}", "an element is missing");
    array("a comma first", "[,1]", "an element is missing");
    array("a comma last", "[1,]", "1|an element is missing");
    array("two commas", "[1,,2]", "1|an element is missing");
    array("no comma", R"([{} {}])", "{}|a comma is missing");
    array("no comma behind a string", R"(["a" "b"])", R"("a"|a comma is missing)");
    array("text behind", "[1] x", "1|there is text behind its end");
    array("a second array", "[][]", "there is text behind its end");
    array("a NUL behind", std::string("[]\0", 3), "there is text behind its end");
    object("empty object", "{}", ".");
    object("members", R"({"a": 1, "b" : {"c": [1, 2]},"d":"}"})",
           R"({"a":1}|{"b":{"c": [1, 2]}}|{"d":"}"}|.)");
    object("keys of all kinds", R"({"": 0, "\"}": 1, "a:b": 2})", R"({"":0}|{"\"}":1}|{"a:b":2}|.)");
    object("an array", "[]", "it is not an object");
    object("no key", "{1: 2}", "a key is missing");
    object("no colon", R"({"a" 1})", "a colon is missing");
    object("no value", R"({"a": })", "a value is missing");
    object("no value and no more", R"({"a":)", "it is cut off");
    object("cut off in a key", R"({"a)", "it is cut off");
    object("cut off behind a key", R"({"a")", "it is cut off");
    object("cut off in a value", R"({"a": {"b": 1})", R"({"a":{"b": 1}}|it is cut off)");
    object("a comma last in an object", R"({"a": 1,})", R"({"a":1}|an element is missing)");
    const std::string deep(600, '[');
    array("too deep", '[' + deep, "it is nested too deeply");
    array("deep", '[' + std::string(500, '[') + std::string(500, ']') + ']',
          std::string(500, '[') + std::string(500, ']') + "|.");
}

void JsonElementsTest::cuts()
{
    QFETCH(Shape, shape);
    QFETCH(std::string, text);
    QFETCH(std::string, pieces);
    QCOMPARE(piecesOf(text, shape, 4096), pieces);
    for (std::size_t block = 1; block <= 64; ++block)
        QCOMPARE(piecesOf(text, shape, block), pieces);
}

void JsonElementsTest::skippedElementsAreNotRead()
{
    for (std::size_t block = 1; block <= 64; ++block) {
        auto elements = elementsOf(R"([{"a": "]"}, [[1], 2], "x", 4])", Shape::Array, block);
        QCOMPARE(elements.skip(), Step::Element);
        QVERIFY(elements.text().empty());
        QCOMPARE(elements.skip(), Step::Element);
        QCOMPARE(elements.next(), Step::Element);
        QCOMPARE(elements.text(), std::string_view(R"("x")"));
        QCOMPARE(elements.skip(), Step::Element);
        QCOMPARE(elements.skip(), Step::End);
        QCOMPARE(elements.next(), Step::End);
    }
}

void JsonElementsTest::elementsHaveAPlaceAndALimit()
{
    auto elements = elementsOf(R"([ 12,  "345678901", 1])", Shape::Array, 3, 10);
    QCOMPARE(elements.next(), Step::Element);
    QCOMPARE(elements.byte(), 2u);
    QCOMPARE(elements.next(), Step::Failed);
    QCOMPARE(elements.error().detail, std::string("an element is larger than 10 bytes"));
    auto skipped = elementsOf(R"([ 12,  "345678901", 1])", Shape::Array, 3, 10);
    QCOMPARE(skipped.next(), Step::Element);
    QCOMPARE(skipped.skip(), Step::Element); // what is not kept may be large
    QCOMPARE(skipped.byte(), 7u);
    QCOMPARE(skipped.next(), Step::Element);
    QCOMPARE(skipped.text(), std::string_view("1"));
}

void JsonElementsTest::openWantsAFile()
{
    const TestFolder folder;
    const auto missing = openDatasetElements(folder / "no.json", Shape::Array);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, Errc::DatasetMismatch);
    QCOMPARE(missing.error().file, folder / "no.json");
    const auto directory = openDatasetElements(folder.path(), Shape::Array);
    QVERIFY(!directory);
    QCOMPARE(directory.error().code, Errc::DatasetMismatch);
    const auto file = folder.write("a.json", "[1, 2]");
    int count = 0;
    const auto stopped = forEachElement(
        file, Shape::Array, [](auto) { return true; },
        [&](const JsonElements&) -> Result<void> {
            ++count;
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        });
    QVERIFY(!stopped);
    QCOMPARE(count, 1);
}

void JsonElementsTest::fieldsAreTyped()
{
    const std::string text =
        R"({"a": -9223372036854775808, "b": 18446744073709551615, "c": -170141183460469231731687303715884105727,)"
        R"( "d": "\u00e9\"", "e": null, "f": true, "g": {"x": 1}, "h": [1], "i": 1.5, "j": 9223372036854775808})" +
        std::string(JsonElements::padding, ' ');
    const std::string_view json(text.data(), text.size() - JsonElements::padding);
    JsonParser parser;
    std::string problem;
    JsonFields fields(*parser.object(json), problem);
    QCOMPARE(fields.integer("a"), std::numeric_limits<std::int64_t>::min());
    QCOMPARE(fields.count("b"), std::numeric_limits<std::uint64_t>::max());
    QCOMPARE(fields.wide("c").decimal(), std::string("-170141183460469231731687303715884105727"));
    QCOMPARE(fields.text("d"), std::string_view("\xC3\xA9\""));
    QVERIFY(!fields.textOrNull("e"));
    QVERIFY(fields.boolean("f"));
    QVERIFY(fields.object("g"));
    QVERIFY(fields.array("h"));
    QVERIFY(fields.boolean("f")); // out of order
    QVERIFY(!fields.booleanIfAny("z"));
    QVERIFY2(fields.intact(), problem.c_str());
    for (const char* key : {"b", "c", "d", "e", "f", "g", "h", "i", "j", "z"}) {
        problem.clear();
        JsonFields other(*parser.object(json), problem);
        QCOMPARE(other.integer(key), 0);
        QVERIFY2(problem.starts_with('"' + std::string(key) + "\" is "), problem.c_str());
        QCOMPARE(other.count("b"), 0u); // nothing is read after a problem
    }
}

void JsonElementsTest::bytesThatAreNoUtf8ComeBack()
{
    QCOMPARE(*unescapedJson(R"(a\udcff\udc80\u00e9\ud83d\ude00\n\\)"),
             std::string("a\xff\x80\xC3\xA9\xF0\x9F\x98\x80\n\\"));
    for (const char* wrong : {"\\", "\\x", "\\u12", "\\u12g4", "\\ud800", "\\udc00", "\\ud800\\u0041"})
        QVERIFY2(!unescapedJson(wrong), wrong);
}

void JsonElementsTest::garbageNeverCrashes()
{
    constexpr std::string_view alphabet = "[]{},:\"\\ 1an\n";
    std::uint64_t seed = 1;
    JsonParser parser;
    for (int round = 0; round < 20000; ++round) {
        std::string text = round % 2 == 0 ? "[" : "{\"";
        for (int i = 0; i < 24; ++i) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            text += alphabet[(seed >> 33) % alphabet.size()];
        }
        auto elements = elementsOf(text, round % 2 == 0 ? Shape::Array : Shape::Object, 5);
        while (elements.next() == Step::Element) {
            const auto object = parser.object(elements.text());
            if (!object)
                continue;
            std::string problem;
            JsonFields fields(*object, problem);
            static_cast<void>(fields.textOrNull("a"));
            static_cast<void>(fields.wideOrNull("n"));
            static_cast<void>(fields.booleanIfAny("1"));
        }
    }
}

QTEST_APPLESS_MAIN(JsonElementsTest)
#include "json_elements_test.moc"
