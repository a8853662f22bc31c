// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/support/path_text.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "ui/charts/bar_chart.h"
#include "ui/charts/chart_time.h"
#include "ui/charts/timeline_chart.h"
#include "ui/charts/timeline_columns.h"

#include <QFile>
#include <QImage>
#include <QSignalSpy>
#include <QTest>
#include <limits>
#include <qcustomplot.h>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

class TimelineChartTest : public QObject
{
    Q_OBJECT

private slots:
    void columnsLoseNothing_data();
    void columnsLoseNothing();
    void columnsOfAPartOnly();
    void shiftDragMarksAnInterval();
    void keysZoomAndMove();
    void everyViewIsDrawnAndSaved();
    void barsAreChosen();
    void timesOfCoordinates_data();
    void timesOfCoordinates();
    void theEndsOf64Bits();
};

namespace {

std::shared_ptr<const Analysis> analysisOf(const TestFolder& folder)
{
    Options options;
    options.inputs = {folder.write("in.csv", conversations(500))};
    const auto analysis = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    return analysis ? *analysis : nullptr;
}

} // namespace

void TimelineChartTest::columnsLoseNothing_data()
{
    QTest::addColumn<qint64>("start");
    QTest::addColumn<quint64>("span");
    QTest::newRow("microseconds") << qint64{1257254615000000} << quint64{40};
    QTest::newRow("an hour") << qint64{1257254615000000} << quint64{3'600'000'000};
    QTest::newRow("around zero") << qint64{-70'000} << quint64{100'000};
    QTest::newRow("all of 64 bits") << std::numeric_limits<qint64>::min()
                                    << std::numeric_limits<quint64>::max();
}

void TimelineChartTest::columnsLoseNothing()
{
    QFETCH(qint64, start);
    QFETCH(quint64, span);
    std::mt19937_64 random(5);
    Timeline timeline(2, 256);
    for (int i = 0; i < 3000; ++i)
        timeline.add(static_cast<std::int64_t>(static_cast<std::uint64_t>(start) + random() % span),
                     random() % 2, 3);
    for (const std::size_t most : {2u, 3u, 7u, 100u, 1000u}) {
        const auto columns = aggregate(timeline, std::numeric_limits<std::int64_t>::min(),
                                       std::numeric_limits<std::int64_t>::max(), most);
        QVERIFY(columns.count <= most);
        std::uint64_t packets = 0;
        for (const auto& cell : columns.cells) {
            packets += cell.packets;
            QCOMPARE(cell.bytes, cell.packets * 3);
        }
        QCOMPARE(packets, 3000u);
    }
}

void TimelineChartTest::columnsOfAPartOnly()
{
    Timeline timeline(1);
    for (std::int64_t time = 0; time < 100; ++time)
        timeline.add(time, 0, 0);
    const auto columns = aggregate(timeline, 10, 19, 100);
    QCOMPARE(columns.start, 10);
    QCOMPARE(columns.count, 10u);
    QCOMPARE(columns.width, 1.0);
    const auto joined = aggregate(timeline, 10, 19, 4); // fours: 8, 12, 16
    QCOMPARE(joined.start, 8);
    QCOMPARE(joined.count, 3u);
    QCOMPARE(joined.cells[0].packets, 4u);
    QCOMPARE(aggregate(timeline, 200, 300, 10).count, 0u);
    QCOMPARE(aggregate(Timeline(1), 0, 10, 10).count, 0u);
}

void TimelineChartTest::shiftDragMarksAnInterval()
{
    const TestFolder folder;
    const auto analysis = analysisOf(folder);
    TimelineChart chart;
    chart.resize(800, 300);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    chart.setTimelines(analysis);
    QSignalSpy brushed(&chart, &TimelineChart::intervalBrushed);
    QSignalSpy cleared(&chart, &TimelineChart::brushCleared);
    auto* const plot = chart.findChild<QCustomPlot*>();
    QTest::mousePress(plot, Qt::LeftButton, Qt::ShiftModifier, QPoint(300, 100));
    QTest::mouseMove(plot, QPoint(400, 100));
    QTest::mouseRelease(plot, Qt::LeftButton, Qt::ShiftModifier, QPoint(500, 100));
    QCOMPARE(brushed.size(), 1);
    const auto start = brushed[0][0].toLongLong(), end = brushed[0][1].toLongLong();
    QVERIFY(start > analysis->totals.firstTimestamp);
    QVERIFY(start < end);
    QVERIFY(end < analysis->totals.lastTimestamp);
    chart.setBrush(std::pair(start, end));
    QTest::keyClick(plot, Qt::Key_Escape);
    QCOMPARE(cleared.size(), 1);
    // A click with Shift marks nothing.
    QTest::mouseClick(plot, Qt::LeftButton, Qt::ShiftModifier, QPoint(300, 100));
    QCOMPARE(brushed.size(), 1);
}

void TimelineChartTest::keysZoomAndMove()
{
    const TestFolder folder;
    TimelineChart chart;
    chart.resize(800, 300);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    chart.setTimelines(analysisOf(folder));
    auto* const plot = chart.findChild<QCustomPlot*>();
    const auto whole = plot->xAxis->range();
    QTest::keyClick(plot, Qt::Key_Plus);
    QVERIFY(plot->xAxis->range().size() < whole.size());
    const auto zoomed = plot->xAxis->range();
    QTest::keyClick(plot, Qt::Key_Right, Qt::ControlModifier);
    QVERIFY(plot->xAxis->range().lower > zoomed.lower);
    for (int i = 0; i < 100; ++i)
        QTest::keyClick(plot, Qt::Key_Plus);
    QCOMPARE(plot->xAxis->range().size(), 1.0); // a microsecond
    QTest::keyClick(plot, Qt::Key_Home);
    QCOMPARE(plot->xAxis->range().size(), whole.size());
}

void TimelineChartTest::everyViewIsDrawnAndSaved()
{
    const TestFolder folder;
    const auto analysis = analysisOf(folder);
    TimelineChart chart;
    chart.resize(800, 300);
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    const auto path = [&](const char* name) { return QString::fromStdString(pathText(folder / name)); };
    QCOMPARE(chart.saveTo(path("empty.png")), QString());
    chart.setLive(analysis->byClass);
    QCOMPARE(chart.saveTo(path("live.png")), QString());
    chart.setTimelines(analysis);
    QCOMPARE(chart.saveTo(path("class.png")), QString());
    chart.setStacking(TimelineChart::Stacking::Outcome);
    QCOMPARE(chart.saveTo(path("outcome.png")), QString());
    chart.setQuantity(TimelineChart::Quantity::Bytes);
    chart.setLogScale(true);
    QCOMPARE(chart.saveTo(path("log.png")), QString());
    QPalette dark;
    dark.setColor(QPalette::Base, Qt::black);
    dark.setColor(QPalette::Text, Qt::white);
    chart.setPalette(dark);
    QCOMPARE(chart.saveTo(path("dark.png")), QString());
    QSet<QByteArray> pictures;
    for (const char* const name : {"empty.png", "class.png", "outcome.png", "log.png", "dark.png"}) {
        const QImage image(path(name));
        QCOMPARE(image.width(), 2 * chart.findChild<QCustomPlot*>()->width()); // finer than on screen
        pictures << QByteArray(reinterpret_cast<const char*>(image.constBits()), image.sizeInBytes());
    }
    QCOMPARE(pictures.size(), 5); // each looks different
    QCOMPARE(QImage(path("dark.png")).pixelColor(2, 2), QColor(Qt::black));
    QCOMPARE(chart.saveTo(path("chart.pdf")), QString());
    QVERIFY(contentOf(folder / "chart.pdf").starts_with("%PDF"));
    if (TimelineChart::fileKinds().contains("svg")) {
        QCOMPARE(chart.saveTo(path("chart.svg")), QString());
        QVERIFY(contentOf(folder / "chart.svg").find("<svg") != std::string::npos);
    } else {
        QVERIFY(!chart.saveTo(path("chart.svg")).isEmpty());
    }
    QVERIFY(!chart.saveTo(path("no/such/folder.png")).isEmpty());
}

void TimelineChartTest::barsAreChosen()
{
    BarChart chart;
    QCOMPARE(chart.bars().size(), 0);
    BarChart::Bar hostile;
    hostile.label = QStringLiteral("<b>") + QString(100'000, QLatin1Char('x'));
    hostile.value = 3;
    chart.setBars({hostile, hostile, hostile});
    QCOMPARE(chart.bars()[0].label.size(), 100);
    chart.resize(chart.sizeHint());
    chart.show();
    QVERIFY(QTest::qWaitForWindowExposed(&chart));
    QSignalSpy activated(&chart, &BarChart::activated);
    QTest::mouseClick(&chart, Qt::LeftButton, {}, QPoint(20, chart.height() / 2));
    QCOMPARE(activated.takeFirst().at(0).toInt(), 1);
    QTest::keyClick(&chart, Qt::Key_Down);
    QTest::keyClick(&chart, Qt::Key_Return);
    QCOMPARE(activated.takeFirst().at(0).toInt(), 2);
    QVERIFY(chart.accessibleDescription().contains("33.3%"));
    QVERIFY(!chart.grab().isNull());
}

void TimelineChartTest::timesOfCoordinates_data()
{
    constexpr auto most = std::numeric_limits<qint64>::max(), least = std::numeric_limits<qint64>::min();
    QTest::addColumn<qint64>("origin");
    QTest::addColumn<double>("coordinate");
    QTest::addColumn<qint64>("time");
    const auto row = [](const char* name, qint64 origin, double coordinate, qint64 time) {
        QTest::newRow(name) << origin << coordinate << time;
    };
    row("exact", 1257254615000000, 12.4, 1257254615000012);
    row("before", 1257254615000000, -1257254615000001.0, -1);
    row("the last", most, 0, most);
    row("behind it", most, 1, most);
    row("far behind it", most, 1e30, most);
    row("the first", least, 0, least);
    row("before it", least, -1, least);
    row("far before it", least, -1e30, least);
    row("from one end to the other", least, 0x1p64, most);
    row("nearly", least, 0x1p64 - 4096, most - 4095);
    row("and back", most, -0x1p64, least);
    row("from the end to zero", least, 0x1p63, 0);
    row("no number", 0, std::numeric_limits<double>::quiet_NaN(), least);
}

void TimelineChartTest::timesOfCoordinates()
{
    QFETCH(qint64, origin);
    QFETCH(double, coordinate);
    QFETCH(qint64, time);
    QCOMPARE(chartTime(origin, coordinate), time);
}

// Whatever is zoomed and moved to; the undefined behaviour sanitizer looks on.
void TimelineChartTest::theEndsOf64Bits()
{
    constexpr auto most = std::numeric_limits<std::int64_t>::max(),
                   least = std::numeric_limits<std::int64_t>::min();
    const std::vector<std::vector<std::int64_t>> captures{
        {least, most}, {least, least + 1}, {most - 1, most}, {least, 0}, {0, most}, {least}, {most}};
    for (const auto& times : captures) {
        const TestFolder folder;
        std::string text = captureHeader();
        for (const auto time : times)
            text += captureRow(time, "10.0.0.1", "10.0.0.2", 2);
        Options options;
        options.inputs = {folder.write("in.csv", text)};
        const auto analysis = analyze(
            options, [](const Progress&) { return true; }, Depth::Flows);
        QVERIFY(analysis);
        TimelineChart chart;
        chart.resize(600, 300);
        chart.setTimelines(*analysis);
        auto* const plot = chart.findChild<QCustomPlot*>();
        QVERIFY(plot);
        const auto look = [&] {
            const auto seen = chart.visibleInterval();
            QVERIFY(seen && seen->first <= seen->second);
            static_cast<void>(chart.grab());
            for (const int x : {0, 100, 300, 599})
                QTest::mouseMove(plot, {x, 100});
        };
        for (const int key : {Qt::Key_Minus, Qt::Key_Plus, Qt::Key_Left, Qt::Key_Right}) {
            QTest::keyClick(plot, Qt::Key_Home);
            look();
            for (int i = 0; i < 150; ++i) {
                QTest::keyClick(plot, static_cast<Qt::Key>(key));
                if (i % 10 == 0)
                    look();
            }
            look();
        }
        for (const auto time : times) {
            chart.showInterval(time, time);
            look();
            chart.setBrush(std::pair<qint64, qint64>(time, most));
            look();
        }
        chart.showInterval(least, most);
        look();
    }
}

QTEST_MAIN(TimelineChartTest)
#include "timeline_chart_test.moc"
