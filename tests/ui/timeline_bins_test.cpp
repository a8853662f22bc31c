// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/filter/filter_parser.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "ui/charts/bin_widths.h"
#include "ui/charts/chart_legend.h"
#include "ui/charts/time_scale.h"
#include "ui/charts/timeline_chart.h"

#include <QLabel>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <array>
#include <qcustomplot.h>

using namespace packetloom;
using namespace packetloom::test;

/// The timeline with answers to what it asks.
class TimelineBinsTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void cleanup();
    void theWidthFollowsFromSpanAndSizeAlone();
    void aChosenWidthIsShownOrSaidToBeTooFine();
    void zoomsDownToMicroseconds();
    void captureYearsApart();
    void datesAreNotRepeated();
    void ratesArePerSecond();
    void aLogScaleKeepsTheParts();
    void theLegendHidesAndSaysSo();
    void theReadoutTellsAndStaysInPlace();
    void arrowsMoveACursor();
    void shiftArrowsMark();
    void aLayerStandsOverTheWhole();
    void flowsOverTime();
    void resets();
    void scalesAreTheSameBothWays();

private:
    void show(const std::string& text);
    [[nodiscard]] QCustomPlot* plot() const { return chart_->findChild<QCustomPlot*>(); }
    [[nodiscard]] double drawn() const;
    void counted();

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<TimelineChart> chart_;
    std::shared_ptr<const Analysis> analysis_;
};

namespace {

constexpr int patience = 10'000;
constexpr std::int64_t second = 1'000'000, year = std::int64_t{365} * 86'400 * second;

/// A handshake and a RST each second, from a start that is a whole second.
std::string refusals(int count, std::int64_t start)
{
    std::string text = captureHeader();
    for (int i = 0; i < count; ++i) {
        const auto host = "10.0.0." + std::to_string(1 + i % 200);
        text += captureRow(start + i * second, host, "10.9.0.1", 2, 1, 0, 100);
        text += captureRow(start + i * second + 10, host, "10.9.0.1", 4, 2, 0, 50);
    }
    return text;
}

} // namespace

void TimelineBinsTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    chart_ = std::make_unique<TimelineChart>();
    connect(chart_.get(), &TimelineChart::stretchesWanted, chart_.get(), [this](const auto& analysis) {
        QMetaObject::invokeMethod(
            chart_.get(), [=, this] { chart_->setStretches(analysis, busyStretches(*analysis)); },
            Qt::QueuedConnection);
    });
    connect(chart_.get(), &TimelineChart::timelineWanted, chart_.get(),
            [this](const auto& analysis, const TimelineQuery& query) {
                chart_->setBins(analysis, query, readTimeline(*analysis, query));
            });
    chart_->resize(800, 300);
    chart_->show();
    QVERIFY(QTest::qWaitForWindowExposed(chart_.get()));
}

void TimelineBinsTest::cleanup()
{
    chart_.reset();
    folder_.reset();
}

void TimelineBinsTest::show(const std::string& text)
{
    Options options;
    options.inputs = {folder_->write("in.csv", text)};
    const auto analysis = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    QVERIFY(analysis);
    analysis_ = *analysis;
    chart_->setTimelines(analysis_);
    counted();
}

// Until what is drawn has a round width.
void TimelineBinsTest::counted()
{
    QTest::qWait(0);
    QTRY_VERIFY_WITH_TIMEOUT(
        std::ranges::find(binWidths(), std::int64_t(chart_->shownBinWidth())) != binWidths().end(), patience);
    QTest::qWait(60); // what is asked, is asked a little later
}

/// The sum of all that stands in the plot.
double TimelineBinsTest::drawn() const
{
    double sum = 0;
    for (int i = 0; i < plot()->plottableCount(); ++i) {
        if (const auto* const bars = qobject_cast<QCPBars*>(plot()->plottable(i))) {
            for (const auto& bar : *bars->data())
                sum += bar.value;
        }
    }
    return sum;
}

void TimelineBinsTest::theWidthFollowsFromSpanAndSizeAlone()
{
    show(refusals(400, captureStart));
    const double first = chart_->shownBinWidth();
    QCOMPARE(first, double(autoBinWidth(plot()->xAxis->range().size(), chart_->width())));
    for (const int width : {300, 1600, 500, 800}) {
        chart_->resize(width, 300);
        counted();
        QCOMPARE(chart_->shownBinWidth(), double(autoBinWidth(plot()->xAxis->range().size(), width)));
    }
    QCOMPARE(chart_->shownBinWidth(), first);
    QCOMPARE(drawn(), 800.0);
}

void TimelineBinsTest::aChosenWidthIsShownOrSaidToBeTooFine()
{
    show(refusals(400, captureStart));
    QVERIFY(chart_->readout().startsWith(QStringLiteral("Bins of 5 s")) ||
            chart_->readout().startsWith(QStringLiteral("Bins of 2 s")));
    chart_->setBinWidth(10 * second);
    QTRY_COMPARE_WITH_TIMEOUT(chart_->shownBinWidth(), double(10 * second), patience);
    QCOMPARE(drawn(), 800.0);
    QVERIFY(chart_->readout().startsWith(QStringLiteral("Bins of 10 s")));
    chart_->setBinWidth(1000);
    QTRY_COMPARE_WITH_TIMEOUT(chart_->shownBinWidth(), 100'000.0, patience);
    QVERIFY2(chart_->readout().contains(QStringLiteral("1 ms are too fine")), qPrintable(chart_->readout()));
    chart_->setBinWidth(std::nullopt);
    counted();
    QCOMPARE(chart_->shownBinWidth(), double(autoBinWidth(plot()->xAxis->range().size(), 800)));
}

void TimelineBinsTest::zoomsDownToMicroseconds()
{
    show(refusals(400, captureStart));
    chart_->setVisibleInterval(captureStart + 7 * second - 5, captureStart + 7 * second + 15);
    QTRY_COMPARE_WITH_TIMEOUT(chart_->shownBinWidth(), 1.0, patience);
    QCOMPARE(drawn(), 2.0); // the SYN and, 10 us behind it, the RST
    chart_->setVisibleInterval(captureStart + 7 * second, captureStart + 7 * second + 1);
    QTRY_COMPARE_WITH_TIMEOUT(chart_->shownBinWidth(), 1.0, patience);
    QVERIFY(plot()->xAxis->range().size() <= 1.5);
}

// Two stretches beside each other, each to the same scale, and nothing between them.
void TimelineBinsTest::captureYearsApart()
{
    auto text = refusals(392, captureStart);
    text += refusals(60, captureStart + 11 * year).substr(captureHeader().size());
    show(text);
    QTRY_COMPARE_WITH_TIMEOUT(chart_->shownBinWidth(), 5e6, patience);
    QCOMPARE(drawn(), 904.0);
    int filled = 0;
    for (int i = 0; i < plot()->plottableCount(); ++i) {
        for (const auto& bar : *qobject_cast<QCPBars*>(plot()->plottable(i))->data())
            filled += bar.value > 0 ? 1 : 0;
    }
    QVERIFY2(filled > 80, qPrintable(QString::number(filled))); // not one bar each
    QStringList marks;
    for (int i = 0; i < plot()->itemCount(); ++i) {
        if (const auto* const mark = qobject_cast<QCPItemText*>(plot()->item(i)))
            marks << mark->text();
    }
    QVERIFY2(marks.contains(QStringLiteral("10 y 362 d")), qPrintable(marks.join('|')));
    const auto seen = chart_->visibleInterval();
    QVERIFY(seen && seen->first <= captureStart && seen->second >= captureStart + 11 * year);
    // A look at the second alone, by its times.
    chart_->showInterval(captureStart + 11 * year, captureStart + 11 * year + 60 * second);
    counted();
    QVERIFY(chart_->shownBinWidth() <= double(second));
    QVERIFY(drawn() >= 110);
}

void TimelineBinsTest::datesAreNotRepeated()
{
    const auto labels = [this] {
        plot()->replot(QCustomPlot::rpImmediateRefresh);
        return plot()->xAxis->tickVectorLabels().join(QLatin1Char('|'));
    };
    show(refusals(400, captureStart));
    QVERIFY2(labels().count(QStringLiteral("2009-11-03")) == 1, qPrintable(labels()));
    QVERIFY(plot()->xAxis->tickVectorLabels().size() > 3);
    // Over midnight: the new day has its date.
    const std::int64_t midnight = 1257292800 * second;
    show(refusals(400, midnight - 200 * second));
    QCOMPARE(labels().count(QStringLiteral("2009-11-03")), 1);
    QCOMPARE(labels().count(QStringLiteral("2009-11-04")), 1);
}

void TimelineBinsTest::ratesArePerSecond()
{
    show(refusals(400, captureStart));
    chart_->setBinWidth(10 * second);
    QTRY_COMPARE_WITH_TIMEOUT(chart_->shownBinWidth(), double(10 * second), patience);
    chart_->setPerSecond(true);
    QCOMPARE(drawn(), 80.0);
    QVERIFY(plot()->yAxis->label() == QStringLiteral("packets per second"));
    chart_->setQuantity(TimelineChart::Quantity::Bytes);
    QCOMPARE(drawn(), 400 * 150 / 10.0);
}

void TimelineBinsTest::aLogScaleKeepsTheParts()
{
    show(conversations(500));
    chart_->setLogScale(true);
    int lines = 0;
    for (int i = 0; i < plot()->graphCount(); ++i) {
        for (const auto& point : *plot()->graph(i)->data()) {
            if (point.value >= 1) {
                ++lines;
                break;
            }
        }
    }
    QCOMPARE(lines, 5); // SYN, SYN+ACK, ACK, PSH, FIN
    chart_->setStacking(TimelineChart::Stacking::Outcome);
    QTRY_VERIFY_WITH_TIMEOUT(plot()->graphCount() == int(flowOutcomeCount), patience);
}

void TimelineBinsTest::theLegendHidesAndSaysSo()
{
    show(refusals(400, captureStart));
    const auto button = [this](const char* name) -> QToolButton* {
        for (auto* const found : chart_->findChild<ChartLegend*>()->findChildren<QToolButton*>()) {
            if (found->text() == QLatin1String(name))
                return found;
        }
        return nullptr;
    };
    QVERIFY(button("SYN") && button("RST"));
    QVERIFY(!button("FIN")); // there is none
    QTest::mouseClick(button("RST"), Qt::LeftButton);
    QCOMPARE(drawn(), 400.0);
    QVERIFY(!button("RST")->isChecked());
    QVERIFY(button("RST")->font().strikeOut());
    QVERIFY2(chart_->readout().contains(QStringLiteral("hidden: RST")), qPrintable(chart_->readout()));
    QTest::mouseClick(button("RST"), Qt::LeftButton);
    QCOMPARE(drawn(), 800.0);
    QVERIFY(!chart_->readout().contains(QStringLiteral("hidden")));
}

void TimelineBinsTest::theReadoutTellsAndStaysInPlace()
{
    show(refusals(400, captureStart));
    chart_->setBinWidth(10 * second);
    QTRY_COMPARE_WITH_TIMEOUT(chart_->shownBinWidth(), double(10 * second), patience);
    const auto before = plot()->geometry();
    const double at = plot()->xAxis->coordToPixel(9.0 * second); // it began at 13:23:35
    QTest::mouseMove(plot(), {int(at), 100});
    QCOMPARE(chart_->readout(),
             QStringLiteral("2009-11-03 13:23:40 – 13:23:50 UTC: 20 packets (2 per second); "
                            "SYN 10 · RST 10"));
    QTest::mouseMove(plot(), {int(at) + 200, 50});
    QVERIFY(chart_->readout().contains(QStringLiteral("20 packets")));
    QCOMPARE(plot()->geometry(), before);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(plot(), &leave);
    QVERIFY(chart_->readout().startsWith(QStringLiteral("Bins of 10 s")));
    QCOMPARE(plot()->geometry(), before);
}

void TimelineBinsTest::arrowsMoveACursor()
{
    show(refusals(400, captureStart));
    chart_->setBinWidth(10 * second);
    QTRY_COMPARE_WITH_TIMEOUT(chart_->shownBinWidth(), double(10 * second), patience);
    const auto range = plot()->xAxis->range();
    QTest::keyClick(plot(), Qt::Key_Right);
    QVERIFY(chart_->readout().startsWith(QStringLiteral("2009-11-03 13:23:30 – 13:23:40")));
    QTest::keyClick(plot(), Qt::Key_Right);
    QVERIFY(chart_->readout().startsWith(QStringLiteral("2009-11-03 13:23:40 – 13:23:50")));
    QTest::keyClick(plot(), Qt::Key_Left);
    QVERIFY(chart_->readout().startsWith(QStringLiteral("2009-11-03 13:23:30 – 13:23:40")));
    QCOMPARE(plot()->xAxis->range(), range);
    // The view follows, and stays with the data.
    chart_->setVisibleInterval(captureStart, captureStart + 40 * second);
    QTest::qWait(100);
    for (int i = 0; i < 60; ++i)
        QTest::keyClick(plot(), Qt::Key_Right);
    QVERIFY2(chart_->readout().startsWith(QStringLiteral("2009-11-03 13:30:10 – 13:30:20")),
             qPrintable(chart_->readout()));
}

void TimelineBinsTest::shiftArrowsMark()
{
    show(refusals(400, captureStart));
    chart_->setBinWidth(10 * second);
    QTRY_COMPARE_WITH_TIMEOUT(chart_->shownBinWidth(), double(10 * second), patience);
    QSignalSpy brushed(chart_.get(), &TimelineChart::intervalBrushed);
    QTest::keyClick(plot(), Qt::Key_Right);
    QTest::keyClick(plot(), Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(plot(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(brushed.size(), 2);
    const std::int64_t first = captureStart - 5 * second;
    QCOMPARE(brushed.last().at(0).toLongLong(), first);
    QCOMPARE(brushed.last().at(1).toLongLong(), first + 30 * second - 1);
}

void TimelineBinsTest::aLayerStandsOverTheWhole()
{
    show(refusals(400, captureStart));
    chart_->setBinWidth(10 * second);
    QTRY_COMPARE_WITH_TIMEOUT(chart_->shownBinWidth(), double(10 * second), patience);
    TimelineChart::Layer layer{.name = QStringLiteral("ten seconds"), .narrowing = {}};
    layer.narrowing.interval = {captureStart + 5 * second, captureStart + 15 * second - 1};
    chart_->setLayer(layer);
    QTRY_COMPARE_WITH_TIMEOUT(drawn(), 820.0, patience);
    const double at = plot()->xAxis->coordToPixel(10.0 * second);
    QTest::mouseMove(plot(), {int(at) + 300, 90});
    QTest::mouseMove(plot(), {int(at), 100});
    QVERIFY2(chart_->readout().contains(QStringLiteral("20 packets (2 per second), of them ten seconds: 20")),
             qPrintable(chart_->readout()));
    chart_->setLayer(std::nullopt);
    QCOMPARE(drawn(), 800.0);
}

void TimelineBinsTest::flowsOverTime()
{
    show(refusals(400, captureStart));
    chart_->setQuantity(TimelineChart::Quantity::NewFlows);
    QTRY_COMPARE_WITH_TIMEOUT(drawn(), double(analysis_->flows.size()), patience);
    QCOMPARE(plot()->yAxis->label(), QStringLiteral("new flows"));
    chart_->setQuantity(TimelineChart::Quantity::OpenFlows);
    QTRY_COMPARE_WITH_TIMEOUT(plot()->yAxis->label(), QStringLiteral("open flows"), patience);
    chart_->setPerSecond(true); // means nothing here
    QTRY_VERIFY_WITH_TIMEOUT(drawn() >= 80, patience);
    QCOMPARE(plot()->yAxis->label(), QStringLiteral("open flows"));
}

void TimelineBinsTest::resets()
{
    show(refusals(400, captureStart));
    chart_->setQuantity(TimelineChart::Quantity::Resets);
    QTRY_COMPARE_WITH_TIMEOUT(drawn(), 400.0, patience);
    QCOMPARE(plot()->plottableCount(), 1);
}

void TimelineBinsTest::scalesAreTheSameBothWays()
{
    const TimeScale scale(
        std::vector<TimeRange>{{captureStart, captureStart + 392 * second},
                               {captureStart + year, captureStart + year + second},
                               {captureStart + 3 * year, captureStart + 3 * year + 600 * second}});
    QVERIFY(scale.broken());
    QCOMPARE(scale.gaps().size(), std::size_t{2});
    double before = -1;
    for (const auto& segment : scale.segments()) {
        QVERIFY(segment.from > before);
        before = segment.to;
        for (const std::int64_t time : {segment.first, (segment.first + segment.last) / 2, segment.last})
            QCOMPARE(scale.timeAt(scale.coordinateOf(time)), time);
        // To one scale, and wide enough to be seen.
        QCOMPARE(segment.to - segment.from, double(segment.last - segment.first + 1));
        QVERIFY(segment.to - segment.from > scale.length() * 0.06);
    }
    const std::int64_t between = captureStart + 2 * year;
    const double at = scale.coordinateOf(between);
    QVERIFY(at > scale.gaps()[1].from && at < scale.gaps()[1].to);
    QVERIFY(std::abs(scale.timeAt(at) - between) < second);
    QCOMPARE(scale.seen(scale.gaps()[0].from, scale.gaps()[0].to - 1).size(), std::size_t{0});
    QCOMPARE(scale.seen(-1e12, 1e12).size(), std::size_t{3});
}

QTEST_MAIN(TimelineBinsTest)
#include "timeline_bins_test.moc"
