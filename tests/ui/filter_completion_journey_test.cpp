// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QLineEdit>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// The filter of what is read, in the real window: written with the keyboard alone, marked where it is wrong,
/// and kept by the analysis.
class FilterCompletionJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void theKeyboardIsEnough();
    void escapeClosesAndTypingGoesOn();
    void theCaptureFilterIsAnalyzedAndMarked();

private:
    [[nodiscard]] QAbstractItemView* popup() const;
    QLineEdit* line_ = nullptr;
    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

void FilterCompletionJourneyTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("FilterCompletionJourneyTest"));
}

void FilterCompletionJourneyTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
    driver_->window().show();
    QVERIFY(QTest::qWaitForWindowActive(&driver_->window()));
    line_ = driver_->named<QLineEdit>(QStringLiteral("Filter"));
    line_->setFocus();
}

void FilterCompletionJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

/// The list that can be seen; null for none.
QAbstractItemView* FilterCompletionJourneyTest::popup() const
{
    for (auto* const widget : QApplication::topLevelWidgets()) {
        auto* const view = qobject_cast<QAbstractItemView*>(widget);
        if (view && view->isVisible() && view->objectName() == QLatin1String("filterCompletion"))
            return view;
    }
    return nullptr;
}

void FilterCompletionJourneyTest::theKeyboardIsEnough()
{
    QVERIFY(!popup());
    QTest::keyClick(line_, Qt::Key_Space, Qt::ControlModifier);
    QVERIFY(popup());
    QTest::keyClicks(line_, QStringLiteral("tcp.p"));
    QTRY_VERIFY(popup());
    QVERIFY(popup()->model()->index(0, 0).data().toString().startsWith(QLatin1String("tcp.port")));
    QTest::keyClick(popup(), Qt::Key_Down);
    QTest::keyClick(popup(), Qt::Key_Return);
    QCOMPARE(line_->text(), QStringLiteral("tcp.port "));
    QTest::keyClicks(line_, QStringLiteral("== 80 an"));
    QVERIFY(popup());
    QTest::keyClick(popup(), Qt::Key_Down);
    QTest::keyClick(popup(), Qt::Key_Tab);
    QCOMPARE(line_->text(), QStringLiteral("tcp.port == 80 and "));
    QVERIFY(!popup());
    QTest::keyClick(line_, Qt::Key_Z, Qt::ControlModifier); // one step back
    QCOMPARE(line_->text(), QStringLiteral("tcp.port == 80 an"));
}

void FilterCompletionJourneyTest::escapeClosesAndTypingGoesOn()
{
    QTest::keyClicks(line_, QStringLiteral("clo"));
    QVERIFY(popup());
    QTest::keyClick(popup(), Qt::Key_Escape);
    QVERIFY(!popup());
    QCOMPARE(line_->text(), QStringLiteral("clo"));
    QTest::keyClicks(line_, QStringLiteral("se == gr"));
    QVERIFY(popup());
    QTest::keyClicks(popup(), QStringLiteral("a")); // goes to the line
    QCOMPARE(line_->text(), QStringLiteral("close == gra"));
}

void FilterCompletionJourneyTest::theCaptureFilterIsAnalyzedAndMarked()
{
    driver_->drop({folder_->write("in.csv", conversations(10))});
    line_->setText(QStringLiteral("port == 1025 and"));
    QVERIFY(
        driver_->shows(QChar(0x26A0) + QStringLiteral(" Something must follow: an address, :port, a name, or "
                                                      "a comparison such as port == 443.")));
    line_->setText(QStringLiteral("port == 1025 or port == 1027"));
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->analysis()->totals.rows.kept, std::uint64_t{2 * packetsPerConversation});
    QCOMPARE(driver_->window().options().filter, std::string("port == 1025 or port == 1027"));
    driver_->forget();
    line_->setText(QStringLiteral("bytes > 1 and port == 1026"));
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->analysis()->flows.size(), std::size_t{1});
}

QTEST_MAIN(FilterCompletionJourneyTest)
#include "filter_completion_journey_test.moc"
