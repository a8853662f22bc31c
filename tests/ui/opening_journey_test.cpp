// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/option_table.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/capture_panel.h"
#include "ui/panels/overview_panel.h"
#include "ui/views/flow_view.h"

#include <QApplication>
#include <QComboBox>
#include <QFileOpenEvent>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What comes into the window other than by choosing files, and what it comes back with: sessions,
/// selections, lists, recent captures, options.
class OpeningJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { WindowDriver::useSettingsOfItsOwn(QStringLiteral("OpeningJourneyTest")); }
    void init();
    void cleanup();
    void aRecentCaptureComesWithItsMap();
    void theTitleSaysWhatIsOpen();
    void anotherWindowOpensTheSession();
    void aSelectionFillsTheFilters();
    void addressesComeFromAList();
    void optionsAreRememberedFiltersAreNot();
    void theDesktopHandsFilesOver();

private:
    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;
const QString captureList = QStringLiteral("Captures, in the order in which they are read");

QString lookOf(WindowDriver& driver)
{
    return QString::fromUtf8(QJsonDocument(driver.window().viewState()).toJson());
}

} // namespace

void OpeningJourneyTest::init()
{
    QSettings().clear();
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
}

void OpeningJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

// In place of what is open, and with the IP map that it was analyzed with.
void OpeningJourneyTest::aRecentCaptureComesWithItsMap()
{
    const auto first = folder_->write("first.csv", conversations(1)),
               second = folder_->write("second.csv", conversations(1));
    const auto map = folder_->write("map.json", R"({"10.0.0.1": 1})");
    driver_->drop({first, map});
    QVERIFY(driver_->analyze());
    driver_->action("Close all")->trigger();
    auto* const panel = driver_->window().findChild<CapturePanel*>();
    QVERIFY(panel->captures().empty());
    QVERIFY(panel->ipMap().empty());
    QCOMPARE(driver_->table("Flows").size(), 0);
    driver_->drop({second});
    QVERIFY(driver_->analyze());
    const auto open = [&](const QString& name) {
        auto* const menu = driver_->window().findChild<QMenu*>(QStringLiteral("recent"));
        emit menu->aboutToShow();
        for (auto* const action : menu->actions()) {
            if (action->text().endsWith(name)) {
                action->trigger();
                return true;
            }
        }
        return false;
    };
    QVERIFY(open(QStringLiteral("first.csv")));
    QVERIFY(panel->captures() == std::vector{first});
    QVERIFY(panel->ipMap() == map);
    QVERIFY(open(QStringLiteral("second.csv")));
    QVERIFY(panel->captures() == std::vector{second});
    QVERIFY(panel->ipMap().empty());
}

void OpeningJourneyTest::theTitleSaysWhatIsOpen()
{
    const auto title = [&] { return driver_->window().windowTitle(); };
    QCOMPARE(title(), QStringLiteral("Packetloom"));
    driver_->drop({folder_->write("first.csv", conversations(1))});
    QCOMPARE(title(), QStringLiteral("first.csv – Packetloom"));
    driver_->drop(
        {folder_->write("second.csv", conversations(1)), folder_->write("third.csv", conversations(1))});
    QCOMPARE(title(), QStringLiteral("first.csv and 2 more – Packetloom"));
    driver_->action("Close all")->trigger();
    QCOMPARE(title(), QStringLiteral("Packetloom"));
}

void OpeningJourneyTest::anotherWindowOpensTheSession()
{
    driver_->drop(
        {folder_->write("in.csv", conversations(100)), folder_->write("map.json", R"({"10.0.0.1": 1})")});
    driver_->named<QPlainTextEdit>("Addresses to keep")->setPlainText("10.9.0.1, 1");
    driver_->named<QSpinBox>("Inactivity timeout")->setValue(77);
    QVERIFY(driver_->analyze());
    driver_->showPage("flows");
    driver_->named<QLineEdit>("Filter what is seen")->setText("graceful");
    driver_->named<QTableView>("Flows")->sortByColumn(int(FlowColumn::Start), Qt::DescendingOrder);
    emit driver_->window().findChild<OverviewPanel*>()->brushed(
        std::pair(qint64{captureStart + 1}, qint64{captureStart + 6'000}));
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 10, patience);
    driver_->window().flowDetail().showPart(QStringLiteral("packets"));
    driver_->named<QTableView>("Flows")->selectRow(2);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Packets of the chosen flow").size(), packetsPerConversation,
                              patience);
    const auto flows = driver_->table("Flows"), packets = driver_->table("Packets of the chosen flow");
    const auto look = lookOf(*driver_);
    emit driver_->window().sessionSaveWanted(*folder_ / "case.packetloom");
    QVERIFY(driver_->window().message().startsWith("The session is saved"));

    WindowDriver other;
    other.drop({*folder_ / "case.packetloom"});
    QTRY_VERIFY_WITH_TIMEOUT(other.analysis() != nullptr, patience);
    QCOMPARE(other.named<QListWidget>(captureList)->count(), 1);
    QVERIFY(sameCapture(other.window().options(), driver_->window().options()));
    QTRY_COMPARE_WITH_TIMEOUT(other.table("Flows"), flows, patience);
    QTRY_COMPARE_WITH_TIMEOUT(other.table("Packets of the chosen flow"), packets, patience);
    QTRY_COMPARE_WITH_TIMEOUT(lookOf(other), look, patience);

    other.drop({folder_->write("broken.packetloom", R"({"packetloom_session": 1, "captures": 5})")});
    QVERIFY(other.window().message().contains("broken.packetloom"));
    QVERIFY(other.window().message().contains("captures is missing or not as expected"));
    QCOMPARE(other.named<QListWidget>(captureList)->count(), 1);
}

void OpeningJourneyTest::aSelectionFillsTheFilters()
{
    driver_->drop({folder_->write("mine.csv", conversations(10))});
    driver_->drop({folder_->write("elsewhere.json", R"({"selection": {}, "filter_parameters": {
        "data_files": ["theirs.csv"], "filter_ips": "10.0.0.3,10.0.0.4",
        "filter_time_start": 1257254615000000, "filter_time_end": 1257254615999999,
        "attack_context": "ddos"}})")});
    auto options = driver_->window().options();
    QVERIFY(driver_->window().message().contains("Its captures are not on this computer"));
    QVERIFY(options.inputs == std::vector{*folder_ / "mine.csv"});
    QCOMPARE(options.addressFilter, std::string("10.0.0.3,10.0.0.4"));
    QVERIFY(options.window.start == 1257254615000000 && options.window.end == 1257254615999999);
    QCOMPARE(options.attackContext, std::string("ddos"));
    QVERIFY(driver_->analyze());
    QCOMPARE(driver_->analysis()->totals.flows, 2u);

    folder_->write("theirs.csv", conversations(4));
    driver_->drop({*folder_ / "elsewhere.json"});
    options = driver_->window().options();
    QVERIFY(options.inputs == std::vector{*folder_ / "theirs.csv"});
}

void OpeningJourneyTest::addressesComeFromAList()
{
    emit driver_->window().addressListWanted(
        folder_->write("list.txt", "10.0.0.1\r\n10.0.0.2\n\n2001:db8::/32\n"));
    QCOMPARE(driver_->window().options().addressFilter, std::string("10.0.0.1,10.0.0.2,2001:db8::/32"));
    emit driver_->window().addressListWanted(*folder_ / "none.txt");
    QVERIFY(driver_->window().message().contains("none.txt"));
    emit driver_->window().addressListWanted(folder_->write("large.txt", std::string(2 << 20, '1')));
    QVERIFY(driver_->window().message().contains("too large for a list"));
    driver_->drop({folder_->write("large.packetloom", std::string(9 << 20, ' '))});
    QVERIFY2(driver_->window().message().contains("large.packetloom is too large for a session"),
             qPrintable(driver_->window().message()));
}

void OpeningJourneyTest::optionsAreRememberedFiltersAreNot()
{
    driver_->named<QSpinBox>("Inactivity timeout")->setValue(60);
    driver_->named<QSpinBox>("Most packets")->setValue(5);
    driver_->named<QPlainTextEdit>("Addresses to keep")->setPlainText("10.0.0.1");
    driver_->named<QComboBox>("What the height of the timeline means")->setCurrentIndex(1);
    driver_->window().close();
    WindowDriver next;
    QCOMPARE(next.window().options().flowTimeoutSeconds, 60);
    QCOMPARE(next.window().options().maxRecords, 0);
    QVERIFY(next.window().options().addressFilter.empty());
    QCOMPARE(next.named<QComboBox>("What the height of the timeline means")->currentIndex(), 1);
    next.press("Options (changed)");
    next.press("Restore defaults");
    QCOMPARE(next.window().options().flowTimeoutSeconds, 300);
}

void OpeningJourneyTest::theDesktopHandsFilesOver()
{
    QFileOpenEvent event(QString::fromStdString(pathText(folder_->write("handed.csv", conversations(3)))));
    qApp->installEventFilter(&driver_->session());
    QVERIFY(QApplication::sendEvent(qApp, &event));
    QCOMPARE(driver_->named<QListWidget>(captureList)->count(), 1);
}

QTEST_MAIN(OpeningJourneyTest)
#include "opening_journey_test.moc"
