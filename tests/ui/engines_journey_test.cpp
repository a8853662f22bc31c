// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/engine_sentences.h"
#include "ui/panels/engines_panel.h"
#include "ui/panels/flows_panel.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// The two engines compared in the real window.
class EnginesJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void saysHowManyAgree();
    void allAgree();
    void aCaseLeadsToItsFlow();
    void theFlowsOfADifferenceCanBeSeen();
    void theExactEnginesFlowsToo();
    void asksOnlyWhenItIsSeen();
    void withoutFlowsItSaysSo();
    void manyFlowsMakeAShortFilter();

private:
    void analyze(const std::string& text, bool exact = false);
    [[nodiscard]] QTableView* differences() const
    {
        return driver_->named<QTableView>("Differences of the engines");
    }
    [[nodiscard]] QTableView* cases() const { return driver_->named<QTableView>("Cases of the difference"); }
    [[nodiscard]] bool says(const QString& text) const;

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

/// Five whole connections; two attempts that are made again after half a minute.
std::string capture()
{
    std::string text = conversations(5);
    for (const std::int64_t at : {10'000'000, 40'000'000}) {
        for (const char* const source : {"10.0.0.1", "10.0.0.3"})
            text += captureRow(captureStart + at, source, "10.0.0.2", 2, 100);
    }
    return text;
}

} // namespace

void EnginesJourneyTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("EnginesJourneyTest"));
}

void EnginesJourneyTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void EnginesJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

void EnginesJourneyTest::analyze(const std::string& text, bool exact)
{
    driver_->drop({folder_->write("in.csv", text)});
    if (exact) {
        auto* const engine = driver_->named<QComboBox>("Flows told by");
        engine->setCurrentIndex(1);
    }
    QVERIFY(driver_->analyze());
    driver_->action(QStringLiteral("Engines"))->trigger();
}

bool EnginesJourneyTest::says(const QString& text) const
{
    const auto labels = driver_->window().findChild<EnginesPanel*>()->findChildren<QLabel*>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel* label) {
        return label->isVisible() && label->text().contains(text);
    });
}

void EnginesJourneyTest::saysHowManyAgree()
{
    analyze(capture());
    QTRY_VERIFY_WITH_TIMEOUT(says("5 of 7 cases alike (71.4%)"), patience);
    QCOMPARE(differences()->model()->rowCount(), 1);
    QCOMPARE(driver_->table("Differences of the engines"),
             QStringList{QStringLiteral("Attempt ended|2|2|4|4|") +
                         QLatin1String(sentenceOf(EngineDifference::AttemptEnded).why)});
    QVERIFY(says(sentenceOf(EngineDifference::AttemptEnded).why));
    const auto rows = driver_->table("Cases of the difference");
    QCOMPARE(rows.size(), 2);
    QVERIFY2(rows[0].startsWith(
                 "6|incomplete, no SYN+ACK|S0|S|1|2|10.0.0.1|40000|10.0.0.2|80|2009-11-03 13:23:45"),
             qPrintable(rows[0]));
}

void EnginesJourneyTest::allAgree()
{
    analyze(conversations(5));
    QTRY_VERIFY_WITH_TIMEOUT(says("5 of 5 cases alike (100.0%)"), patience);
    QVERIFY(!differences()->isVisible());
}

void EnginesJourneyTest::aCaseLeadsToItsFlow()
{
    analyze(capture());
    QTRY_COMPARE_WITH_TIMEOUT(cases()->model()->rowCount(), 2, patience);
    cases()->setCurrentIndex(cases()->model()->index(1, 0));
    cases()->setFocus();
    QTRY_VERIFY(cases()->hasFocus());
    QTest::keyClick(cases(), Qt::Key_Return);
    auto* const flows = driver_->named<QTableView>("Flows");
    QTRY_VERIFY(flows->isVisible() && flows->currentIndex().isValid());
    QTRY_COMPARE(flows->currentIndex().siblingAtColumn(0).data().toString(), QString("7"));
}

void EnginesJourneyTest::theFlowsOfADifferenceCanBeSeen()
{
    analyze(capture());
    QTRY_COMPARE_WITH_TIMEOUT(cases()->model()->rowCount(), 2, patience);
    driver_->press(QStringLiteral("Show these flows"));
    auto* const flows = driver_->named<QTableView>("Flows");
    QTRY_VERIFY(flows->isVisible());
    QTRY_COMPARE_WITH_TIMEOUT(flows->model()->rowCount(), 2, patience);
    QTRY_VERIFY(driver_->shows(QStringLiteral("2 of 7 flows, 4 of 34 packets")));
}

void EnginesJourneyTest::theExactEnginesFlowsToo()
{
    analyze(capture(), true);
    QTRY_VERIFY_WITH_TIMEOUT(says("5 of 7 cases alike (71.4%)"), patience);
    QCOMPARE(driver_->analysis()->flows.size(), 9u);
    driver_->press(QStringLiteral("Show these flows"));
    auto* const flows = driver_->named<QTableView>("Flows");
    QTRY_COMPARE_WITH_TIMEOUT(flows->model()->rowCount(), 4, patience);
}

void EnginesJourneyTest::asksOnlyWhenItIsSeen()
{
    driver_->drop({folder_->write("in.csv", capture())});
    QVERIFY(driver_->analyze());
    QVERIFY(driver_->analysis());
    QSignalSpy asked(driver_->window().findChild<EnginesPanel*>(), &EnginesPanel::enginesWanted);
    driver_->showPage(QStringLiteral("flows"));
    QTest::qWait(50);
    QCOMPARE(asked.count(), 0);
    driver_->showPage(QStringLiteral("engines"));
    QTRY_COMPARE_WITH_TIMEOUT(cases()->model()->rowCount(), 2, patience);
    driver_->showPage(QStringLiteral("flows"));
    driver_->showPage(QStringLiteral("engines"));
    QCOMPARE(asked.count(), 1);
}

void EnginesJourneyTest::withoutFlowsItSaysSo()
{
    analyze(captureHeader() + "1,10.0.0.1,10.0.0.2,1,2,0,0,0,60,17\n");
    QTRY_VERIFY_WITH_TIMEOUT(says("There is no TCP flow"), patience);
}

void EnginesJourneyTest::manyFlowsMakeAShortFilter()
{
    std::string text = captureHeader();
    for (const std::int64_t at : {0, 30'000'000}) {
        for (int i = 0; i < 300; ++i)
            text += captureRow(captureStart + at + i,
                               "10.1." + std::to_string(i / 200) + '.' + std::to_string(i % 200 + 1),
                               "10.0.0.2", 2, 100);
    }
    analyze(text);
    QTRY_COMPARE_WITH_TIMEOUT(cases()->model()->rowCount(), 300, patience);
    driver_->press(QStringLiteral("Show these flows"));
    QTRY_VERIFY(driver_->shows(QStringLiteral("300 of 300 flows, 600 of 600 packets")));
}

QTEST_MAIN(EnginesJourneyTest)
#include "engines_journey_test.moc"
