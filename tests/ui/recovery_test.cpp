// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/option_table.h"
#include "core/support/path_text.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/overview_panel.h"
#include "ui/views/flow_view.h"

#include <QComboBox>
#include <QJsonDocument>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTableView>
#include <QTest>
#include <algorithm>

using namespace packetloom;
using namespace packetloom::test;

/// What was open when the program did not end properly is offered again.
class RecoveryTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void everythingComesBack();
    void aDatasetComesBack();
    void discardedItIsNotOfferedAgain();
    void crashAfterCrash();
    void itWaitsForTheWorkThatRuns();
    void whoEndsProperlyLeavesNothing();
    void aKilledProgramIsOffered();

private:
    /// What a crash would leave of `driver` now, in a folder of its own.
    std::filesystem::path crash(const std::string& name);
    [[nodiscard]] std::vector<std::filesystem::path> kept(const std::string& name) const;
    std::filesystem::path leaveSession(const std::string& name);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_; ///< keeps its session in "kept"
};

namespace {

constexpr int patience = WindowDriver::patience;
const QString captureList = QStringLiteral("Captures, in the order in which they are read");
const QString offer = QStringLiteral("Packetloom did not end properly last time. Open what was open then?");

QString textOf(const std::filesystem::path& path)
{
    return QString::fromStdString(pathText(path));
}

QString lookOf(WindowDriver& driver)
{
    return QString::fromUtf8(QJsonDocument(driver.window().viewState()).toJson());
}

} // namespace

void RecoveryTest::initTestCase()
{
    WindowDriver::useSettingsOfItsOwn(QStringLiteral("RecoveryTest"));
}

void RecoveryTest::init()
{
    QSettings().clear();
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
    driver_->session().keepIn(*folder_ / "kept");
}

void RecoveryTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

std::vector<std::filesystem::path> RecoveryTest::kept(const std::string& name) const
{
    std::vector<std::filesystem::path> sessions;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(*folder_ / name, none)) {
        if (entry.path().extension() == ".packetloom")
            sessions.push_back(entry.path());
    }
    return sessions;
}

std::filesystem::path RecoveryTest::crash(const std::string& name)
{
    QTest::qWait(1'500); // changes are kept after a moment
    std::filesystem::create_directory(*folder_ / name);
    for (const auto& file : kept("kept"))
        std::filesystem::copy(file, *folder_ / name / file.filename());
    return *folder_ / name;
}

std::filesystem::path RecoveryTest::leaveSession(const std::string& name)
{
    SessionFile session;
    session.options.inputs = {folder_->write(name + ".csv", conversations(20))};
    const auto file =
        folder_->write(name + "/0a.packetloom", sessionToJson(session, *folder_ / name).toStdString());
    return file.parent_path();
}

void RecoveryTest::everythingComesBack()
{
    driver_->drop(
        {folder_->write("in.csv", conversations(100)), folder_->write("map.json", R"({"10.0.0.1": 1})")});
    driver_->named<QPlainTextEdit>("Addresses to keep")->setPlainText("10.9.0.1, 1");
    driver_->named<QSpinBox>("Inactivity timeout")->setValue(77);
    driver_->named<QLineEdit>("Label")->setText("a label");
    QVERIFY(driver_->analyze());
    driver_->showPage("flows");
    driver_->named<QComboBox>("What the height of the timeline means")->setCurrentIndex(1);
    driver_->named<QLineEdit>("Filter what is seen")->setText("graceful");
    driver_->named<QTableView>("Flows")->sortByColumn(int(FlowColumn::Start), Qt::DescendingOrder);
    emit driver_->window().findChild<OverviewPanel*>()->brushed(
        std::pair(qint64{captureStart + 1}, qint64{captureStart + 6'000}));
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Flows").size(), 10, patience);
    driver_->window().flowDetail().showPart(QStringLiteral("packets"));
    driver_->named<QTableView>("Flows")->selectRow(2);
    QTRY_COMPARE_WITH_TIMEOUT(driver_->table("Packets of the chosen flow").size(), packetsPerConversation,
                              patience);
    driver_->window().findChild<OverviewPanel*>()->showInterval(captureStart, captureStart + 30'000);
    const auto flows = driver_->table("Flows"), packets = driver_->table("Packets of the chosen flow");
    const auto look = lookOf(*driver_);
    const auto left = crash("left");

    WindowDriver next;
    next.session().keepIn(left);
    QVERIFY(next.shows(offer));
    QCOMPARE(next.named<QListWidget>(captureList)->count(), 0); // nothing before it is wanted
    next.press("Open again");
    QVERIFY(!next.shows(offer));
    QVERIFY(sameCapture(next.window().options(), driver_->window().options()));
    QCOMPARE(next.window().options().attackContext, std::string("a label"));
    QTest::qWait(300);
    QCOMPARE(next.session().jobs().running(), Jobs::Kind::None); // it starts no analysis by itself
    QVERIFY(!next.analysis());
    QCOMPARE(lookOf(next), look);
    QVERIFY(next.analyze());
    QTRY_COMPARE_WITH_TIMEOUT(next.table("Flows"), flows, patience);
    QTRY_COMPARE_WITH_TIMEOUT(next.table("Packets of the chosen flow"), packets, patience);
    QTRY_COMPARE_WITH_TIMEOUT(lookOf(next), look, patience);
}

void RecoveryTest::aDatasetComesBack()
{
    driver_->drop({folder_->write("in.csv", conversations(30))});
    QVERIFY(driver_->analyze());
    emit driver_->window().exportWanted(driver_->window().options(), *folder_ / "set");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->window().message().startsWith("Exported "), patience);
    driver_->drop({*folder_ / "set"});
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis()->dataset() != nullptr, patience);
    const auto left = crash("left");
    driver_->press("Close dataset");
    const auto closed = crash("closed");

    WindowDriver next;
    next.session().keepIn(left);
    next.press("Open again");
    QTRY_VERIFY_WITH_TIMEOUT(next.analysis() != nullptr, patience);
    QVERIFY(next.analysis()->dataset() && next.analysis()->dataset()->source.folder == *folder_ / "set");

    WindowDriver other;
    other.session().keepIn(closed);
    other.press("Open again");
    QTest::qWait(300);
    QVERIFY(!other.analysis());
    QCOMPARE(other.named<QListWidget>(captureList)->count(), 1);
}

void RecoveryTest::discardedItIsNotOfferedAgain()
{
    const auto left = leaveSession("left");
    {
        WindowDriver next;
        next.session().keepIn(left);
        QVERIFY(next.shows(offer));
    }
    {
        WindowDriver next; // not answered, it comes again
        next.session().keepIn(left);
        QVERIFY(next.shows(offer));
        next.press("Discard");
        QVERIFY(!next.shows(offer));
        QCOMPARE(next.named<QListWidget>(captureList)->count(), 0);
    }
    QVERIFY(std::filesystem::is_empty(left));
    WindowDriver next;
    next.session().keepIn(left);
    QVERIFY(!next.shows(offer));
}

// Opened again, it is the new instance's own; after the next crash there is one offer, not two.
void RecoveryTest::crashAfterCrash()
{
    auto left = leaveSession("left");
    for (int round = 0; round < 2; ++round) {
        WindowDriver next;
        next.session().keepIn(left);
        next.press("Open again");
        QTRY_COMPARE(kept(left.filename().string()).size(), 1u);
        QTRY_VERIFY(kept(left.filename().string()).front().filename() != "0a.packetloom");
        const auto again = *folder_ / ("again" + std::to_string(round));
        std::filesystem::create_directory(again);
        std::filesystem::copy_file(kept(left.filename().string()).front(), again / "0a.packetloom");
        left = again;
    }
    {
        WindowDriver next;
        next.session().keepIn(left);
        next.press("Discard");
    }
    WindowDriver next;
    next.session().keepIn(left);
    QVERIFY(!next.shows(offer));
}

void RecoveryTest::itWaitsForTheWorkThatRuns()
{
    WindowDriver next;
    next.session().keepIn(leaveSession("left"));
    next.drop({folder_->write("large.csv", conversations(30'000))});
    next.action("Analyze")->trigger();
    QVERIFY(next.shows(offer)); // other messages do not take its place
    const auto buttons = next.window().findChildren<QPushButton*>();
    const auto again = std::ranges::find_if(
        buttons, [](const QPushButton* button) { return button->text() == QLatin1String("Open again"); });
    QVERIFY(again != buttons.end());
    QVERIFY(!(*again)->isEnabled());
    QTRY_VERIFY_WITH_TIMEOUT(next.analysis() != nullptr, patience);
    QVERIFY(next.shows(offer));
    QVERIFY((*again)->isEnabled());
    next.press("Open again");
    QVERIFY(next.window().options().inputs == std::vector{*folder_ / "left.csv"});
    QCOMPARE(next.table("Flows").size(), 0);
}

void RecoveryTest::whoEndsProperlyLeavesNothing()
{
    driver_->drop({folder_->write("in.csv", conversations(10))});
    QTRY_COMPARE(kept("kept").size(), 1u);
    {
        WindowDriver second; // beside the first
        second.session().keepIn(*folder_ / "kept");
        QVERIFY(!second.shows(offer));
        second.drop({*folder_ / "in.csv"});
        QTRY_COMPARE(kept("kept").size(), 2u);
    }
    QCOMPARE(kept("kept").size(), 1u);
    QVERIFY(driver_->window().close());
    driver_.reset();
    QVERIFY(std::filesystem::is_empty(*folder_ / "kept"));
}

// The real program, ended by the system.
void RecoveryTest::aKilledProgramIsOffered()
{
#ifndef Q_OS_LINUX
    QSKIP("elsewhere the place of the data cannot be set");
#endif
    const auto capture = folder_->write("in.csv", conversations(50));
    const auto map = folder_->write("map.json", R"({"10.0.0.1": 1})");
    auto environment = QProcessEnvironment::systemEnvironment();
    environment.insert("XDG_DATA_HOME", textOf(*folder_ / "data"));
    environment.insert("XDG_CONFIG_HOME", textOf(*folder_ / "config"));
    const std::string name = "data/Packetloom/Packetloom/recovery";
    const QStringList arguments{"-platform", "offscreen", textOf(capture), "--ip-map", textOf(map)};
    QProcess program;
    program.setProcessEnvironment(environment);
    program.start(QStringLiteral(PACKETLOOM_WINDOW), arguments);
    QTRY_COMPARE_WITH_TIMEOUT(kept(name).size(), 1u, patience);
    {
        WindowDriver second; // it still runs
        second.session().keepIn(*folder_ / name);
        QVERIFY(!second.shows(offer));
    }
    QCOMPARE(program.state(), QProcess::Running);
    program.kill();
    QVERIFY(program.waitForFinished());
    QCOMPARE(kept(name).size(), 1u);

    // The program leaves what another crash left alone until it is told.
    program.start(QStringLiteral(PACKETLOOM_WINDOW), arguments);
    QTRY_COMPARE_WITH_TIMEOUT(kept(name).size(), 2u, patience);
    program.kill();
    QVERIFY(program.waitForFinished());

    {
        WindowDriver next;
        next.session().keepIn(*folder_ / name);
        QVERIFY(next.shows(offer));
        next.press("Discard");
        QVERIFY(next.shows(offer)); // the one before
        next.press("Open again");
        QVERIFY(!next.shows(offer));
        QVERIFY(next.window().options().inputs == std::vector{capture});
        QVERIFY(next.window().options().ipMap == map);
        QTRY_COMPARE(kept(name).size(), 1u); // its own
        QVERIFY(next.analyze());
    }
    QVERIFY(std::filesystem::is_empty(*folder_ / name)); // nor locks
}

QTEST_MAIN(RecoveryTest)
#include "recovery_test.moc"
