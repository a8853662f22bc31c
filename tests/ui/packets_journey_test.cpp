// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/long_table_view.h"
#include "ui/panels/overview_panel.h"
#include "ui/panels/packets_panel.h"
#include "ui/panels/table_view.h"
#include "ui/views/flow_view.h"
#include "ui/views/traced_packet_model.h"

#include <QApplication>
#include <QClipboard>
#include <QHeaderView>
#include <QLineEdit>
#include <QMenu>
#include <QSettings>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTest>
#include <QTimer>

using namespace packetloom;
using namespace packetloom::test;

/// The page of packets, and the packets of a flow, in the window.
class PacketsJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { WindowDriver::useSettingsOfItsOwn(QStringLiteral("PacketsJourneyTest")); }
    void init();
    void cleanup();
    void everyPacketIsThere();
    void theLastOnesToo();
    void anIntervalNarrowsThem();
    void aFilterNarrowsThemInTheirSense();
    void numbersAndTimesAreFound();
    void aPacketLeadsToItsFlow();
    void aHiddenFlowIsShown();
    void theMenuNarrows();
    void rowsThatWereNeverSeenAreCopied();
    void aDatasetHasThemToo();
    void aTableOfFlowsHasNone();
    void thePacketsOfAFlowAreSorted();
    void onePacketIsOne();
    void manyFlowsAreCopiedBeside();

private:
    [[nodiscard]] LongTableView* view() const { return driver_->window().findChild<LongTableView*>(); }
    [[nodiscard]] QString cell(int row, const QString& column) const;
    [[nodiscard]] bool analyzed(const std::string& capture);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

} // namespace

void PacketsJourneyTest::init()
{
    QSettings().clear();
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void PacketsJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

QString PacketsJourneyTest::cell(int row, const QString& column) const
{
    const auto* const model = view()->table()->model();
    for (int i = 0; i < model->columnCount(); ++i) {
        if (model->headerData(i, Qt::Horizontal).toString() == column)
            return model->index(row, i).data().toString();
    }
    return QStringLiteral("no such column");
}

bool PacketsJourneyTest::analyzed(const std::string& capture)
{
    driver_->drop({folder_->write("in.csv", capture)});
    driver_->showPage("packets");
    return driver_->analyze();
}

void PacketsJourneyTest::everyPacketIsThere()
{
    QVERIFY(analyzed(conversations(100) + "1257254615999999,10.0.0.7,10.0.0.8,53,5353,0,0,0,70,17\n"));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, "Flow"), QString("1"), patience);
    QVERIFY(driver_->shows("601 of 601 packets"));
    QCOMPARE(cell(0, "No."), QString("1"));
    QCOMPARE(cell(0, "Flags"), QString("SYN"));
    QCOMPARE(cell(1, "Delta"), QString("0.000100 s"));
    QCOMPARE(cell(3, "Relative sequence"), QString("1"));
    QCOMPARE(cell(7, "Flow"), QString("2"));
}

void PacketsJourneyTest::theLastOnesToo()
{
    QVERIFY(analyzed(conversations(100) + "1257254615999999,10.0.0.7,10.0.0.8,53,5353,0,0,0,70,17\n"));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, "No."), QString("1"), patience);
    QTest::keyClick(view()->table(), Qt::Key_End);
    const int last = view()->visibleRows() - 1;
    QTRY_COMPARE_WITH_TIMEOUT(cell(last, "Protocol"), QString("UDP"), patience);
    QCOMPARE(cell(last, "No."), QString("601"));
    QCOMPARE(cell(last, "Flow"), QString());
    QCOMPARE(view()->currentRow(), 600);
}

void PacketsJourneyTest::anIntervalNarrowsThem()
{
    QVERIFY(analyzed(conversations(100)));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("600 of 600 packets"), patience);
    emit driver_->window().findChild<OverviewPanel*>()->brushed(
        std::pair(qint64{captureStart + 6'100}, qint64{captureStart + 12'000}));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("60 of 600 packets"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, "No."), QString("61"), patience);
    QCOMPARE(cell(0, "Delta"), QString()); // nothing is shown before it
    driver_->press("Clear all");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("600 of 600 packets"), patience);
}

void PacketsJourneyTest::aFilterNarrowsThemInTheirSense()
{
    QVERIFY(analyzed(conversations(100)));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("600 of 600 packets"), patience);
    auto* const filter = driver_->named<QLineEdit>("Filter what is seen");
    filter->setText("src == 10.9.0.1"); // the server is no initiator, but sends two packets of each six
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("200 of 600 packets"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, "No."), QString("2"), patience);
    QCOMPARE(cell(1, "Delta"), QString("0.000300 s")); // since the one that is shown before
    filter->setText("number == 7 and packets > 5");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("6 of 600 packets"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(cell(5, "Flow"), QString("7"), patience);
}

void PacketsJourneyTest::numbersAndTimesAreFound()
{
    QVERIFY(analyzed(conversations(100)));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, "No."), QString("1"), patience);
    auto* const where = driver_->named<QLineEdit>("Go to a packet");
    QTest::keyClick(view()->table(), Qt::Key_G, Qt::ControlModifier);
    QVERIFY(where->hasFocus());
    const auto go = [&](const QString& text) {
        where->setText(text);
        QTest::keyClick(where, Qt::Key_Return);
    };
    go("431");
    QCOMPARE(view()->currentRow(), 430);
    QVERIFY(view()->topRow() <= 430 && 430 < view()->topRow() + view()->visibleRows());
    go("2009-11-03 13:23:35.0123");
    QTRY_COMPARE_WITH_TIMEOUT(view()->currentRow(), 122, patience);
    go("1257254615000599");
    QTRY_COMPARE_WITH_TIMEOUT(view()->currentRow(), 5, patience);
    go("2030-01-01");
    QTRY_COMPARE_WITH_TIMEOUT(view()->currentRow(), 599, patience);
    go("nonsense");
    QVERIFY(driver_->shows("Write the number of a packet, a time as 2009-11-03 13:23:35.5 (UTC), or "
                           "microseconds since the epoch."));
    go("1");
    QCOMPARE(view()->currentRow(), 0);
}

void PacketsJourneyTest::aPacketLeadsToItsFlow()
{
    QVERIFY(analyzed(conversations(100)));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, "Flow"), QString("1"), patience);
    driver_->window().flowDetail().showPart(QStringLiteral("packets"));
    view()->setCurrentRow(8);
    QTest::keyClick(view()->table(), Qt::Key_Return);
    QCOMPARE(driver_->window().findChild<QTabWidget*>()->currentWidget()->objectName(), QString("flows"));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("flow_000002: 6 packets, 0.000500 s; graceful"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Packets of the chosen flow").size(), packetsPerConversation,
                              patience);
    QCOMPARE(driver_->named<QTableView>("Flows")->currentIndex().row(), 1);
}

// The server is no flow's source, and sends packets all the same.
void PacketsJourneyTest::aHiddenFlowIsShown()
{
    QVERIFY(analyzed(conversations(100)));
    driver_->named<QLineEdit>("Filter what is seen")->setText("src == 10.9.0.1");
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 0, patience);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("200 of 600 packets"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(cell(2, "Flow"), QString("2"), patience);
    view()->setCurrentRow(2);
    QTest::keyClick(view()->table(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 100, patience);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("flow_000002: 6 packets, 0.000500 s; graceful"), patience);
}

void PacketsJourneyTest::theMenuNarrows()
{
    QVERIFY(analyzed(conversations(100)));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, "Flow"), QString("1"), patience);
    QStringList filters, titles;
    connect(&driver_->window().packets(), &PacketsPanel::narrowWanted, this,
            [&](const QString& filter) { filters << filter; });
    QMenu menu;
    emit view()->rowMenuWanted(&menu, 6);
    for (auto* const action : menu.actions()) {
        if (action->isSeparator())
            continue;
        titles << action->text();
        if (titles.size() > 2)
            action->trigger();
    }
    QCOMPARE(titles, (QStringList{"Go to flow", "Show its time in the timeline",
                                  "Only what is to or from 10.0.0.2", "Only what is to or from 10.9.0.1",
                                  "Only what is between these two", "Only what is to or from port 1025",
                                  "Only what is to or from port 80", "Only this flow"}));
    QCOMPARE(filters,
             (QStringList{"addr == 10.0.0.2", "addr == 10.9.0.1", "addr == 10.0.0.2 and addr == 10.9.0.1",
                          "port == 1025", "port == 80", "number == 2"}));
}

void PacketsJourneyTest::rowsThatWereNeverSeenAreCopied()
{
    QVERIFY(analyzed(conversations(1000)));
    QTRY_COMPARE_WITH_TIMEOUT(cell(0, "Flow"), QString("1"), patience);
    QApplication::clipboard()->clear();
    QTest::keyClick(view()->table(), Qt::Key_A, Qt::ControlModifier);
    QTest::keyClick(view()->table(), Qt::Key_C, Qt::ControlModifier);
    QTRY_VERIFY_WITH_TIMEOUT(!QApplication::clipboard()->text().isEmpty(), patience);
    const auto lines = QApplication::clipboard()->text().split(QLatin1Char('\n'));
    QCOMPARE(lines.size(), 6002); // with headers, and nothing behind the last line feed
    QCOMPARE(lines[6000],
             QString("6000,1257254615600000,100,10.0.3.250,2023,10.9.0.1,80,6,FIN+ACK,0,1401,401,"
                     "5002,1000"));
    QVERIFY(!QApplication::clipboard()->text().contains(QChar(0x2026)));
}

void PacketsJourneyTest::aDatasetHasThemToo()
{
    Options options;
    options.inputs = {folder_->write("in.csv", conversations(50))};
    QVERIFY(convert(options, *folder_ / "dataset", [](const Progress&) { return true; }));
    driver_->showPage("packets");
    driver_->drop({*folder_ / "dataset"});
    QTRY_COMPARE_WITH_TIMEOUT(cell(6, "Flow"), QString("2"), patience);
    QVERIFY(driver_->shows("300 of 300 packets"));
    QCOMPARE(cell(3, "Relative sequence"), QString("1"));
}

void PacketsJourneyTest::aTableOfFlowsHasNone()
{
    driver_->showPage("packets");
    driver_->drop({folder_->write("conn.log",
                                  "#separator \\x09\n#unset_field\t-\n#path\tconn\n#fields\tts\tid.orig_h\t"
                                  "id.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\tconn_state\t"
                                  "orig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\n"
                                  "100\t10.0.0.1\t40000\t10.0.0.2\t22\ttcp\tssh\t5\tSF\t10\t1000\t2\t80\n")});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis() != nullptr, patience);
    driver_->showPage("packets");
    QVERIFY(driver_->shows("This is a table of flows: it has no packets."));
    QVERIFY(!view()->isEnabled());
}

void PacketsJourneyTest::thePacketsOfAFlowAreSorted()
{
    QVERIFY(analyzed(conversations(3)));
    driver_->showPage("flows");
    driver_->window().flowDetail().showPart(QStringLiteral("packets"));
    driver_->named<QTableView>("Flows")->selectRow(0);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Packets of the chosen flow").size(), packetsPerConversation,
                              patience);
    auto* const table = driver_->named<QTableView>("Packets of the chosen flow");
    auto* const header = table->horizontalHeader();
    const auto click = [&](int column) {
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                          QPoint(header->sectionViewportPosition(column) + 10, header->height() / 2));
    };
    const auto numbers = [&] {
        QString all;
        for (const auto& line : driver_->table("Packets of the chosen flow"))
            all += line.section(QLatin1Char('|'), 0, 0);
        return all;
    };
    QCOMPARE(numbers(), QString("123456"));
    click(TracedPacketModel::Flags); // from A to Z
    QCOMPARE(numbers(), QString("356412"));
    click(TracedPacketModel::Flags);
    QCOMPARE(numbers(), QString("214563"));
}

void PacketsJourneyTest::onePacketIsOne()
{
    QVERIFY(analyzed(captureHeader() + captureRow(captureStart, "10.0.0.1", "10.0.0.2", 2)));
    driver_->showPage("flows");
    driver_->window().flowDetail().showPart(QStringLiteral("packets"));
    driver_->named<QTableView>("Flows")->selectRow(0);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->table("Packets of the chosen flow").size() == 1, patience);
    QVERIFY(driver_->shows("flow_000001: 1 packet, 0.000000 s; incomplete, no SYN+ACK"));
}

void PacketsJourneyTest::manyFlowsAreCopiedBeside()
{
    QVERIFY(analyzed(conversations(20'000)));
    driver_->showPage("flows");
    auto* const table = driver_->named<QTableView>("Flows");
    // The last question: what was asked before it is not answered any more, and the rows stay.
    QSignalSpy answered(&driver_->session().jobs(), &Jobs::flowsSelected);
    table->sortByColumn(int(FlowColumn::Start), Qt::DescendingOrder);
    QVERIFY(answered.wait(patience));
    QCOMPARE(table->model()->rowCount(), 20'000);
    QApplication::clipboard()->clear();
    table->selectAll();
    QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
    QVERIFY2(QApplication::clipboard()->text().isEmpty(), "it was all done in one go");
    QTRY_VERIFY_WITH_TIMEOUT(!QApplication::clipboard()->text().isEmpty(), patience);
    QCOMPARE(QApplication::clipboard()->text().count(QLatin1Char('\n')), 20'001);
    QVERIFY(driver_->shows("20,000 rows are on the clipboard."));
}

QTEST_MAIN(PacketsJourneyTest)
#include "packets_journey_test.moc"
