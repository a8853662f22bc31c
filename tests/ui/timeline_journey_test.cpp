// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/charts/bin_widths.h"
#include "ui/charts/timeline_chart.h"
#include "ui/panels/narrowing_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QJsonObject>
#include <QTest>
#include <qcustomplot.h>

using namespace packetloom;
using namespace packetloom::test;

/// The timeline in the real window, counted by the real jobs.
class TimelineJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void binsAreCountedAnewAndTheWidthIsSaid();
    void theBoxesSayWhatIsDrawn();
    void theFilterStandsInFront();
    void theViewIsKept();
    void yearsApart();

private:
    [[nodiscard]] TimelineChart* chart() const { return driver_->window().findChild<TimelineChart*>(); }
    [[nodiscard]] QComboBox* widths() const
    {
        return driver_->named<QComboBox>(QStringLiteral("How wide the bins of the timeline are"));
    }
    [[nodiscard]] double drawn() const;

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

} // namespace

void TimelineJourneyTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("TimelineJourneyTest"));
}

void TimelineJourneyTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
    driver_->window().resize(1240, 800);
    driver_->drop({folder_->write("in.csv", conversations(300))});
    QVERIFY(driver_->analyze());
}

void TimelineJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

double TimelineJourneyTest::drawn() const
{
    double sum = 0;
    auto* const plot = chart()->findChild<QCustomPlot*>();
    for (int i = 0; i < plot->plottableCount(); ++i) {
        if (const auto* const bars = qobject_cast<QCPBars*>(plot->plottable(i))) {
            for (const auto& bar : *bars->data())
                sum += bar.value;
        }
    }
    return sum;
}

void TimelineJourneyTest::binsAreCountedAnewAndTheWidthIsSaid()
{
    QTRY_COMPARE_WITH_TIMEOUT(widths()->currentText(), QStringLiteral("auto: 1 ms"), patience);
    QCOMPARE(drawn(), 1800.0);
    widths()->setCurrentIndex(widths()->findText(QStringLiteral("20 ms")));
    QTRY_COMPARE_WITH_TIMEOUT(chart()->shownBinWidth(), 20'000.0, patience);
    QCOMPARE(drawn(), 1800.0);
    QVERIFY(chart()->readout().startsWith(QStringLiteral("Bins of 20 ms")));
    for (const auto width : chosenBinWidths())
        QVERIFY(widths()->findText(binWidthText(width)) > 0);
    QCOMPARE(binWidthText(chosenBinWidths().front()), QStringLiteral("1 ms"));
    QCOMPARE(binWidthText(chosenBinWidths().back()), QStringLiteral("1 day"));
}

// What does not apply is not named.
void TimelineJourneyTest::theBoxesSayWhatIsDrawn()
{
    auto* const quantity = driver_->named<QComboBox>("What the height of the timeline means");
    auto* const stacking = driver_->named<QComboBox>("What the colours of the timeline tell apart");
    QVERIFY(stacking->isVisible());
    quantity->setCurrentIndex(quantity->findText(QStringLiteral("New flows")));
    QVERIFY(!stacking->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(drawn(), 300.0, patience);
    quantity->setCurrentIndex(quantity->findText(QStringLiteral("Open flows")));
    QVERIFY(!driver_->window().findChild<TimelineChart*>()->readout().isEmpty());
    quantity->setCurrentIndex(quantity->findText(QStringLiteral("Resets")));
    QTRY_COMPARE_WITH_TIMEOUT(drawn(), 0.0, patience);
    quantity->setCurrentIndex(0);
    QVERIFY(stacking->isVisible());
}

void TimelineJourneyTest::theFilterStandsInFront()
{
    QTRY_COMPARE_WITH_TIMEOUT(drawn(), 1800.0, patience);
    driver_->window().findChild<NarrowingBar*>()->addFilter(QStringLiteral("src == 10.9.0.1"));
    // Of each conversation the answers: what the filter leaves comes on top of all that is drawn.
    QTRY_VERIFY2_WITH_TIMEOUT(drawn() > 1800, qPrintable(QString::number(drawn())), patience);
    QCOMPARE(drawn(), 1800.0 + 2 * 300);
    QVERIFY2(chart()->readout().contains(QStringLiteral("in front: src == 10.9.0.1")),
             qPrintable(chart()->readout()));
}

void TimelineJourneyTest::theViewIsKept()
{
    widths()->setCurrentIndex(widths()->findText(QStringLiteral("10 ms")));
    for (auto* const check : driver_->window().findChildren<QCheckBox*>()) {
        if (check->text() == QStringLiteral("Per second"))
            check->setChecked(true);
    }
    const auto state = driver_->window().viewState()["timeline"].toObject();
    QCOMPARE(state["bin"].toInteger(), 10'000);
    QVERIFY(state["per_second"].toBool());
    driver_->window().close();
    driver_ = std::make_unique<WindowDriver>();
    QCOMPARE(widths()->currentText(), QStringLiteral("10 ms"));
    const auto next = driver_->window().viewState()["timeline"].toObject();
    QVERIFY(next["per_second"].toBool());
    // For the next test.
    widths()->setCurrentIndex(0);
    for (auto* const check : driver_->window().findChildren<QCheckBox*>()) {
        if (check->text() == QStringLiteral("Per second"))
            check->setChecked(false);
    }
    driver_->window().close();
}

void TimelineJourneyTest::yearsApart()
{
    constexpr std::int64_t years = std::int64_t{11} * 366 * 86'400 * 1'000'000;
    driver_->drop({folder_->write("later.csv", conversations(300, captureStart + years))});
    QVERIFY(driver_->analyze());
    QTRY_COMPARE_WITH_TIMEOUT(widths()->currentText(), QStringLiteral("auto: 2 ms"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(drawn(), 3600.0, patience);
    QVERIFY(driver_->shows(QStringLiteral("11 y 8 d")));
}

QTEST_MAIN(TimelineJourneyTest)
#include "timeline_journey_test.moc"
