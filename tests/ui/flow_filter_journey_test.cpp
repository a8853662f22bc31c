// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/talk_capture.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/table_view.h"
#include "ui/views/flow_view.h"

#include <QAction>
#include <QApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QScrollBar>
#include <QTableView>
#include <QTest>
#include <QTimer>

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
    void figuresAreChosenBySide();

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

// The menu of a title has room for them: by whose figures they are.
void FlowFilterJourneyTest::figuresAreChosenBySide()
{
    Options options;
    options.inputs = {folder_->write("in.pcap", lossyTalk().bytes())};
    options.flowsBy = FlowsBy::Exact;
    driver_->window().setOptions(options);
    QVERIFY(driver_->analyze());
    driver_->action(QStringLiteral("Flows"))->trigger();
    auto* const table = driver_->named<TableView>("Flows");
    const auto column = [&](const char* name) {
        return int(table->columnNames().indexOf(QLatin1String(name)));
    };
    QVERIFY(column("orig_retransmissions") > 0 && table->isColumnHidden(column("orig_retransmissions")));
    QStringList groups;
    int alone = 0;
    QTimer::singleShot(0, this, [&] {
        auto* const menu = qobject_cast<QMenu*>(QApplication::activePopupWidget());
        QVERIFY(menu);
        for (auto* const action : menu->actions()) {
            if (!action->menu()) {
                alone += action->isCheckable() ? 1 : 0;
                continue;
            }
            groups << QStringLiteral("%1: %2").arg(action->text()).arg(action->menu()->actions().size());
            for (auto* const figure : action->menu()->actions()) {
                if (figure->text() == QLatin1String("Originator retransmissions") ||
                    figure->text() == QLatin1String("Responder retransmissions"))
                    figure->trigger();
            }
        }
        menu->close();
    });
    auto* const header = table->horizontalHeader();
    emit header->customContextMenuRequested(QPoint(5, 5));
    QCOMPARE(groups, (QStringList{"Figures of the flow: 23", "Figures of the originator: 19",
                                  "Figures of the responder: 19"}));
    QCOMPARE(alone, int(FlowColumn::FirstFigure));
    const auto shown = [&](const char* name) {
        return table->isColumnHidden(column(name)) ? QStringLiteral("hidden")
                                                   : table->model()->index(0, column(name)).data().toString();
    };
    QCOMPARE(shown("orig_retransmissions"), QStringLiteral("1"));
    QCOMPARE(shown("resp_retransmissions"), QStringLiteral("0"));
    QCOMPARE(shown("orig_gaps"), QStringLiteral("hidden"));
    QTest::keyClicks(driver_->named<QLineEdit>("Filter what is seen"), "resp_retransmissions > 0");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("0 of 1 flows, 0 of 14 packets"), patience);
}

QTEST_MAIN(FlowFilterJourneyTest)
#include "flow_filter_journey_test.moc"
