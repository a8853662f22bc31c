// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/radix_sort.h"
#include "core/support/slot_table.h"

#include <QTest>
#include <algorithm>
#include <limits>
#include <map>
#include <random>
#include <vector>

using namespace packetloom;

class SlotTableTest : public QObject
{
    Q_OBJECT

private slots:
    void asAMap_data();
    void asAMap();
    void sortsAsTheLibraryDoes_data();
    void sortsAsTheLibraryDoes();
};

void SlotTableTest::asAMap_data()
{
    QTest::addColumn<quint64>("mask");
    QTest::newRow("any hash") << ~quint64{0};
    QTest::newRow("long chains") << quint64{0xff};
    QTest::newRow("one part, around its end") << quint64{0x03ffffff};
    QTest::newRow("all alike") << quint64{0};
}

void SlotTableTest::asAMap()
{
    QFETCH(const quint64, mask);
    std::mt19937_64 random(3);
    SlotTable table;
    std::vector<std::uint64_t> hashes; // by slot
    std::map<SlotTable::Slot, bool> there;
    const auto same = [](SlotTable::Slot slot) { return [slot](SlotTable::Slot s) { return s == slot; }; };
    QCOMPARE(table.find(1, same(1)), SlotTable::none);
    const SlotTable::Slot most = mask == 0 ? 300 : 5000;
    for (int i = 0; i < 60'000 && !(mask == 0 && i > 2000); ++i) {
        const auto slot = static_cast<SlotTable::Slot>(random() % most);
        while (hashes.size() <= slot)
            hashes.push_back(mask == 0x03ffffff ? ~(random() & 0xff) : random() & mask);
        if (there[slot])
            table.erase(hashes[slot], slot);
        else
            table.insert(hashes[slot], slot);
        there[slot] = !there[slot];
        const auto other = static_cast<SlotTable::Slot>(random() % hashes.size());
        QCOMPARE(table.find(hashes[other], same(other)), there[other] ? other : SlotTable::none);
    }
    std::vector<SlotTable::Slot> expected, visited;
    for (const auto& [slot, is] : there) {
        if (is)
            expected.push_back(slot);
        QCOMPARE(table.find(hashes[slot], same(slot)), is ? slot : SlotTable::none);
    }
    table.forEach([&](SlotTable::Slot slot) { visited.push_back(slot); });
    std::sort(visited.begin(), visited.end());
    QCOMPARE(visited, expected);
    QCOMPARE(table.size(), expected.size());
}

void SlotTableTest::sortsAsTheLibraryDoes_data()
{
    QTest::addColumn<qsizetype>("count");
    QTest::addColumn<quint64>("mask");
    QTest::newRow("none") << qsizetype{0} << ~quint64{0};
    QTest::newRow("few") << qsizetype{100} << ~quint64{0};
    QTest::newRow("many") << qsizetype{20'000} << ~quint64{0};
    QTest::newRow("equal ones") << qsizetype{20'000} << quint64{0xff};
    QTest::newRow("all alike") << qsizetype{20'000} << quint64{0};
}

void SlotTableTest::sortsAsTheLibraryDoes()
{
    QFETCH(const qsizetype, count);
    QFETCH(const quint64, mask);
    std::mt19937_64 random(4);
    const auto check = [&]<class Key>(Key) {
        std::vector<Ranked<Key>> sorted;
        for (qsizetype i = 0; i < count; ++i)
            sorted.push_back({static_cast<Key>(random() & mask), static_cast<std::uint32_t>(i)});
        auto expected = sorted;
        std::stable_sort(expected.begin(), expected.end());
        sortRanked(sorted);
        return std::equal(sorted.begin(), sorted.end(), expected.begin(), expected.end(),
                          [](const auto& a, const auto& b) { return a.key == b.key && a.what == b.what; });
    };
    QVERIFY(check(std::uint32_t{}));
    QVERIFY(check(std::uint64_t{}));
}

QTEST_APPLESS_MAIN(SlotTableTest)
#include "slot_table_test.moc"
