// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/table_view.h"

#include <QAction>
#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Groups of flows in the real window.
class GroupsJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void whoScansPorts();
    void whoIsFlooded();
    void whichServicesDominate();
    void aGroupNarrowsTheFlows();
    void keysCanBeCombined();
    void packetsCanBeGrouped();
    void valuesOfAColumnCanBeCounted();
    void theMenuOfAGroup();
    void columnsSort();
    void stepsComeWithTheirKeys();
    void rowsAreCopied();
    void aSessionKeepsTheGroups();
    void withoutFlowsItSaysSo();

private:
    void analyze(const std::string& text);
    [[nodiscard]] QTableView* table() const { return driver_->named<QTableView>("Groups"); }
    [[nodiscard]] QString cell(int row, int column) const
    {
        return table()->model()->index(row, column).data().toString();
    }
    [[nodiscard]] QString title(int column) const
    {
        return table()->model()->headerData(column, Qt::Horizontal).toString();
    }
    void question(const QString& beginning);
    void choose(const char* box, const char* text);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;
enum Column : int {
    First,
    Second,
    Service,
    Flows,
    OverTime,
    Packets,
    Bytes,
    Sent,
    Received,
    Peers,
    Ports,
    Unanswered
};

/// Rows with ports of their own.
std::string row(std::int64_t time, const char* source, int sourcePort, const char* destination, int port,
                int flags, int length)
{
    return std::to_string(captureStart + time) + ',' + source + ',' + destination + ',' +
           std::to_string(sourcePort) + ',' + std::to_string(port) + ',' + std::to_string(flags) + ",0,0," +
           std::to_string(length) + ",6\n";
}

/// A scan of 40 ports, a flood of 100 SYN that nobody answers, and a service that carries most bytes.
std::string traffic()
{
    std::string text = "timestamp,src_ip,dst_ip,src_port,dst_port,flags,seq_num,ack_num,length,protocol\n";
    for (int i = 0; i < 40; ++i) {
        text += row(i * 10, "10.6.6.6", 50000, "10.0.0.1", 1 + i, 2, 60);
        text += row(i * 10 + 5, "10.0.0.1", 1 + i, "10.6.6.6", 50000, 20, 40);
    }
    for (int i = 0; i < 100; ++i)
        text += row(1000 + i, ("172.16.0." + std::to_string(i)).c_str(), 40000 + i, "10.0.0.2", 80, 2, 60);
    for (int i = 0; i < 5; ++i) {
        text += row(2000 + i, "10.0.0.9", 41000 + i, "10.0.0.3", 5432, 2, 60);
        text += row(2010 + i, "10.0.0.3", 5432, "10.0.0.9", 41000 + i, 18, 1'000'000);
    }
    return text;
}

} // namespace

void GroupsJourneyTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("GroupsJourneyTest"));
}

void GroupsJourneyTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void GroupsJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

void GroupsJourneyTest::analyze(const std::string& text)
{
    driver_->drop({folder_->write("in.csv", text)});
    QVERIFY(driver_->analyze());
    driver_->action(QStringLiteral("Groups"))->trigger();
}

// Two clicks: the button, and what is asked.
void GroupsJourneyTest::question(const QString& beginning)
{
    for (auto* const button : driver_->window().findChildren<QPushButton*>()) {
        if (!button->menu() || button->text() != QStringLiteral("&Questions"))
            continue;
        for (auto* const action : button->menu()->actions()) {
            if (action->text().remove(u'&').startsWith(beginning))
                return action->trigger();
        }
    }
    QFAIL("there is no such question");
}

void GroupsJourneyTest::choose(const char* box, const char* text)
{
    auto* const combo = driver_->named<QComboBox>(QString::fromLatin1(box));
    const int index = combo->findText(QString::fromLatin1(text));
    QVERIFY(index >= 0);
    combo->setCurrentIndex(index);
}

void GroupsJourneyTest::whoScansPorts()
{
    analyze(traffic());
    question(QStringLiteral("Who scans ports?"));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, First), QStringLiteral("10.6.6.6"), patience);
    QCOMPARE(title(First), QStringLiteral("Source"));
    QCOMPARE(cell(0, Ports), QStringLiteral("40"));
    QCOMPARE(cell(0, Unanswered), QStringLiteral("0")); // a reset is an answer
    QVERIFY(driver_->shows(QStringLiteral("102 groups of all 145 flows")));
}

void GroupsJourneyTest::whoIsFlooded()
{
    analyze(traffic());
    question(QStringLiteral("Who is flooded?"));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, First), QStringLiteral("10.0.0.2"), patience);
    QCOMPARE(cell(0, Unanswered), QStringLiteral("100"));
    QCOMPARE(cell(0, Peers), QStringLiteral("100"));
}

void GroupsJourneyTest::whichServicesDominate()
{
    analyze(traffic());
    question(QStringLiteral("Which services dominate?"));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, First), QStringLiteral("5432"), patience);
    QCOMPARE(cell(0, Service), QStringLiteral("postgresql"));
    QCOMPARE(cell(0, Received), QStringLiteral("5,000,000"));
    QVERIFY(!table()->isColumnHidden(Service));
    QVERIFY(table()->isColumnHidden(Second));
}

void GroupsJourneyTest::aGroupNarrowsTheFlows()
{
    analyze(traffic());
    question(QStringLiteral("Who scans ports?"));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, First), QStringLiteral("10.6.6.6"), patience);
    table()->setCurrentIndex(table()->model()->index(0, 0));
    table()->setFocus();
    QTest::keyClick(table(), Qt::Key_Return);
    auto* const flows = driver_->named<QTableView>("Flows");
    QTRY_COMPARE_WITH_TIMEOUT(flows->model()->rowCount(), 40, patience);
    QVERIFY(flows->isVisible());
    // Its packets are those of its flows, both ways.
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("40 of 145 flows, 80 of 190 packets")), patience);
    // What is seen is what the groups are of.
    driver_->action(QStringLiteral("Groups"))->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("1 group of 40 of 145 flows")), patience);
    driver_->named<QLineEdit>("Filter what is seen")->setText(QStringLiteral("src == 9.9.9.9"));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("No flow is left to be put into groups.")),
                             patience);
    driver_->press(QStringLiteral("Clear all"));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("102 groups of all 145 flows")), patience);
    emit table()->doubleClicked(table()->model()->index(1, 0));
    QTRY_VERIFY_WITH_TIMEOUT(flows->isVisible(), patience);
}

void GroupsJourneyTest::keysCanBeCombined()
{
    analyze(traffic());
    choose("Group by", "Destination");
    choose("Then by", "Destination port");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("42 groups of all 145 flows")), patience);
    QVERIFY(!table()->isColumnHidden(Second));
    QCOMPARE(cell(0, First), QStringLiteral("10.0.0.2"));
    QCOMPARE(cell(0, Second), QStringLiteral("80"));
    choose("Group by", "Destination port"); // the same twice is once
    QTRY_VERIFY_WITH_TIMEOUT(table()->isColumnHidden(Second), patience);
    QCOMPARE(driver_->named<QComboBox>("Then by")->currentIndex(), 0);
}

void GroupsJourneyTest::packetsCanBeGrouped()
{
    analyze(traffic());
    choose("What is grouped", "packets");
    choose("Group by", "Flags");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("3 groups of all 190 packets")), patience);
    QCOMPARE(cell(0, First), QStringLiteral("SYN"));
    QCOMPARE(cell(0, Packets), QStringLiteral("145"));
    for (const int column : {int(Flows), int(Sent), int(Received), int(Unanswered)})
        QVERIFY(table()->isColumnHidden(column));
    QVERIFY(!table()->isColumnHidden(Packets));
    choose("Group by", "Source");
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, First), QStringLiteral("10.6.6.6"), patience);
    table()->setCurrentIndex(table()->model()->index(0, 0));
    table()->setFocus();
    QTest::keyClick(table(), Qt::Key_Return);
    // Of packets the source is the sender.
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("40 of 145 flows, 40 of 190 packets")), patience);
    QVERIFY(!table()->isVisible());
    driver_->action(QStringLiteral("Groups"))->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("1 group of 40 of 190 packets")), patience);
    choose("What is grouped", "flows");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("1 group of 40 of 145 flows")), patience);
    QVERIFY(!table()->isColumnHidden(Flows));
}

void GroupsJourneyTest::valuesOfAColumnCanBeCounted()
{
    analyze(traffic());
    const auto count = [&](const char* tableName, const QString& title) {
        auto* const view = driver_->named<TableView>(QString::fromLatin1(tableName));
        for (int column = 0; column < view->model()->columnCount(); ++column) {
            if (view->model()->headerData(column, Qt::Horizontal).toString() != title)
                continue;
            QMenu menu;
            emit view->headerMenuWanted(&menu, column);
            for (auto* const action : menu.actions())
                action->trigger();
            return menu.actions().size();
        }
        return qsizetype{-1};
    };
    QCOMPARE(count("Flows", QStringLiteral("Destination port")), 1);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("42 groups of all 145 flows")), patience);
    QCOMPARE(title(First), QStringLiteral("Destination port"));
    QCOMPARE(cell(0, First), QStringLiteral("80"));
    QCOMPARE(count("Flows", QStringLiteral("Bytes")), 0);
    QCOMPARE(count("Packets", QStringLiteral("Flags")), 1);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("3 groups of all 190 packets")), patience);
}

void GroupsJourneyTest::theMenuOfAGroup()
{
    analyze(traffic());
    choose("Group by", "Destination");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("3 groups of all 145 flows")), patience);
    auto* const view = driver_->named<TableView>("Groups");
    const auto choose = [&](const QString& text, const QString& sub = {}) {
        QMenu menu;
        emit view->contextMenuWanted(&menu, view->model()->index(0, 0));
        for (auto* const action : menu.actions()) {
            if (action->text() != text)
                continue;
            if (sub.isEmpty())
                return action->trigger();
            for (auto* const further : action->menu()->actions()) {
                if (further->text() == sub)
                    return further->trigger();
            }
        }
        QFAIL("there is no such action");
    };
    choose(QStringLiteral("Leave these out"));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("2 groups of 45 of 145 flows")), patience);
    QVERIFY(view->isVisible());
    choose(QStringLiteral("Group these by"), QStringLiteral("Source"));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("1 group of 40 of 145 flows")), patience);
    QCOMPARE(title(First), QStringLiteral("Source"));
    QCOMPARE(cell(0, First), QStringLiteral("10.6.6.6"));
}

void GroupsJourneyTest::columnsSort()
{
    analyze(traffic());
    choose("Group by", "Source");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("102 groups of all 145 flows")), patience);
    QCOMPARE(cell(0, First), QStringLiteral("10.6.6.6"));
    table()->sortByColumn(Bytes, Qt::DescendingOrder);
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, First), QStringLiteral("10.0.0.9"), patience);
    table()->sortByColumn(First, Qt::AscendingOrder);
    QTRY_COMPARE_WITH_TIMEOUT(cell(101, First), QStringLiteral("172.16.0.99"), patience);
}

void GroupsJourneyTest::stepsComeWithTheirKeys()
{
    analyze(traffic());
    auto* const prefix = driver_->named<QSpinBox>("IPv4 /");
    auto* const slice = driver_->named<QComboBox>("Width of a slice of time");
    QVERIFY(prefix->isHidden() && slice->isHidden());
    choose("Group by", "Source subnet");
    QVERIFY(prefix->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("3 groups of all 145 flows")), patience);
    QCOMPARE(cell(0, First), QStringLiteral("172.16.0.0/24"));
    prefix->setValue(8);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("2 groups of all 145 flows")), patience);
    choose("Group by", "Time");
    QVERIFY(prefix->isHidden() && slice->isVisible());
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("1 group of all 145 flows")), patience);
}

void GroupsJourneyTest::rowsAreCopied()
{
    analyze(traffic());
    question(QStringLiteral("Which services dominate?"));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, First), QStringLiteral("5432"), patience);
    table()->selectRow(0);
    QTest::keyClick(table(), Qt::Key_C, Qt::ControlModifier);
    const auto lines = QGuiApplication::clipboard()->text().split(u'\n');
    QVERIFY2(lines.at(0).startsWith(QStringLiteral("Destination port,Service,Flows")),
             qPrintable(lines.at(0)));
    QVERIFY2(lines.at(1).startsWith(QStringLiteral("5432,postgresql,5,")), qPrintable(lines.at(1)));
}

void GroupsJourneyTest::aSessionKeepsTheGroups()
{
    analyze(traffic());
    choose("Group by", "Source subnet");
    choose("Then by", "Time");
    driver_->named<QSpinBox>("IPv4 /")->setValue(8);
    choose("Width of a slice of time", "1 s");
    table()->sortByColumn(Bytes, Qt::DescendingOrder);
    QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), 2, patience);
    const auto state = driver_->window().viewState();
    const auto groups = state.value(QStringLiteral("groups")).toObject();
    QCOMPARE(groups.value(QStringLiteral("by")).toString(), QStringLiteral("srcnet"));
    QCOMPARE(groups.value(QStringLiteral("sort")).toString(), QStringLiteral("bytes"));
    choose("Group by", "Protocol");
    QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), 1, patience);
    driver_->window().setViewState(state);
    QVERIFY(driver_->analyze());
    QTRY_COMPARE_WITH_TIMEOUT(table()->model()->rowCount(), 2, patience);
    QCOMPARE(driver_->window().viewState().value(QStringLiteral("groups")).toObject(), groups);
    QCOMPARE(cell(0, First), QStringLiteral("10.0.0.0/8"));
    // What it does not know leaves it as it is.
    auto strange = state;
    strange[QStringLiteral("groups")] =
        QJsonObject{{QStringLiteral("by"), QStringLiteral("colour")}, {QStringLiteral("ipv4_prefix"), 999}};
    driver_->window().setViewState(strange);
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->window().viewState().value(QStringLiteral("groups")).toObject(), groups);
}

void GroupsJourneyTest::withoutFlowsItSaysSo()
{
    analyze(captureHeader() + "1257254615000000,10.0.0.1,10.0.0.2,1,2,0,0,0,60,17\n");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(QStringLiteral("There are no flows.")), patience);
}

QTEST_MAIN(GroupsJourneyTest)
#include "groups_journey_test.moc"
