// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/overview_panel.h"
#include "ui/panels/start_page.h"

#include <QAbstractButton>
#include <QLabel>
#include <QScreen>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabWidget>
#include <QTest>
#include <QToolBar>
#include <QToolButton>

using namespace packetloom;
using namespace packetloom::test;

/// How large the window is, and what it does where it may not be large.
class WindowSizeTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void itFitsOnTheScreen();
    void itCanBeSmall();
    void thePanelFoldsAway();
    void thePanelFoldsByItselfWhereItIsNarrow();
    void nothingOfTheOverviewIsCutOff_data();
    void nothingOfTheOverviewIsCutOff();
    void theFirstPageHasThreeWaysIn();
    void whatToDoNextIsSaid();
    void commandsAndPagesHaveSymbols();
};

namespace {

QWidget* filters(WindowDriver& driver)
{
    return driver.named<QWidget>(QStringLiteral("Captures, in the order in which they are read"));
}

} // namespace

void WindowSizeTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("WindowSizeTest"));
}

void WindowSizeTest::itFitsOnTheScreen()
{
    WindowDriver driver;
    const QSize room = driver.window().screen()->availableSize();
    QVERIFY(driver.window().width() < room.width());
    QVERIFY(driver.window().height() < room.height());
}

// A screen of 1920x1080 at a scale factor of 2 has 960x540, frames and task bar included.
void WindowSizeTest::itCanBeSmall()
{
    TestFolder folder;
    WindowDriver driver;
    const auto least = [&] {
        const QSize size = driver.window().minimumSizeHint();
        return size.width() <= 720 && size.height() <= 450;
    };
    const auto told = [&] {
        const QSize size = driver.window().minimumSizeHint();
        return QStringLiteral("%1x%2").arg(size.width()).arg(size.height());
    };
    QVERIFY2(least(), qPrintable(told()));
    driver.drop({folder.write("in.csv", conversations(30))});
    QVERIFY2(least(), qPrintable(told()));
    QVERIFY(driver.analyze());
    QVERIFY2(least(), qPrintable(told()));
}

void WindowSizeTest::thePanelFoldsAway()
{
    {
        WindowDriver driver;
        driver.window().resize(900, 600);
        QVERIFY(filters(driver)->isVisible());
        driver.action("Side panel")->trigger();
        QVERIFY(!filters(driver)->isVisible());
        QVERIFY(driver.action("Side panel")->shortcut() == QKeySequence(Qt::Key_F9));
        driver.window().close();
    }
    WindowDriver next;
    next.window().resize(900, 600);
    QVERIFY(!filters(next)->isVisible()); // remembered
    next.action("Side panel")->trigger();
    QVERIFY(filters(next)->isVisible());
    next.window().close();
}

void WindowSizeTest::thePanelFoldsByItselfWhereItIsNarrow()
{
    WindowDriver driver;
    driver.window().resize(780, 600);
    QVERIFY(filters(driver)->isVisible());
    driver.action("Side panel")->trigger();
    driver.action("Side panel")->trigger();
    driver.window().resize(640, 480);
    QCOMPARE(driver.window().width(), 640);
    QVERIFY(!filters(driver)->isVisible());
    driver.action("Side panel")->trigger(); // all the same
    QVERIFY(filters(driver)->isVisible());
    driver.window().resize(800, 600);
    QVERIFY(filters(driver)->isVisible());
}

void WindowSizeTest::nothingOfTheOverviewIsCutOff_data()
{
    QTest::addColumn<QSize>("size");
    QTest::newRow("900x600") << QSize(900, 600);
    QTest::newRow("1400x900") << QSize(1400, 900);
    QTest::newRow("960x490") << QSize(960, 490);
}

// Every label has the room that its text needs; what does not fit in the height can be scrolled to.
void WindowSizeTest::nothingOfTheOverviewIsCutOff()
{
    QFETCH(QSize, size);
    TestFolder folder;
    WindowDriver driver;
    driver.window().resize(size);
    driver.drop({folder.write("in.csv", conversations(3000))});
    QVERIFY(driver.analyze());
    QTest::qWait(100);
    auto* const overview = driver.window().findChild<OverviewPanel*>();
    const auto* const scroll = overview->findChild<QScrollArea*>();
    QCOMPARE(scroll->horizontalScrollBar()->maximum(), 0);
    if (size.height() >= 600)
        QCOMPARE(scroll->verticalScrollBar()->maximum(), 0);
    for (const auto* const label : overview->findChildren<QLabel*>()) {
        if (!label->isVisible() || label->parentWidget()->inherits("packetloom::TimelineChart"))
            continue; // the readout's whole text is its tooltip
        QVERIFY2(label->width() >= label->fontMetrics().horizontalAdvance(label->text()),
                 qPrintable(label->text()));
    }
    for (const auto* const button : overview->findChildren<QAbstractButton*>()) {
        if (button->isVisible())
            QVERIFY2(button->width() >= button->minimumSizeHint().width(), qPrintable(button->text()));
    }
}

void WindowSizeTest::theFirstPageHasThreeWaysIn()
{
    TestFolder folder;
    WindowDriver driver;
    driver.window().setSample(folder.write("sample.csv", conversations(3)), folder.write("map.json", "{}"));
    QStringList titles;
    for (const auto* const card : driver.window().findChildren<StartCard*>()) {
        if (card->isVisible()) {
            titles << card->text();
            QVERIFY(!card->accessibleDescription().isEmpty());
            QVERIFY(card->height() >= card->heightForWidth(card->width()));
        }
    }
    QCOMPARE(titles, QStringList({"Open captures…", "Open dataset or session…", "Open sample capture"}));
    driver.press("Open sample capture");
    QTRY_VERIFY_WITH_TIMEOUT(driver.analysis() != nullptr, WindowDriver::patience);
}

void WindowSizeTest::whatToDoNextIsSaid()
{
    TestFolder folder;
    WindowDriver driver;
    driver.drop({folder.write("one.csv", conversations(3)), folder.write("two.csv", conversations(4))});
    QVERIFY(driver.shows("2 captures are open"));
    QVERIFY(driver.shows("one.csv\ntwo.csv"));
    driver.press("Analyze now");
    QTRY_VERIFY_WITH_TIMEOUT(driver.analysis() != nullptr, WindowDriver::patience);
    QVERIFY(!driver.shows("2 captures are open"));
    // The next start offers them at once.
    driver.window().close();
    WindowDriver next;
    bool offered = false;
    for (const auto* const button : next.window().findChild<StartPage*>()->findChildren<QAbstractButton*>())
        offered = offered || (button->isVisible() && button->accessibleName().endsWith("one.csv"));
    QVERIFY(offered);
}

void WindowSizeTest::commandsAndPagesHaveSymbols()
{
    WindowDriver driver;
    const auto* const bar = driver.window().findChild<QToolBar*>();
    for (const auto* const action : bar->actions()) {
        if (!action->isSeparator() && !action->text().isEmpty())
            QVERIFY2(!action->icon().isNull(), qPrintable(action->text()));
    }
    QCOMPARE(bar->toolButtonStyle(), Qt::ToolButtonTextBesideIcon);
    const auto* const tabs = driver.window().findChild<QTabWidget*>();
    for (int i = 0; i < tabs->count(); ++i)
        QVERIFY2(!tabs->tabIcon(i).isNull(), qPrintable(tabs->tabText(i)));
}

QTEST_MAIN(WindowSizeTest)
#include "window_size_test.moc"
