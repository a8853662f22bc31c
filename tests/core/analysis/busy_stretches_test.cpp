// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/timeline_query.h"
#include "tests/core/analysis/small_captures.h"

#include <QTest>
#include <cstdint>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

/// When there is something to see in a capture.
class BusyStretchesTest : public QObject
{
    Q_OBJECT

private slots:
    void longGapsAreLeftOut();
    void shortGapsAreNot();
    void stretchesEndWithTheirPackets();
};

void BusyStretchesTest::longGapsAreLeftOut()
{
    constexpr std::int64_t hour = 3'600'000'000, year = 365 * 24 * hour;
    using Ranges = std::vector<TimeRange>;
    const Ranges years{{0, hour}, {year, year + hour}, {3 * year, 3 * year}};
    QCOMPARE(joinAcrossShortGaps(years), years);
    // A year of hours, each day one: no gap is longer than the rest.
    Ranges days;
    for (int i = 0; i < 365; ++i)
        days.push_back({i * 24 * hour, i * 24 * hour + hour});
    QCOMPARE(joinAcrossShortGaps(days), (Ranges{{0, 364 * 24 * hour + hour}}));
    // The long gap alone, not the short ones beside it.
    QCOMPARE(joinAcrossShortGaps({{0, hour}, {2 * hour, 3 * hour}, {year, year + hour}}),
             (Ranges{{0, 3 * hour}, {year, year + hour}}));
    QCOMPARE(joinAcrossShortGaps({}), Ranges{});
}

void BusyStretchesTest::shortGapsAreNot()
{
    // A packet a minute is no reason.
    const std::vector<TimeRange> beacon{{0, 0}, {60'000'000, 60'000'000}, {120'000'000, 120'000'000}};
    QCOMPARE(joinAcrossShortGaps(beacon), (std::vector<TimeRange>{{0, 120'000'000}}));
    const TestFolder folder;
    const auto analysis = analysisOf(folder, conversations(500));
    const auto whole = busyStretches(*analysis);
    QVERIFY(whole);
    QCOMPARE(*whole,
             (std::vector<TimeRange>{{analysis->totals.firstTimestamp, analysis->totals.lastTimestamp}}));
}

// A bin of the kept timeline is days wide here: the ends come from the packets.
void BusyStretchesTest::stretchesEndWithTheirPackets()
{
    constexpr std::int64_t year = std::int64_t{365} * 24 * 3'600'000'000;
    const std::int64_t start = captureStart;
    const TestFolder folder;
    const auto analysis = analysisOf(
        folder, packetsAt({start, start + 392'000'000, start + 11 * year, start + 11 * year + 5'000'000}));
    const auto stretches = busyStretches(*analysis);
    QVERIFY(stretches);
    QCOMPARE(*stretches, (std::vector<TimeRange>{{start, start + 392'000'000},
                                                 {start + 11 * year, start + 11 * year + 5'000'000}}));
    const auto empty = analysisOf(folder, captureHeader());
    if (empty)
        QVERIFY(busyStretches(*empty)->empty());
}

QTEST_GUILESS_MAIN(BusyStretchesTest)
#include "busy_stretches_test.moc"
