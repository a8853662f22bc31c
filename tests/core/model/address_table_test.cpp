// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/address_table.h"

#include <QTest>
#include <string>
#include <vector>

using namespace packetloom;

class AddressTableTest : public QObject
{
    Q_OBJECT

private slots:
    void textsOfAllLengths();
    void manyAtOnce();
};

void AddressTableTest::textsOfAllLengths()
{
    AddressTable table;
    std::vector<std::string> texts;
    for (std::size_t length = 0; length < 600; ++length)
        texts.emplace_back(length, 'a');
    for (const std::size_t length : {std::size_t{16383}, std::size_t{16384}, std::size_t{70'000}})
        texts.emplace_back(length, 'b');
    for (int round = 0; round < 2; ++round) {
        for (std::size_t i = 0; i < texts.size(); ++i)
            QCOMPARE(index(table.intern(texts[i])), static_cast<std::uint32_t>(i)); // the empty one is first
    }
    QCOMPARE(table.size(), texts.size());
    for (std::size_t i = 0; i < texts.size(); ++i) {
        QVERIFY(table.text(AddressId{static_cast<std::uint32_t>(i)}) == texts[i]);
        QVERIFY(table.find(texts[i]) == AddressId{static_cast<std::uint32_t>(i)});
    }
    QVERIFY(!table.find("b"));
}

void AddressTableTest::manyAtOnce()
{
    AddressTable table;
    std::vector<std::string> texts;
    for (int i = 0; i < 5000; ++i)
        texts.push_back("10.0." + std::to_string(i));
    for (std::size_t i = 0; i < texts.size(); i += 2)
        table.intern(texts[i]);
    std::vector<AddressTable::Wanted> wanted;
    for (const std::string& text : texts)
        wanted.push_back({.text = text, .hash = addressTextKey()(text), .id = AddressId{7}});
    table.find(wanted);
    for (std::size_t i = 0; i < texts.size(); ++i)
        QVERIFY(wanted[i].id == table.find(texts[i]) && wanted[i].id.has_value() == (i % 2 == 0));
}

QTEST_APPLESS_MAIN(AddressTableTest)
#include "address_table_test.moc"
