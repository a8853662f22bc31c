// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/address_query.h"

#include "tests/core/analysis/query_sample.h"

#include <QTest>
#include <limits>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// Selecting addresses and pairs of addresses, and the order of addresses.
class AddressQueryTest : public QObject
{
    Q_OBJECT

private slots:
    void addressesAreInOrderForPeople();
    void equalRowsStayInOrder();
    void sumsWiderThan64BitsSort();
    void addressesAndPairsAreSelected();
};

namespace {

using Rows = std::vector<std::uint32_t>;
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

} // namespace

void AddressQueryTest::addressesAreInOrderForPeople()
{
    AddressTable addresses;
    for (const auto& text : someAddresses())
        addresses.intern(text);
    const auto ranks = addressRanks(addresses);
    std::vector<std::string> inOrder(addresses.size());
    for (std::uint32_t i = 0; i < addresses.size(); ++i)
        inOrder[ranks[i]] = addresses.text(AddressId{i});
    const std::vector<std::string> expected{"9.1.1.1",
                                            "10.0.0.1",
                                            "10.0.0.2",
                                            "10.0.0.10",
                                            "::ffff:1.2.3.4",
                                            "2001:db8::1",
                                            "2001:db8::A",
                                            "fe80::1",
                                            "5",
                                            "17",
                                            "",
                                            "<b>",
                                            "Host-X",
                                            "host-y"};
    QCOMPARE(inOrder, expected);
}

void AddressQueryTest::equalRowsStayInOrder()
{
    const std::vector<KeyedRow> rows{{5, 0}, {~std::uint64_t{0}, 1}, {5, 2}, {0, 3}, {5, 4}};
    QCOMPARE(sortedRows(rows, false), (Rows{3, 0, 2, 4, 1}));
    QCOMPARE(sortedRows(rows, true), (Rows{1, 0, 2, 4, 3}));
    QCOMPARE(sortedRows({}, false), Rows{});
}

void AddressQueryTest::sumsWiderThan64BitsSort()
{
    CaptureAnalysis analysis({}, {});
    for (int i = 0; i < 3; ++i)
        addPacket(analysis, "huge", "x", 0, highest);
    for (int i = 0; i < 2; ++i)
        addPacket(analysis, "large", "y", 0, highest);
    addPacket(analysis, "small", "z", 0, 1);
    QCOMPARE(selectPairs(analysis, {.text = {}, .sortBy = PairColumn::Bytes}), (Rows{2, 1, 0}));
    const auto rows =
        selectAddresses(analysis, {.text = {}, .sortBy = AddressColumn::SentBytes, .descending = true});
    QCOMPARE(rows, (Rows{0, 2, 4, 1, 3, 5}));
}

void AddressQueryTest::addressesAndPairsAreSelected()
{
    CaptureAnalysis analysis({}, {});
    addPacket(analysis, "10.0.0.10", "10.0.0.2", 50, 100);
    addPacket(analysis, "10.0.0.2", "10.0.0.10", 60, 10);
    addPacket(analysis, "fe80::1", "10.0.0.2", 5, 7);
    // addresses: 0 = .10, 1 = .2, 2 = fe80; pairs: 0 = .10 and .2, 1 = fe80 and .2
    const std::vector<Rows> addressesBy{{1, 0, 2}, {2, 0, 1}, {0, 1, 2}, {2, 0, 1}, {2, 0, 1},
                                        {2, 1, 0}, {2, 0, 1}, {1, 2, 0}, {2, 0, 1}};
    for (std::size_t i = 0; i < addressesBy.size(); ++i) {
        const auto column = static_cast<AddressColumn>(i);
        QCOMPARE(selectAddresses(analysis, {.text = {}, .sortBy = column}), addressesBy[i]);
    }
    QCOMPARE(selectAddresses(analysis, {}), (Rows{0, 1, 2}));
    QCOMPARE(selectAddresses(analysis, {.text = "0.0 10."}), (Rows{0, 1}));

    const std::vector<Rows> pairsBy{{0, 1}, {0, 1}, {1, 0}, {0, 1}, {1, 0},
                                    {1, 0}, {1, 0}, {1, 0}, {1, 0}, {1, 0}};
    for (std::size_t i = 0; i < pairsBy.size(); ++i) {
        const auto column = static_cast<PairColumn>(i);
        QCOMPARE(selectPairs(analysis, {.text = {}, .sortBy = column}), pairsBy[i]);
    }
    QCOMPARE(selectPairs(analysis, {}), (Rows{0, 1}));
    QCOMPARE(selectPairs(analysis, {.text = "FE80 0.2"}), (Rows{1}));
    QCOMPARE(selectPairs(analysis, {.text = {}, .address = analysis.pairs.pairs()[0].a}), (Rows{0}));
}

QTEST_APPLESS_MAIN(AddressQueryTest)
#include "address_query_test.moc"
