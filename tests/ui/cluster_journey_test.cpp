// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/plan.h"
#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/shard_run.h"
#include "tests/support/test_folder.h"
#include "tests/ui/cluster_hands.h"
#include "ui/panels/export_dialog.h"
#include "ui/panels/narrowing_bar.h"
#include "ui/panels/overview_panel.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
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

/// Exports that are cut into tasks, planned in the real window: what comes of the plan.
class ClusterJourneyTest : public QObject, private ClusterHands
{
    Q_OBJECT

private slots:
    void initTestCase() { WindowDriver::useSettingsOfItsOwn(QStringLiteral("ClusterJourneyTest")); }
    void init() { begin(); }
    void cleanup() { end(); }
    void theCommandsMakeTheExport_data();
    void theCommandsMakeTheExport();
    void aPipeIsNamed();
    void aPlanIsStopped();

private:
    /// Of the window: another export of the same, for comparison.
    void exportHere(const std::filesystem::path& place, int content, int format);
};

namespace {

/// In a shell, which it is quoted for.
void runInShell(const QString& commands)
{
    QProcess shell;
    shell.start(QStringLiteral("/bin/sh"), {QStringLiteral("-c"), commands});
    QVERIFY(shell.waitForFinished(WindowDriver::patience));
    QVERIFY2(shell.exitCode() == 0, qPrintable(commands + '\n' + shell.readAllStandardError()));
}

} // namespace

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

QTEST_MAIN(ClusterJourneyTest)
#include "cluster_journey_test.moc"
