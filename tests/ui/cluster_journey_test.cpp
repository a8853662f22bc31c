// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/plan.h"
#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/shard_run.h"
#include "tests/support/test_folder.h"
#include "tests/ui/dialog_hands.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/cluster_dialog.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/job_window.h"
#include "ui/panels/narrowing_bar.h"
#include "ui/panels/overview_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProcess>
#include <QRadioButton>
#include <QSettings>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>

using namespace packetloom;
using namespace packetloom::test;

/// Exports that are cut into tasks, planned in the real window.
class ClusterJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { WindowDriver::useSettingsOfItsOwn(QStringLiteral("ClusterJourneyTest")); }
    void init();
    void cleanup();
    void theCommandsMakeTheExport_data();
    void theCommandsMakeTheExport();
    void thePlaceIsTold();
    void theSuggestionStandsBack();
    void whatCannotBeInTasksIsSaid_data();
    void whatCannotBeInTasksIsSaid();
    void aPipeIsNamed();
    void aPlanIsStopped();
    void theExportDialogLeadsHere();
    void nothingIsOutOfReach();

private:
    /// Opens the dialog and has `use` do something with it.
    void inDialog(const std::function<void(ClusterDialog&)>& use);
    /// Chooses this place and size, and accepts; the content by its index.
    void plan(const std::filesystem::path& job, int content = 0, int format = 0);
    [[nodiscard]] JobWindow* jobWindow() const;
    /// Of the window: another export of the same, for comparison.
    void exportHere(const std::filesystem::path& place, int content, int format);

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

void choose(const ClusterDialog& dialog, const std::filesystem::path& job, int shards, int megabytes)
{
    dialog.findChild<QLineEdit*>()->setText(shown(job));
    const auto sizes = dialog.findChildren<QSpinBox*>();
    sizes[0]->setValue(shards);
    sizes[1]->setValue(megabytes);
}

/// In a shell, which it is quoted for.
void runInShell(const QString& commands)
{
    QProcess shell;
    shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), commands});
    QVERIFY(shell.waitForFinished(patience));
    QVERIFY2(shell.exitCode() == 0, qPrintable(commands + '\n' + shell.readAllStandardError()));
}

} // namespace

void ClusterJourneyTest::init()
{
    QSettings().clear();
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
    driver_->window().setJobPrograms({.cli = PACKETLOOM_CLI, .drivers = {}});
}

void ClusterJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

void ClusterJourneyTest::inDialog(const std::function<void(ClusterDialog&)>& use)
{
    bool used = false;
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ClusterDialog*>();
        use(*dialog);
        used = true;
        if (dialog->isVisible()) // it was not accepted
            dialog->reject();
    });
    driver_->action(QStringLiteral("Export on a cluster…"))->trigger();
    QVERIFY(used);
}

void ClusterJourneyTest::plan(const std::filesystem::path& job, int content, int format)
{
    inDialog([&](ClusterDialog& dialog) {
        dialog.findChild<QComboBox*>()->setCurrentIndex(format);
        if (const auto choices = dialog.findChildren<QRadioButton*>(); !choices.isEmpty())
            choices[content]->click();
        choose(dialog, job, 3, 1);
        QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog)->isEnabled(), patience);
        exportButton(dialog)->click();
    });
    QTRY_VERIFY2_WITH_TIMEOUT(jobWindow(), qPrintable(driver_->window().message()), patience);
}

JobWindow* ClusterJourneyTest::jobWindow() const
{
    return driver_->window().findChild<JobWindow*>();
}

void ClusterJourneyTest::exportHere(const std::filesystem::path& place, int content, int format)
{
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ExportDialog*>();
        dialog->findChild<QComboBox*>()->setCurrentIndex(format);
        if (const auto choices = dialog->findChildren<QRadioButton*>(); !choices.isEmpty())
            choices[content]->click();
        dialog->findChild<QLineEdit*>()->setText(shown(place));
        if (QTest::qWaitFor([&] { return exportButton(*dialog)->isEnabled(); }, patience))
            exportButton(*dialog)->click();
        else
            dialog->reject();
    });
    driver_->action(QStringLiteral("Export…"))->trigger();
    QTRY_COMPARE_WITH_TIMEOUT(driver_->session().jobs().running(), Jobs::Kind::None, patience);
}

void ClusterJourneyTest::theCommandsMakeTheExport_data()
{
    QTest::addColumn<QString>("starter");
    QTest::addColumn<QString>("read");
    QTest::addColumn<bool>("window");
    QTest::addColumn<bool>("interval");
    QTest::addColumn<QString>("chip");
    QTest::addColumn<int>("content");
    QTest::addColumn<int>("format"); // which of those offered
    const QString here("This machine alone"), parallel("GNU parallel");
    QTest::newRow("all") << here << "" << false << false << "" << 0 << 0;
    QTest::newRow("all by GNU parallel") << parallel << "" << false << false << "" << 0 << 0;
    QTest::newRow("by the script for GNU parallel") << parallel << "" << false << false << "" << 0 << 0;
    QTest::newRow("filters of the window") << here << "not src == 10.0.0.7" << true << false << "" << 0 << 0;
    QTest::newRow("compact") << here << "" << false << false << "" << 0 << 0;
    QTest::newRow("marked interval") << here << "" << false << true << "" << 0 << 0;
    QTest::newRow("packets of a chip") << here << "" << false << true << "tcp.flags.syn == 1" << 0 << 0;
    QTest::newRow("all beside a chip") << here << "" << false << false << "close == graceful" << 1 << 0;
    QTest::newRow("conn.log") << here << "" << false << false << "" << 0 << 1;
    QTest::newRow("JSON of a filter of flows") << parallel << "" << false << true << "bytes > 300" << 0 << 2;
}

void ClusterJourneyTest::theCommandsMakeTheExport()
{
    QFETCH(QString, starter);
    QFETCH(QString, read);
    QFETCH(bool, window);
    QFETCH(bool, interval);
    QFETCH(QString, chip);
    QFETCH(int, content);
    QFETCH(int, format);
    if (starter == "GNU parallel" && QStandardPaths::findExecutable("parallel").isEmpty())
        QSKIP("GNU parallel is not installed");
    Options options;
    options.inputs = {folder_->write("it's day 1.csv", conversations(8000)),
                      folder_->write("day2.csv", conversations(700, captureStart + 3'600'000'000))};
    options.readChunkRows = 3000;
    options.flowsPerChunk = 500;
    options.filter = read.toStdString();
    if (window)
        options.window = {.start = captureStart + 1'000'000, .end = captureStart + 3'000'000};
    driver_->window().setOptions(options);
    if (QTest::currentDataTag() == QByteArray("by the script for GNU parallel"))
        driver_->window().setJobPrograms({.cli = PACKETLOOM_CLI, .drivers = PACKETLOOM_DRIVERS});
    QSettings().setValue("export/compact", QTest::currentDataTag() == QByteArray("compact"));
    QVERIFY(driver_->analyze());
    if (!chip.isEmpty())
        driver_->window().findChild<NarrowingBar*>()->addFilter(chip);
    if (interval)
        emit driver_->window().findChild<OverviewPanel*>()->brushed(
            std::pair(qint64{captureStart} + 500'000, qint64{captureStart} + 1'500'000));
    const auto job = *folder_ / "it's a job";
    plan(job, content, format);
    QVERIFY(jobWindow());
    const auto& planned = *jobWindow()->job();
    QVERIFY(planned.tasks.size() > 3);
    QCOMPARE(planned.shards, std::size_t{3});
    driver_->named<QComboBox>("What starts the tasks")->setCurrentText(starter);
    driver_->named<QSpinBox>("Merge tasks")->setValue(2);
    driver_->named<QLineEdit>(format == 0 ? "Folder for the dataset" : "File for the flows")
        ->setText(shown(*folder_ / "of tasks"));
    driver_->press("&Copy commands");
    const auto commands = QApplication::clipboard()->text();
    QCOMPARE(commands, driver_->named<QPlainTextEdit>("Commands")->toPlainText());
    runInShell(commands);
    if (format == 0)
        runInShell(commands); // again is no harm
    exportHere(*folder_ / "of the window", content, format);
    QVERIFY2(driver_->window().message().startsWith("Exported "), qPrintable(driver_->window().message()));
    if (format == 0)
        QCOMPARE(datasetContent(*folder_ / "of tasks"), datasetContent(*folder_ / "of the window"));
    else
        QVERIFY(contentOf(*folder_ / "of tasks") == contentOf(*folder_ / "of the window"));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(format == 0 ? "All tasks are done, and the folder has a dataset."
                                                        : "All tasks are done, and the file is there."),
                             patience);
}

void ClusterJourneyTest::thePlaceIsTold()
{
    driver_->drop({folder_->write("day.csv", conversations(5))});
    QVERIFY(driver_->analyze());
    std::filesystem::create_directory(*folder_ / "empty");
    folder_->write("others/notes.txt", "mine");
    plan(*folder_ / "job");
    const std::vector<std::tuple<const char*, const char*, bool>> expected{
        {"none", "The folder will be made.", true},
        {"empty", "The folder is empty; the job will be in it.", true},
        {"others", "There are other things in this folder. They stay", true},
        {"job", "There is a job in this folder already.", false},
        {"day.csv", "There is a file of this name.", false}};
    inDialog([&](ClusterDialog& dialog) {
        QCOMPARE(dialog.findChild<QLineEdit*>()->text(), shown(*folder_ / "day-job")); // beside the last one
        for (const auto& [name, text, possible] : expected) {
            dialog.findChild<QLineEdit*>()->setText(shown(*folder_ / name));
            QVERIFY(!exportButton(dialog)->isEnabled()); // until it is known
            if (possible)
                QTRY_VERIFY2_WITH_TIMEOUT(says(dialog, text), name, patience);
            else
                QTest::qWait(300);
            QCOMPARE(exportButton(dialog)->isEnabled(), possible);
        }
        dialog.findChild<QLineEdit*>()->clear();
        QVERIFY(!exportButton(dialog)->isEnabled());
    });
}

// What the user has chosen is not chosen again by another place.
void ClusterJourneyTest::theSuggestionStandsBack()
{
    const auto input = folder_->write("day.csv", conversations(8000));
    driver_->drop({input});
    const auto maps = QString::number(std::filesystem::file_size(input) / 1'000'000 + 1);
    inDialog([&](ClusterDialog& dialog) {
        QTRY_VERIFY_WITH_TIMEOUT(says(dialog, "Suggested: 8, for "), patience);
        QCOMPARE(dialog.shards(), std::size_t{8});
        QCOMPARE(dialog.taskBytes(), std::uint64_t{1'000'000'000});
        QVERIFY(says(dialog, "Map tasks: at most 1. Reduce tasks: 8."));
        choose(dialog, *folder_ / "elsewhere", 5, 1);
        QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog)->isEnabled(), patience);
        QCOMPARE(dialog.shards(), std::size_t{5});
        QVERIFY(says(dialog, "Map tasks: at most " + maps + ". Reduce tasks: 5."));
        dialog.findChildren<QSpinBox*>()[1]->setValue(0);
        QCOMPARE(dialog.taskBytes(), std::uint64_t{0});
    });
}

void ClusterJourneyTest::whatCannotBeInTasksIsSaid_data()
{
    QTest::addColumn<QString>("read");
    QTest::addColumn<bool>("skipBroken");
    QTest::addColumn<QString>("chip");
    QTest::addColumn<QString>("reason");
    QTest::newRow("broken ones") << "" << true << ""
                                 << "Tasks cannot leave captures out";
    QTest::newRow("flows that are read") << "flow.bytes > 10" << false << ""
                                         << "Tasks cannot choose flows";
    QTest::newRow("flows of a chip") << "" << false << "close == graceful"
                                     << "Tasks cannot choose flows";
}

// And by the planning itself, should somebody ask it all the same.
void ClusterJourneyTest::whatCannotBeInTasksIsSaid()
{
    QFETCH(QString, read);
    QFETCH(bool, skipBroken);
    QFETCH(QString, chip);
    QFETCH(QString, reason);
    Options options;
    options.inputs = {folder_->write("day.csv", conversations(5))};
    options.filter = read.toStdString();
    options.skipBroken = skipBroken;
    driver_->window().setOptions(options);
    QVERIFY(driver_->analyze());
    if (!chip.isEmpty())
        driver_->window().findChild<NarrowingBar*>()->addFilter(chip);
    inDialog([&](ClusterDialog& dialog) {
        QTRY_VERIFY_WITH_TIMEOUT(says(dialog, "The folder will be made."), patience);
        QVERIFY(says(dialog, reason));
        QVERIFY(!exportButton(dialog)->isEnabled());
        if (const auto choices = dialog.findChildren<QRadioButton*>(); !choices.isEmpty()) {
            choices[1]->click(); // all packets
            QVERIFY(!says(dialog, reason));
            QVERIFY(exportButton(dialog)->isEnabled());
        }
    });
    if (!chip.isEmpty())
        options.filter = "flow(" + chip.toStdString() + ')';
    emit driver_->window().planWanted(
        {.folder = *folder_ / "job", .shards = 2, .taskBytes = 0, .options = options});
    QTRY_VERIFY2_WITH_TIMEOUT(driver_->window().message().contains("This cannot be cut into tasks: "),
                              qPrintable(driver_->window().message()), patience);
    QVERIFY(!std::filesystem::exists(*folder_ / "job"));
}

void ClusterJourneyTest::aPipeIsNamed()
{
#ifdef Q_OS_UNIX
    const auto pipe = shown(*folder_ / "live.csv");
    QCOMPARE(QProcess::execute("mkfifo", {pipe}), 0);
    Options options;
    options.inputs = {*folder_ / "live.csv"};
    emit driver_->window().planWanted(
        {.folder = *folder_ / "job", .shards = 2, .taskBytes = 0, .options = options});
    QTRY_COMPARE_WITH_TIMEOUT(driver_->window().message(), pipe + ": This is a pipe; a file is needed here.",
                              patience);
    QVERIFY(!jobWindow());
#else
    QSKIP("there are no pipes among the files");
#endif
}

void ClusterJourneyTest::aPlanIsStopped()
{
    driver_->drop({folder_->write("day.csv", conversations(60'000))});
    const auto job = *folder_ / "job";
    // As soon as it has begun: behind the session, which begins it.
    const auto stop = connect(&driver_->window(), &MainWindow::planWanted, this,
                              [&] { driver_->action("Cancel")->trigger(); });
    inDialog([&](ClusterDialog& dialog) {
        choose(dialog, job, 3, 1);
        QTRY_VERIFY_WITH_TIMEOUT(exportButton(dialog)->isEnabled(), patience);
        exportButton(dialog)->click();
    });
    QTRY_COMPARE_WITH_TIMEOUT(driver_->window().message(), QString("Stopped. Nothing of it is kept."),
                              patience);
    QVERIFY(!std::filesystem::exists(job));
    QVERIFY(!jobWindow());
    QVERIFY(driver_->action("Export on a cluster…")->isEnabled());
    disconnect(stop);
    plan(job); // and another time it is not
    QVERIFY(std::filesystem::exists(job / "job.json"));
}

void ClusterJourneyTest::theExportDialogLeadsHere()
{
    driver_->drop({folder_->write("day.csv", conversations(5))});
    QVERIFY(driver_->analyze());
    bool led = false;
    QTimer seen; // the dialog has an event loop of its own
    connect(&seen, &QTimer::timeout, this, [&] {
        if (auto* const dialog = driver_->window().findChild<ClusterDialog*>()) {
            led = true;
            dialog->reject();
        }
    });
    seen.start(20);
    QTimer::singleShot(0, &driver_->window(), [&] {
        auto* const dialog = driver_->window().findChild<ExportDialog*>();
        for (auto* const button : dialog->findChildren<QPushButton*>()) {
            if (button->text() == "On a c&luster…")
                button->click();
        }
    });
    driver_->action(QStringLiteral("Export…"))->trigger();
    QTRY_VERIFY_WITH_TIMEOUT(led, patience);
}

// Everything has a name for who cannot see it, and fits on a small screen.
void ClusterJourneyTest::nothingIsOutOfReach()
{
    driver_->drop({folder_->write("day.csv", conversations(5))});
    const auto named = [](const QWidget& parent) {
        for (const auto* const widget : parent.findChildren<QWidget*>()) {
            if (widget->focusPolicy() == Qt::NoFocus || !widget->isVisibleTo(&parent) ||
                widget->objectName().startsWith("qt_"))
                continue;
            bool has = !widget->accessibleName().isEmpty() || !widget->property("text").toString().isEmpty();
            for (const auto* const label : parent.findChildren<QLabel*>())
                has = has || label->buddy() == widget;
            const bool part = widget->inherits("QTabBar") || widget->inherits("QTabWidget");
            if (!has && !part)
                return QString::fromLatin1(widget->metaObject()->className());
        }
        return QString();
    };
    inDialog([&](ClusterDialog& dialog) {
        QCOMPARE(named(dialog), QString());
        QVERIFY2(dialog.minimumSizeHint().width() <= 720 && dialog.minimumSizeHint().height() <= 450,
                 qPrintable(QString::number(dialog.minimumSizeHint().height())));
    });
    plan(*folder_ / "job");
    QVERIFY(jobWindow());
    QCOMPARE(named(*jobWindow()), QString());
    const QSize least = jobWindow()->minimumSizeHint();
    QVERIFY2(least.width() <= 720 && least.height() <= 450,
             qPrintable(QStringLiteral("%1x%2").arg(least.width()).arg(least.height())));
}

QTEST_MAIN(ClusterJourneyTest)
#include "cluster_journey_test.moc"
