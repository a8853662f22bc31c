// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/ip_map.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

class IpMapTest : public QObject
{
    Q_OBJECT

private slots:
    void looksUpBothWays();
    void theLastOfOneIdCounts();
    void aRepeatedKeyKeepsItsPlace();
    void textIsUnescaped();
    void aByteOrderMarkIsSkipped();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void everyCutIsAnError();
    void largeMapsLoad();
};

void IpMapTest::looksUpBothWays()
{
    const auto map = IpMap::parse(R"({"10.0.0.1": 1, "2001:db8::1": 9223372036854775807, "x": -3})");
    QVERIFY(map);
    QCOMPARE(map->size(), 3u);
    QCOMPARE(map->address(1), std::string_view("10.0.0.1"));
    QCOMPARE(map->address(9223372036854775807), std::string_view("2001:db8::1"));
    QCOMPARE(map->address(-3), std::string_view("x"));
    QVERIFY(!map->address(2));
    QVERIFY(map->knows("x"));
    QVERIFY(!map->knows("y"));
    QVERIFY(IpMap::parse("{}"));
}

void IpMapTest::theLastOfOneIdCounts()
{
    const auto map = IpMap::parse(R"({"a": 1, "b": 1, "c": 2})");
    QVERIFY(map);
    QCOMPARE(map->address(1), std::string_view("b"));
}

// As in Python: the key's value changes, its place does not; so "b", behind it, has the id.
void IpMapTest::aRepeatedKeyKeepsItsPlace()
{
    const auto map = IpMap::parse(R"({"a": 5, "b": 1, "a": 1})");
    QVERIFY(map);
    QCOMPARE(map->address(1), std::string_view("b"));
    QVERIFY(!map->address(5));
}

void IpMapTest::textIsUnescaped()
{
    const auto map = IpMap::parse(R"({"h\u00f6st \ud83d\udc09 \"q\"": 1})");
    QVERIFY(map);
    QCOMPARE(map->address(1), std::string_view("h\xc3\xb6st \xf0\x9f\x90\x89 \"q\""));
}

void IpMapTest::aByteOrderMarkIsSkipped()
{
    QVERIFY(IpMap::parse("\xEF\xBB\xBF{\"a\": 1}"));
}

void IpMapTest::saysWhatIsWrong_data()
{
    QTest::addColumn<std::string>("json");
    QTest::addColumn<Errc>("code");
    const auto row = [](const char* json, Errc code) { QTest::newRow(json) << std::string(json) << code; };
    row("", Errc::MapSyntax);
    row("timestamp,src_ip 1,2", Errc::MapShape);
    row("{\"a\": 1", Errc::MapSyntax);
    row("{\"a\": 1,}", Errc::MapSyntax);
    row("{\"a\" 1}", Errc::MapSyntax);
    row("{\"a\": 1} x", Errc::MapSyntax);
    row("{\"a\": 1}{}", Errc::MapSyntax);
    row("[1, 2]", Errc::MapShape);
    row("[{\"a\": 1}]", Errc::MapShape);
    row("17", Errc::MapShape);
    row("\"text\"", Errc::MapShape);
    row("null", Errc::MapShape);
    row("{\"a\": \"1\"}", Errc::MapValue);
    row("{\"a\": 1.5}", Errc::MapValue);
    row("{\"a\": null}", Errc::MapValue);
    row("{\"a\": [1]}", Errc::MapValue);
    row("{\"a\": 99999999999999999999}", Errc::MapValue);
    row("{\"a\": true}", Errc::MapValue);
}

void IpMapTest::saysWhatIsWrong()
{
    QFETCH(std::string, json);
    QFETCH(Errc, code);
    const TestFolder folder;
    const auto file = folder.write("map.json", json);
    const auto map = IpMap::load(file);
    QVERIFY(!map);
    QCOMPARE(map.error().code, code);
    QVERIFY(map.error().file == file);
    if (code == Errc::MapValue)
        QCOMPARE(map.error().detail, std::string("a"));
}

void IpMapTest::everyCutIsAnError()
{
    const std::string json = R"({"10.0.0.1": 12, "h\u00f6st": 3, "c": -4})";
    QVERIFY(IpMap::parse(json));
    for (std::size_t size = 0; size < json.size(); ++size)
        QVERIFY2(!IpMap::parse(json.substr(0, size)), json.substr(0, size).c_str());
}

void IpMapTest::largeMapsLoad()
{
    std::string json = "{";
    for (int i = 0; i < 200'000; ++i)
        json += (i ? ",\n\"10." : "\"10.") + std::to_string(i >> 16) + '.' + std::to_string(i >> 8 & 255) +
                '.' + std::to_string(i & 255) + "\": " + std::to_string(i);
    const TestFolder folder;
    const auto map = IpMap::load(folder.write("map.json", json + "}"));
    QVERIFY(map);
    QCOMPARE(map->size(), 200'000u);
    QCOMPARE(map->address(65'537), std::string_view("10.1.0.1"));
}

QTEST_APPLESS_MAIN(IpMapTest)
#include "ip_map_test.moc"
