// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/views/flow_view.h"

#include <QAction>
#include <QLabel>
#include <QLineEdit>
#include <QScrollBar>
#include <QTableView>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// The filter over the flows in the real window.
class FlowFilterJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void aFilterThatIsWrongSaysWhere();
    void aFlowThatIsFilteredOutIsNotShown();

private:
    void analyze(const std::filesystem::path& path);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

} // namespace

void FlowFilterJourneyTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("FlowFilterJourneyTest"));
}

void FlowFilterJourneyTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void FlowFilterJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

void FlowFilterJourneyTest::analyze(const std::filesystem::path& path)
{
    driver_->drop({path});
    QVERIFY(driver_->analyze());
}

void FlowFilterJourneyTest::aFilterThatIsWrongSaysWhere()
{
    analyze(folder_->write("in.csv", conversations(300)));
    driver_->action(QStringLiteral("Flows"))->trigger();
    auto* const table = driver_->named<QTableView>("Flows");
    auto* const line = driver_->named<QLineEdit>("Filter what is seen");
    const auto* const problem = driver_->named<QLabel>("What is wrong about the filter");
    line->setText("src == 10.0.0.7 or src == 10.0.0.8");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, patience);
    QVERIFY(problem->isHidden());
    line->setText("src ==");
    QTRY_VERIFY_WITH_TIMEOUT(!problem->isHidden(), patience);
    QCOMPARE(problem->text(),
             QStringLiteral("A value for src must follow, such as 10.0.0.1 or 10.0.0.0/8. Until then "
                            "this one holds: src == 10.0.0.7 or src == 10.0.0.8"));
    QCOMPARE(table->model()->rowCount(), 2);
    line->clear();
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 300, patience);
    QVERIFY(problem->isHidden());
}

void FlowFilterJourneyTest::aFlowThatIsFilteredOutIsNotShown()
{
    analyze(folder_->write("in.csv", conversations(300)));
    driver_->action(QStringLiteral("Flows"))->trigger();
    driver_->window().flowDetail().showPart(QStringLiteral("packets"));
    auto* const table = driver_->named<QTableView>("Flows");
    auto* const line = driver_->named<QLineEdit>("Filter what is seen");
    const auto* const packets = driver_->named<QTableView>("Packets of the chosen flow");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 300, patience);
    table->scrollToBottom();
    table->selectRow(299);
    QTRY_COMPARE_WITH_TIMEOUT(packets->model()->rowCount(), packetsPerConversation, patience);
    line->setText("flow_300 or flow_7");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 2, patience);
    QCOMPARE(packets->model()->rowCount(), packetsPerConversation); // it is among them
    line->setText("number in {1..200}");
    QTRY_COMPARE_WITH_TIMEOUT(table->model()->rowCount(), 200, patience);
    QCOMPARE(packets->model()->rowCount(), 0);
    QVERIFY(driver_->shows(QStringLiteral("Choose a flow to see its packets.")));
    QCOMPARE(table->verticalScrollBar()->value(), 0);
}

QTEST_MAIN(FlowFilterJourneyTest)
#include "flow_filter_journey_test.moc"
