// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/analysis/plain_distributions.h"
#include "tests/support/filter_of.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What chosen bins say leaves just their flows.
class DistributionFilterTest : public QObject
{
    Q_OBJECT

private slots:
    void filtersLeaveTheBins_data();
    void filtersLeaveTheBins();
    void filtersAreShort();
};

void DistributionFilterTest::filtersLeaveTheBins_data()
{
    QTest::addColumn<int>("quantity");
    QTest::addColumn<int>("by");
    for (const auto quantity : {FilterField::Duration, FilterField::Packets, FilterField::Bytes})
        for (const auto by : {GroupKey::Source, GroupKey::Address, GroupKey::Pair, GroupKey::DestinationPort,
                              GroupKey::Service, GroupKey::Close, GroupKey::SourceSubnet, GroupKey::Time})
            QTest::addRow("%s by %s", std::string(packetloom::nameOf(quantity)).c_str(),
                          std::string(groupKeyName(by)).c_str())
                << static_cast<int>(quantity) << static_cast<int>(by);
}

void DistributionFilterTest::filtersLeaveTheBins()
{
    QFETCH(int, quantity);
    QFETCH(int, by);
    const auto analysis = emptyAnalysis();
    fillAtRandom(*analysis, 5, 400, 15);
    std::mt19937 random(6); // NOLINT(cert-msc32-c,cert-msc51-cpp): the same each time
    for (const auto scale : bothScales) {
        const auto distribution = ask(*analysis, {.quantity = static_cast<FilterField>(quantity),
                                                  .scale = scale,
                                                  .by = static_cast<GroupKey>(by)});
        const auto check = [&](const ValueCounts& counts, DistributionPart part, std::size_t group) {
            const std::size_t one = random() % counts.bins.size(), other = random() % counts.bins.size();
            const auto [first, last] = std::minmax(one, other);
            const auto filter =
                distributionFilter(*distribution, {first, last}, part, group, analysis->addresses);
            QVERIFY(filter.has_value());
            const auto rows =
                *selectFlows(*analysis, {.narrowing = {.filter = filterOf(*filter, FilterSubject::Packets)}});
            std::uint64_t expected = 0;
            for (std::size_t bin = first; bin <= last; ++bin)
                expected += counts.bins[bin];
            QVERIFY2(rows.size() == expected, filter->c_str());
        };
        for (int round = 0; round < 20; ++round) {
            check(distribution->all, DistributionPart::All, 0);
            for (std::size_t i = 0; i < distribution->groups.size(); ++i)
                check(distribution->groups[i].counts, DistributionPart::Group, i);
            if (distribution->others)
                check(*distribution->others, DistributionPart::Others, 0);
        }
    }
}

void DistributionFilterTest::filtersAreShort()
{
    const AddressTable none;
    const auto said = [&](FilterField quantity, ValueRange range) {
        Distribution distribution;
        distribution.quantity = quantity;
        distribution.bins = {range};
        return QString::fromStdString(
            distributionFilter(distribution, {0, 0}, DistributionPart::All, 0, none).value_or("none"));
    };
    QCOMPARE(said(FilterField::Duration, {100'000, 199'999}),
             QStringLiteral("duration >= 100ms and duration < 200ms"));
    QCOMPARE(said(FilterField::Duration, {1'260, 1'599}),
             QStringLiteral("duration >= 1260us and duration <= 1599us"));
    QCOMPARE(said(FilterField::Duration, {0, 0}), QStringLiteral("duration == 0s"));
    QCOMPARE(said(FilterField::Duration, {0, 4'999'999}), QStringLiteral("duration < 5s"));
    QCOMPARE(said(FilterField::Packets, {7, 7}), QStringLiteral("packets == 7"));
    QCOMPARE(said(FilterField::Packets, {10'000, 19'999}),
             QStringLiteral("packets >= 10000 and packets <= 19999"));
    QCOMPARE(said(FilterField::Bytes, {1'000'000, 1'999'999}), QStringLiteral("bytes >= 1M and bytes < 2M"));
    QCOMPARE(said(FilterField::Bytes, {lowestValue, -1}), QStringLiteral("bytes < 0"));
    QCOMPARE(said(FilterField::Bytes, {0, 999}), QStringLiteral("bytes >= 0 and bytes < 1k"));
    QCOMPARE(said(FilterField::Bytes, {1'000, highestValue}), QStringLiteral("bytes >= 1k"));
    QCOMPARE(said(FilterField::Bytes, {lowestValue, highestValue}), QStringLiteral("none"));
    QCOMPARE(said(FilterField::Bytes, {highestValue, highestValue}), QStringLiteral("none"));
    QCOMPARE(said(fieldOf(FlowFigure::HandshakeTime), {2'000, 2'999}),
             QStringLiteral("handshake_rtt >= 2ms and handshake_rtt < 3ms"));
}

QTEST_APPLESS_MAIN(DistributionFilterTest)
#include "distribution_filter_test.moc"
