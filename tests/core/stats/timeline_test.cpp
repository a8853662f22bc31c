// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/stats/timeline.h"

#include <QTest>
#include <limits>
#include <map>
#include <random>

using namespace packetloom;

class TimelineTest : public QObject
{
    Q_OBJECT

private slots:
    void countsLikeAMap_data();
    void countsLikeAMap();
    void staysWithinItsBins();
    void negativeLengthsCountNothing();
    void theEndsOfTime();
};

void TimelineTest::countsLikeAMap_data()
{
    QTest::addColumn<qint64>("start");
    QTest::addColumn<quint64>("span");
    QTest::newRow("one moment") << qint64{1257254615000000} << quint64{1};
    QTest::newRow("a millisecond") << qint64{1257254615000000} << quint64{1000};
    QTest::newRow("a day") << qint64{1257254615000000} << quint64{86'400'000'000};
    QTest::newRow("around zero") << qint64{-5000} << quint64{10000};
    QTest::newRow("all of 64 bits") << std::numeric_limits<qint64>::min()
                                    << std::numeric_limits<quint64>::max();
}

// Whatever the order of the times: the bins hold what a map by the final bin number holds.
void TimelineTest::countsLikeAMap()
{
    QFETCH(qint64, start);
    QFETCH(quint64, span);
    std::mt19937_64 random(3);
    Timeline timeline(3, 64);
    std::vector<std::pair<std::int64_t, std::size_t>> added;
    for (int i = 0; i < 5000; ++i) {
        const auto time = static_cast<std::int64_t>(static_cast<std::uint64_t>(start) + random() % span);
        const auto category = static_cast<std::size_t>(random() % 3);
        timeline.add(time, category, 10);
        added.emplace_back(time, category);
    }
    std::map<std::pair<std::int64_t, std::size_t>, std::uint64_t> model;
    for (const auto& [time, category] : added)
        ++model[{time >> timeline.shift(), category}];
    QVERIFY(timeline.bins() <= 64);
    std::uint64_t packets = 0;
    for (std::size_t bin = 0; bin < timeline.bins(); ++bin) {
        for (std::size_t category = 0; category < 3; ++category) {
            const auto& cell = timeline.cell(bin, category);
            const auto found = model.find({timeline.start(bin) >> timeline.shift(), category});
            QCOMPARE(cell.packets, found == model.end() ? 0 : found->second);
            QCOMPARE(cell.bytes, cell.packets * 10);
            packets += cell.packets;
        }
    }
    QCOMPARE(packets, added.size());
}

void TimelineTest::staysWithinItsBins()
{
    Timeline timeline(1, 4);
    QCOMPARE(timeline.bins(), 0u);
    timeline.add(100, 0, 0);
    QCOMPARE(timeline.bins(), 1u);
    QCOMPARE(timeline.start(0), 100);
    timeline.add(103, 0, 0);
    QCOMPARE(timeline.bins(), 4u);
    QCOMPARE(timeline.shift(), 0u);
    timeline.add(104, 0, 0);
    QCOMPARE(timeline.shift(), 1u);
    QCOMPARE(timeline.bins(), 3u); // 100, 102, 104
    timeline.add(90, 0, 0);        // and backward
    QVERIFY(timeline.bins() <= 4u);
    QCOMPARE(timeline.start(0), 88);
}

void TimelineTest::negativeLengthsCountNothing()
{
    Timeline timeline(1);
    timeline.add(0, 0, -5);
    timeline.add(0, 0, 7);
    QCOMPARE(timeline.cell(0, 0), (Timeline::Cell{.packets = 2, .bytes = 7}));
}

void TimelineTest::theEndsOfTime()
{
    Timeline timeline(1);
    for (const auto timestamp :
         {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max() - 1,
          std::numeric_limits<std::int64_t>::min()})
        timeline.add(timestamp, 0, 1);
    QVERIFY(timeline.bins() <= Timeline::mostBins);
    QCOMPARE(timeline.cell(0, 0).packets, 1u);
    QCOMPARE(timeline.cell(timeline.bins() - 1, 0).packets, 2u);
}

QTEST_APPLESS_MAIN(TimelineTest)
#include "timeline_test.moc"
