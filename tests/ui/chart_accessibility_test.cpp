// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/charts/bar_chart.h"
#include "ui/charts/timeline_chart.h"

#include <QAccessible>
#include <QSignalSpy>
#include <QTest>
#include <qcustomplot.h>

using namespace packetloom;
using namespace packetloom::test;

/// The charts of the window as a screen reader meets them, and by keyboard.
class ChartAccessibilityTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void chartsHaveRoleNameAndDescription();
    void barsAreMovedThroughAndChosen();
    void theTimelineTellsItsBins();

private:
    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

QString told(QWidget* chart)
{
    return QAccessible::queryAccessibleInterface(chart)->text(QAccessible::Value);
}

} // namespace

void ChartAccessibilityTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("ChartAccessibilityTest"));
}

void ChartAccessibilityTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
    driver_->window().resize(1240, 800);
    driver_->drop({folder_->write("in.csv", conversations(300))});
    QVERIFY(driver_->analyze());
}

void ChartAccessibilityTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

void ChartAccessibilityTest::chartsHaveRoleNameAndDescription()
{
    QSet<QString> names;
    QList<QWidget*> charts;
    for (auto* const bars : driver_->window().findChildren<BarChart*>())
        charts << bars;
    charts << driver_->window().findChild<TimelineChart*>()->findChild<QCustomPlot*>();
    QVERIFY(charts.size() >= 5);
    for (auto* const chart : charts) {
        auto* const told_ = QAccessible::queryAccessibleInterface(chart);
        QVERIFY(told_);
        QCOMPARE(told_->role(), QAccessible::Chart);
        const auto name = told_->text(QAccessible::Name);
        QVERIFY2(!name.isEmpty() && name != QStringLiteral("Bar chart"), qPrintable(name));
        names << name;
    }
    QCOMPARE(names.size(), charts.size()); // each another
    const auto description = [&](const QString& name) {
        return QAccessible::queryAccessibleInterface(driver_->named<QWidget>(name))
            ->text(QAccessible::Description);
    };
    QVERIFY2(description("How flows closed").startsWith(QStringLiteral("graceful: 300 100.0%")),
             qPrintable(description("How flows closed")));
    QTRY_VERIFY2(description("Timeline").contains(QStringLiteral("SYN: 300")),
                 qPrintable(description("Timeline")));
    QVERIFY(description("Timeline").contains(QStringLiteral("Bins of ")));
    QVERIFY(description("Timeline").contains(QStringLiteral("highest: ")));
}

void ChartAccessibilityTest::barsAreMovedThroughAndChosen()
{
    auto* const bars = driver_->named<BarChart>("How flows closed");
    QSignalSpy activated(bars, &BarChart::activated);
    bars->setFocus(Qt::TabFocusReason);
    QTest::keyClick(bars, Qt::Key_Down);
    QCOMPARE(told(bars), QStringLiteral("abortive: 0 0.0%"));
    QTest::keyClick(bars, Qt::Key_Home);
    QCOMPARE(told(bars), QStringLiteral("graceful: 300 100.0%"));
    QTest::keyClick(bars, Qt::Key_Return);
    QCOMPARE(activated.size(), 1);
    QCOMPARE(activated[0][0].toInt(), 0);
}

void ChartAccessibilityTest::theTimelineTellsItsBins()
{
    auto* const chart = driver_->window().findChild<TimelineChart*>();
    auto* const plot = chart->findChild<QCustomPlot*>();
    QTRY_VERIFY(chart->shownBinWidth() == 1000); // of 180 ms
    QTest::keyClick(plot, Qt::Key_Right);
    QCOMPARE(told(plot), chart->readout());
    const auto first = told(plot);
    QVERIFY2(first.contains(QStringLiteral("13:23:35.000 – 13:23:35.001 UTC: 9 packets")), qPrintable(first));
    QTest::keyClick(plot, Qt::Key_Right);
    QVERIFY(told(plot) != first);
    QCOMPARE(told(plot), chart->readout());
}

QTEST_MAIN(ChartAccessibilityTest)
#include "chart_accessibility_test.moc"
