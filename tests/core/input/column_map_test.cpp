// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/column_map.h"

#include <QTest>

using namespace packetloom;

class ColumnMapTest : public QObject
{
    Q_OBJECT

private slots:
    void findsColumnsInAnyOrder();
    void theFirstOfTwoCounts();
    void namesMustBeExact();
    void saysWhatIsMissingAndWhatIsThere();
};

namespace {

Result<ColumnMap> mapOf(const std::vector<std::string_view>& names)
{
    return ColumnMap::fromHeader(names);
}

} // namespace

void ColumnMapTest::findsColumnsInAnyOrder()
{
    const auto map = mapOf({"note", "protocol", "dst_ip", "length", "timestamp", "src_ip"});
    QVERIFY(map);
    QCOMPARE(map->fieldCount(), 6u);
    QCOMPARE(map->index(Column::Timestamp), 4u);
    QCOMPARE(map->index(Column::SourceAddress), 5u);
    QCOMPARE(map->index(Column::DestinationAddress), 2u);
    QCOMPARE(map->index(Column::Length), 3u);
    QCOMPARE(map->index(Column::Protocol), 1u);
    QVERIFY(!map->has(Column::Flags));
    QVERIFY(!map->has(Column::Sequence));
    QCOMPARE(map->index(Column::SourcePort), ColumnMap::absent);
}

void ColumnMapTest::theFirstOfTwoCounts()
{
    const auto map = mapOf({"src_ip", "timestamp", "dst_ip", "src_ip"});
    QVERIFY(map);
    QCOMPARE(map->index(Column::SourceAddress), 0u);
}

void ColumnMapTest::namesMustBeExact()
{
    const auto map = mapOf({"Timestamp", " src_ip", "dst_ip"});
    QVERIFY(!map);
    QCOMPARE(map.error().code, Errc::Header);
    const auto columns = std::get<HeaderColumns>(map.error().facts);
    QCOMPARE(columns.missing, (std::vector<std::string>{"timestamp", "src_ip"}));
    QCOMPARE(columns.found, (std::vector<std::string>{"Timestamp", " src_ip", "dst_ip"}));
    QVERIFY(!columns.more);
}

void ColumnMapTest::saysWhatIsMissingAndWhatIsThere()
{
    const auto nothing = std::get<HeaderColumns>(mapOf({}).error().facts);
    QCOMPARE(nothing.missing, (std::vector<std::string>{"timestamp", "src_ip", "dst_ip"}));
    QVERIFY(nothing.found.empty() && !nothing.more);
    const std::string wide(1000, 'w');
    std::vector<std::string_view> many(25, wide);
    const auto map = mapOf(many);
    QVERIFY(!map);
    const auto columns = std::get<HeaderColumns>(map.error().facts);
    QCOMPARE(columns.found, std::vector(20, std::string(40, 'w'))); // a header can be hostile
    QVERIFY(columns.more);
}

QTEST_APPLESS_MAIN(ColumnMapTest)
#include "column_map_test.moc"
