// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/analysis/plain_distributions.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Which bins there are.
class DistributionBinsTest : public QObject
{
    Q_OBJECT

private slots:
    void binsAreRoundAndHoldAll_data();
    void binsAreRoundAndHoldAll();
};

namespace {

bool isRound(std::int64_t number) // 1, 2 or 5 times a power of ten
{
    while (number > 9 && number % 10 == 0)
        number /= 10;
    return number == 1 || number == 2 || number == 5;
}

} // namespace

void DistributionBinsTest::binsAreRoundAndHoldAll_data()
{
    QTest::addColumn<qint64>("least");
    QTest::addColumn<qint64>("positive");
    QTest::addColumn<qint64>("most");
    const auto row = [](const char* name, qint64 least, qint64 positive, qint64 most) {
        QTest::newRow(name) << least << positive << most;
    };
    row("one", 7, 7, 7);
    row("zero", 0, highestValue, 0);
    row("small", 1, 1, 12);
    row("a decade", 1'000'000, 1'000'000, 9'999'999);
    row("half a decade", 1'000'000, 1'000'000, 3'000'000);
    row("microsecond to days", 0, 1, 259'200'000'000);
    row("three decades", 100, 100, 99'999);
    row("negative", -900, highestValue, -3);
    row("negative to zero", -900, highestValue, 0);
    row("both signs", -1234, 5, 98765);
    row("everything", lowestValue, 1, highestValue);
    row("the largest", highestValue - 5, highestValue - 5, highestValue);
    row("largest alone", highestValue, highestValue, highestValue);
    row("the least", lowestValue, highestValue, lowestValue + 5);
    row("all that is positive", 1, 1, highestValue);
    row("the end of powers", 900'000'000'000'000'000, 900'000'000'000'000'000, highestValue);
}

void DistributionBinsTest::binsAreRoundAndHoldAll()
{
    QFETCH(qint64, least);
    QFETCH(qint64, positive);
    QFETCH(qint64, most);
    for (const auto scale : bothScales) {
        const DistributionBins bins(scale, {least, most}, positive);
        const auto& ranges = bins.ranges();
        QVERIFY(!ranges.empty() && ranges.size() <= DistributionBins::most + 2);
        for (std::size_t i = 0; i < ranges.size(); ++i) {
            QVERIFY(ranges[i].least <= ranges[i].most);
            const bool gap = scale == BinScale::Logarithmic && ranges[i].least <= 0; // none of it is there
            if (i + 1 < ranges.size() && !gap)
                QCOMPARE(ranges[i + 1].least, ranges[i].most + 1);
            for (const auto value : {ranges[i].least, ranges[i].most})
                QCOMPARE(bins.indexOf(value), i);
        }
        QVERIFY(within(ranges.front(), least) && within(ranges.back(), most));
        QVERIFY(within(ranges[bins.indexOf(least)], least) && within(ranges[bins.indexOf(most)], most));
        if (scale == BinScale::Linear) {
            const auto apart = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
            QVERIFY2(ranges.size() >= std::min<std::uint64_t>(apart + 1, DistributionBins::enough),
                     qPrintable(QString::number(ranges.size())));
            if (ranges.size() > 2)
                QVERIFY(isRound(ranges[1].most - ranges[1].least + 1));
            continue;
        }
        std::size_t first = 0;
        if (least < 0)
            QCOMPARE(ranges[first++], (ValueRange{lowestValue, -1}));
        if (least <= 0 && most >= 0)
            QCOMPARE(ranges[first++], (ValueRange{0, 0}));
        if (most <= 0)
            QCOMPARE(ranges.size(), first);
        else
            QVERIFY2(ranges.size() - first >=
                         std::min<std::uint64_t>(static_cast<std::uint64_t>(most - positive) / 2 + 1,
                                                 DistributionBins::enough),
                     qPrintable(QString::number(ranges.size())));
    }
}

QTEST_APPLESS_MAIN(DistributionBinsTest)
#include "distribution_bins_test.moc"
