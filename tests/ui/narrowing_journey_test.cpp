// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_query.h"
#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/charts/bar_chart.h"
#include "ui/panels/chip.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/narrowing_bar.h"
#include "ui/panels/overview_panel.h"
#include "ui/panels/table_view.h"

#include <QAction>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRadioButton>
#include <QTest>
#include <QTimer>
#include <QToolButton>

using namespace packetloom;
using namespace packetloom::test;

/// What narrows is seen, and every page follows it, in the real window.
class NarrowingJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void everyPageFollowsTheFilter();
    void everyPageFollowsTheInterval();
    void whatIsClickedIsAChip();
    void chipsAreTakenAwayOneByOne();
    void theOppositeOfAChip();
    void whatWasNotReadIsSaid();
    void anotherCaptureIsSeenWhole();
    void theSameCaptureStaysNarrowed();
    void severalColumnsSort();
    void anExportIsWhatIsSeen_data();
    void anExportIsWhatIsSeen();
    void flowsWithSuchAPacket();

private:
    void analyze(const std::filesystem::path& path);
    [[nodiscard]] QStringList chips() const;
    [[nodiscard]] NarrowingBar* bar() const { return driver_->window().findChild<NarrowingBar*>(); }
    [[nodiscard]] OverviewPanel* overview() const { return driver_->window().findChild<OverviewPanel*>(); }

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

} // namespace

void NarrowingJourneyTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("NarrowingJourneyTest"));
}

void NarrowingJourneyTest::init()
{
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void NarrowingJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

void NarrowingJourneyTest::analyze(const std::filesystem::path& path)
{
    driver_->drop({path});
    QVERIFY(driver_->analyze());
}

QStringList NarrowingJourneyTest::chips() const
{
    QStringList texts;
    for (const auto* const chip : driver_->window().findChildren<Chip*>()) {
        if (!chip->isHidden())
            texts << chip->text();
    }
    return texts;
}

void NarrowingJourneyTest::everyPageFollowsTheFilter()
{
    analyze(folder_->write("in.csv", conversations(100)));
    auto* const line = driver_->named<QLineEdit>("Filter what is seen");
    line->setText("src == 10.0.0.7 or src == 10.0.0.8");
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 2, patience);
    // Of packets the source is the sender: what the other end sent is not among them.
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Addresses").size(), 3, patience);
    QVERIFY(driver_->shows("2 of 100 flows, 8 of 600 packets"));
    driver_->action("Overview")->trigger();
    QVERIFY(driver_->shows("8") && driver_->shows("3") && !driver_->shows("600"));
    line->setText("addr == 10.0.0.7 or addr == 10.0.0.8");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("2 of 100 flows, 12 of 600 packets"), patience);
    for (const auto& flags : driver_->table("TCP flags"))
        QVERIFY2(flags.contains("|2|") || flags.contains("|4|"), qPrintable(flags));
    line->setText("closed ==");
    QTRY_VERIFY_WITH_TIMEOUT(!driver_->named<QLabel>("What is wrong about the filter")->isHidden(), patience);
    QVERIFY(driver_->shows("2 of 100 flows, 12 of 600 packets"));
    driver_->press("Clear all");
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 100, patience);
    QVERIFY(driver_->shows("600"));
    QVERIFY(line->text().isEmpty());
}

void NarrowingJourneyTest::everyPageFollowsTheInterval()
{
    analyze(folder_->write("in.csv", conversations(100)));
    QVERIFY(driver_->shows("600") && driver_->shows("100"));
    emit overview()->brushed(std::pair(qint64{captureStart + 1}, qint64{captureStart + 6'000}));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("10 of 100 flows, 60 of 600 packets"), patience);
    QVERIFY(driver_->shows("60") && driver_->shows("10") && driver_->shows("11"));
    QVERIFY(!driver_->shows("600"));
    QCOMPARE(chips().size(), 1);
    driver_->press("Use as capture filter");
    QVERIFY(chips().isEmpty());
    QCOMPARE(driver_->window().options().window.start, captureStart + 1);
    QCOMPARE(driver_->window().options().window.end, captureStart + 6'000);
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->analysis()->totals.rows.kept, std::uint64_t{60});
}

void NarrowingJourneyTest::whatIsClickedIsAChip()
{
    analyze(folder_->write("in.csv", conversations(50)));
    emit overview()->outcomeActivated(FlowOutcome::Abortive);
    QCOMPARE(chips(), QStringList{"close == abortive"});
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 0, patience);
    driver_->press("Clear all");
    for (const auto outcome : {FlowOutcome::Graceful, FlowOutcome::Unclosed, FlowOutcome::InvalidAck}) {
        emit overview()->outcomeActivated(outcome);
        QCOMPARE(chips().size(), 1);
        QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), outcome == FlowOutcome::Graceful ? 50 : 0,
                                  patience);
        driver_->press("Clear all");
    }
    emit overview()->invalidActivated();
    QCOMPARE(chips(), QStringList{"close == invalid"});
}

void NarrowingJourneyTest::chipsAreTakenAwayOneByOne()
{
    analyze(folder_->write("in.csv", conversations(50)));
    const auto bars = [&] { return overview()->findChild<BarChart*>()->bars(); };
    QVERIFY(bars().front().counted && bars().front().value == 50);
    bar()->addFilter("addr == 10.0.0.7");
    QVERIFY(!bars().front().counted); // till the answer is there
    QTRY_VERIFY_WITH_TIMEOUT(bars().front().counted && bars().front().value == 1, patience);
    bar()->addFilter("close == graceful");
    bar()->addFilter("close == graceful"); // is there
    bar()->addFilter("close ==");          // is none
    QCOMPARE(chips(), (QStringList{"addr == 10.0.0.7", "close == graceful"}));
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 1, patience);
    driver_->named<QToolButton>("Take away: addr == 10.0.0.7")->click();
    QCOMPARE(chips(), QStringList{"close == graceful"});
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 50, patience);
    auto* const chip = driver_->named<Chip>("close == graceful");
    QTest::keyClick(chip, Qt::Key_Delete);
    QVERIFY(chips().isEmpty());
}

void NarrowingJourneyTest::theOppositeOfAChip()
{
    analyze(folder_->write("in.csv", conversations(50)));
    bar()->addFilter("addr == 10.0.0.7 or addr == 10.0.0.8");
    QMenu menu;
    emit driver_->named<Chip>("addr == 10.0.0.7 or addr == 10.0.0.8")->menuWanted(&menu);
    menu.actions()[0]->trigger();
    QCOMPARE(chips(), QStringList{"not (addr == 10.0.0.7 or addr == 10.0.0.8)"});
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 48, patience);
}

void NarrowingJourneyTest::whatWasNotReadIsSaid()
{
    driver_->drop({folder_->write("in.csv", conversations(50))});
    auto* const addresses = driver_->named<QPlainTextEdit>("Addresses to keep");
    addresses->setPlainText("10.0.0.7, 10.0.0.8");
    QVERIFY(driver_->analyze());
    QCOMPARE(chips(), QStringList{"read: 10.0.0.7, 10.0.0.8"});
    driver_->named<QToolButton>("Take away: read: 10.0.0.7, 10.0.0.8")->click();
    QVERIFY(addresses->toPlainText().isEmpty());
    driver_->press("Analyze again");
    QTRY_COMPARE_WITH_TIMEOUT(driver_->analysis()->totals.rows.kept, std::uint64_t{300}, patience);
    QVERIFY(chips().isEmpty());
}

void NarrowingJourneyTest::anotherCaptureIsSeenWhole()
{
    analyze(folder_->write("in.csv", conversations(50)));
    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "set");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Exported "), patience);
    bar()->addFilter("addr == 10.0.0.7");
    driver_->named<QLineEdit>("Filter what is seen")->setText("graceful");
    driver_->forget();
    driver_->drop({*folder_ / "set"});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis() != nullptr, patience);
    QVERIFY(chips().isEmpty());
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 50, patience);
    QVERIFY(driver_->named<QLineEdit>("Filter what is seen")->text().isEmpty());
}

void NarrowingJourneyTest::theSameCaptureStaysNarrowed()
{
    analyze(folder_->write("in.csv", conversations(50)));
    bar()->addFilter("addr == 10.0.0.7");
    QVERIFY(driver_->analyze());
    QCOMPARE(chips(), QStringList{"addr == 10.0.0.7"});
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 1, patience);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("1 of 50 flows, 6 of 300 packets"), patience);
}

void NarrowingJourneyTest::severalColumnsSort()
{
    analyze(folder_->write("in.csv", conversations(9)));
    driver_->action("Flows")->trigger();
    auto* const table = driver_->named<TableView>("Flows");
    auto* const header = table->horizontalHeader();
    const auto click = [&](FlowColumn column, Qt::KeyboardModifiers keys) {
        const int x = header->sectionViewportPosition(int(column)) + 20;
        QTest::mouseClick(header->viewport(), Qt::LeftButton, keys, {x, header->height() / 2});
    };
    QVERIFY(QTest::qWaitForWindowExposed(&driver_->window()));
    click(FlowColumn::Destination, Qt::NoModifier);
    click(FlowColumn::Source, Qt::ShiftModifier);
    click(FlowColumn::Source, Qt::ShiftModifier);
    const auto first = [&] { return table->model()->index(0, int(FlowColumn::Source)).data().toString(); };
    QTRY_COMPARE_WITH_TIMEOUT(first(), QStringLiteral("10.0.0.9"), patience);
    const auto title = [&](FlowColumn column) {
        return table->model()->headerData(int(column), Qt::Horizontal).toString();
    };
    QCOMPARE(title(FlowColumn::Destination), QStringLiteral("Destination 1↑"));
    QCOMPARE(title(FlowColumn::Source), QStringLiteral("Source 2↓"));
    click(FlowColumn::Source, Qt::NoModifier);
    QTRY_COMPARE_WITH_TIMEOUT(first(), QStringLiteral("10.0.0.1"), patience);
    QCOMPARE(title(FlowColumn::Source), QStringLiteral("Source"));
}

void NarrowingJourneyTest::anExportIsWhatIsSeen_data()
{
    QTest::addColumn<QString>("chip");
    QTest::addColumn<bool>("interval");
    QTest::addColumn<QString>("words");
    QTest::addColumn<QString>("filter"); // of the same conversion
    QTest::addColumn<QString>("all");
    QTest::addColumn<bool>("exact"); // the engine that tells flows where they are seen
    const QString all("All 300 packets, 50 flows");
    QTest::newRow("filter") << "src == 10.0.0.7 or src == 10.0.0.8" << false
                            << "What is seen: the 2 flows of the filter, with all their packets"
                            << "flow(src == 10.0.0.7 or src == 10.0.0.8)" << all << false;
    QTest::newRow("filter, seen by the exact engine")
        << "src == 10.0.0.7 or src == 10.0.0.8" << false
        << "What is seen: all packets of the flows of the filter, and the flows that they make by the "
           "reference's rules"
        << "flow(src == 10.0.0.7 or src == 10.0.0.8)"
        << "All 300 packets, and the flows that they make by the reference's rules" << true;
    QTest::newRow("interval")
        << "" << true << "What is seen: the packets of the marked interval, and the flows that they make"
        << "" << all << false;
    QTest::newRow("packets") << "tcp.flags.syn == 1" << false
                             << "What is seen: the packets that match, and the flows that they make"
                             << "tcp.flags.syn == 1" << all << false;
}

// The same bytes as a conversion that is told the same on the command line.
void NarrowingJourneyTest::anExportIsWhatIsSeen()
{
    QFETCH(QString, chip);
    QFETCH(bool, interval);
    QFETCH(QString, words);
    QFETCH(QString, filter);
    QFETCH(QString, all);
    QFETCH(bool, exact);
    Options options;
    options.inputs = {folder_->write("in.csv", conversations(50))};
    options.flowsBy = exact ? FlowsBy::Exact : FlowsBy::Reference;
    driver_->window().setOptions(options);
    QVERIFY(driver_->analyze());
    options.filter = filter.toStdString();
    if (interval) {
        emit overview()->brushed(std::pair(qint64{captureStart + 1}, qint64{captureStart + 6'000}));
        options.window = {.start = captureStart + 1, .end = captureStart + 6'000};
    } else {
        bar()->addFilter(chip);
    }
    QTRY_VERIFY_WITH_TIMEOUT(driver_->named<QLabel>("What is left")->text().contains(" packets"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->named<QLabel>("What is left")->text().contains(" flows"), patience);
    QStringList choices;
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ExportDialog*>();
        for (const auto* const choice : dialog->findChildren<QRadioButton*>())
            choices << choice->text();
        dialog->findChild<QLineEdit*>()->setText(QString::fromStdString((*folder_ / "out").string()));
        dialog->accept();
    });
    driver_->action(QStringLiteral("Export…"))->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Exported "), patience);
    QCOMPARE(choices, (QStringList{words, all}));
    QVERIFY(convert(options, *folder_ / "expected", [](const Progress&) { return true; }));
    QVERIFY(datasetContent(*folder_ / "out") == datasetContent(*folder_ / "expected"));
}

void NarrowingJourneyTest::flowsWithSuchAPacket()
{
    analyze(folder_->write("in.csv", conversations(20) + captureRow(captureStart, "a", "b", 4)));
    auto* const line = driver_->named<QLineEdit>("Filter what is seen");
    line->setText("tcp.flags.reset == 1");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("1 of 21 flows, 1 of 121 packets"), patience);
    line->setText("flags.syn and src == 10.0.0.7");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("1 of 21 flows, 1 of 121 packets"), patience);
    QCOMPARE(driver_->table("Flows").size(), 1);
}

QTEST_MAIN(NarrowingJourneyTest)
#include "narrowing_journey_test.moc"
