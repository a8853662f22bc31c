// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/flow_export.h"
#include "core/shard/status.h"
#include "core/shard/task_worker.h"
#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/shard_run.h"
#include "tests/support/test_folder.h"
#include "tests/ui/window_driver.h"
#include "ui/panels/job_window.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMessageBox>
#include <QProcess>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QSpinBox>
#include <QTabWidget>
#include <QTest>
#include <QTimer>

using namespace packetloom;
using namespace packetloom::test;

/// A job that others work on, followed in the real window.
class JobWindowJourneyTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { WindowDriver::useSettingsOfItsOwn(QStringLiteral("JobWindowJourneyTest")); }
    void init();
    void cleanup();
    void tasksAreFollowedToTheDataset();
    void aFailedTaskIsShownWithItsText();
    void theNextCommandLeadsOn();
    void whatIsNoJobIsSaid();
    void aChangedInputIsSaid();
    void aLostJobIsSaid();
    void aKilledTaskIsToldByItsProcess();
    void aFileOfFlowsIsFinished();
    void aDatasetIsReplacedIfTheUserAgrees();
    void itIsOpenedOnceAndRemembered();
    void itLooksOnlyWhileItIsSeen();

private:
    /// Plans a job of 30 connections in the test's folder.
    [[nodiscard]] Job planned(const char* name = "job") const;
    /// Opens it as the user does, and waits for its window and the first look.
    JobWindow* open(const std::filesystem::path& folder);
    [[nodiscard]] QStringList counts() const;

    std::unique_ptr<TestFolder> folder_;
    std::unique_ptr<WindowDriver> driver_;
};

namespace {

constexpr int patience = WindowDriver::patience;

void doAll(const Job& job, std::size_t merges)
{
    for (std::size_t i = 0; i < job.tasks.size(); ++i)
        QVERIFY(runMapTask(job, i, plainContext));
    for (std::size_t i = 0; i < job.shards; ++i)
        QVERIFY(runReduceTask(job, i, plainContext));
    for (std::size_t i = 0; i < merges; ++i)
        QVERIFY(runMergeTask(job, i, merges, plainContext));
}

Options someOptions(const TestFolder& folder)
{
    Options options;
    options.inputs = {folder.write("day.csv", conversations(30))};
    options.readChunkRows = 20;
    options.flowsPerChunk = 5;
    return options;
}

} // namespace

void JobWindowJourneyTest::init()
{
    QSettings().clear();
    folder_ = std::make_unique<TestFolder>();
    driver_ = std::make_unique<WindowDriver>();
    driver_->window().setJobPrograms({.cli = PACKETLOOM_CLI, .drivers = {}});
}

void JobWindowJourneyTest::cleanup()
{
    driver_.reset();
    folder_.reset();
}

Job JobWindowJourneyTest::planned(const char* name) const
{
    auto job =
        planJob({.folder = *folder_ / name, .shards = 2, .taskBytes = 3000, .options = someOptions(*folder_)},
                plainContext);
    if (!job)
        qFatal("no plan: %s", job.error().detail.c_str());
    return *std::move(job);
}

JobWindow* JobWindowJourneyTest::open(const std::filesystem::path& folder)
{
    driver_->drop({folder});
    if (!QTest::qWaitFor([&] { return driver_->window().findChild<JobWindow*>() != nullptr; }, patience))
        qFatal("no window: %s", qPrintable(driver_->window().message()));
    if (!QTest::qWaitFor([&] { return !driver_->shows("Looking at the job…"); }, patience))
        qFatal("no answer");
    return driver_->window().findChild<JobWindow*>();
}

/// What stands beside the three bars.
QStringList JobWindowJourneyTest::counts() const
{
    QStringList all;
    for (const char* const kind : {"Map", "Reduce", "Merge"}) {
        const auto* const bar =
            driver_->named<QProgressBar>(QStringLiteral("%1 tasks that are done").arg(QLatin1String(kind)));
        all << QStringLiteral("%1/%2").arg(bar->value()).arg(bar->maximum());
    }
    return all;
}

void JobWindowJourneyTest::tasksAreFollowedToTheDataset()
{
    const auto job = planned();
    const auto window = open(job.folder);
    const auto maps = QString::number(job.tasks.size());
    QCOMPARE(counts(), (QStringList{"0/" + maps, "0/2", "0/1"}));
    QVERIFY(driver_->shows("Nobody has begun yet: enter the commands where the tasks are to be done."));
    QVERIFY(runMapTask(job, 1, plainContext));
    QTRY_COMPARE_WITH_TIMEOUT(counts().front(), "1/" + maps, patience);
    QVERIFY(driver_->table("Tasks")[1].startsWith("map 1|done||day.csv, "));
    QVERIFY(driver_->table("Tasks")[0].startsWith("map 0|not begun||"));
    std::filesystem::create_directories(job.folder / "map" / ".00000-0123456789abcdef");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->table("Tasks")[0].startsWith("map 0|begun||"), patience);
    QVERIFY(driver_->shows("1 of " + maps + " done, 1 begun"));
    doAll(job, 2);
    QTRY_COMPARE_WITH_TIMEOUT(counts(), (QStringList{maps + '/' + maps, "2/2", "2/2"}), patience);
    QCOMPARE(driver_->named<QSpinBox>("Merge tasks")->value(), 2); // as they are
    QCOMPARE(driver_->table("Tasks").back(), QString("merge 1 of 2|done||the flows of all parts, in order|"));
    driver_->named<QComboBox>("Which tasks are listed")->setCurrentText("Not done");
    QVERIFY(driver_->table("Tasks").isEmpty());
    const auto dataset = *folder_ / "job-dataset";
    driver_->named<QLineEdit>("Folder for the dataset")->setText(shown(dataset));
    driver_->press("&Finish here");
    QTRY_VERIFY2_WITH_TIMEOUT(driver_->window().message().startsWith("Exported 30 flows to "),
                              qPrintable(driver_->window().message()), patience);
    QVERIFY(convert(someOptions(*folder_), *folder_ / "one", keepsOn));
    QCOMPARE(datasetContent(dataset), datasetContent(*folder_ / "one"));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("All tasks are done, and the folder has a dataset."), patience);
    driver_->press("&Open dataset");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis() != nullptr, patience);
    QCOMPARE(driver_->window().dataset(), dataset);
    QVERIFY(window->isVisible());
}

void JobWindowJourneyTest::aFailedTaskIsShownWithItsText()
{
    const auto job = planned();
    open(job.folder);
    noteFailure(job, {TaskKind::Map, 1}, "/data/day.csv: The disk is full <b>now</b>.");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("Tasks that failed: 1. What went wrong stands under Tasks; enter "
                                            "the commands again when it is cured."),
                             patience);
    // What went wrong is led to.
    QCOMPARE(driver_->named<QComboBox>("Which tasks are listed")->currentText(), QString("Failed"));
    QCOMPARE(driver_->table("Tasks").size(), 1);
    QVERIFY(driver_->table("Tasks")[0].startsWith("map 1|failed||"));
    QVERIFY(driver_->table("Tasks")[0].endsWith("|/data/day.csv: The disk is full <b>now</b>."));
    QVERIFY(driver_->shows("/data/day.csv: The disk is full <b>now</b>.")); // all of it, below the table
    QVERIFY(runMapTask(job, 1, plainContext));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->table("Tasks").isEmpty(), patience);
    QVERIFY(driver_->shows("No task has failed."));
}

// One after the other, from the plan to the dataset, each by a shell.
void JobWindowJourneyTest::theNextCommandLeadsOn()
{
    const auto job = planned("it's a job");
    open(job.folder);
    driver_->named<QSpinBox>("Merge tasks")->setValue(2);
    auto* const next = driver_->named<QLineEdit>("Next command");
    const auto dataset = *folder_ / "the dataset";
    driver_->named<QLineEdit>("Folder for the dataset")->setText(shown(dataset));
    QString before;
    int commands = 0;
    while (!std::filesystem::exists(dataset) && commands < 30) {
        QTRY_VERIFY_WITH_TIMEOUT(next->text() != before && !next->text().isEmpty(), patience);
        before = next->text();
        for (auto* const button : driver_->window().findChildren<QPushButton*>()) {
            if (button->accessibleName() == "Copy the next command")
                button->click();
        }
        QCOMPARE(QApplication::clipboard()->text(), before);
        QCOMPARE(QProcess::execute("/bin/sh", {"-c", before + " > /dev/null"}), 0);
        ++commands;
    }
    QCOMPARE(commands, int(job.tasks.size()) + 2 + 2 + 1);
    QVERIFY(convert(someOptions(*folder_), *folder_ / "one", keepsOn));
    QCOMPARE(datasetContent(dataset), datasetContent(*folder_ / "one"));
}

void JobWindowJourneyTest::whatIsNoJobIsSaid()
{
    emit driver_->window().jobWanted(folder_->path());
    QTRY_VERIFY2_WITH_TIMEOUT(driver_->window().message().contains("job.json"),
                              qPrintable(driver_->window().message()), patience);
    folder_->write("strange/job.json", "[]");
    emit driver_->window().jobWanted(*folder_ / "strange");
    QTRY_VERIFY2_WITH_TIMEOUT(
        driver_->window().message().contains("This folder is no job for a cluster: it is no JSON object."),
        qPrintable(driver_->window().message()), patience);
    auto text = contentOf(planned().folder / "job.json");
    const auto at = text.find(jobVersion());
    QVERIFY(at != std::string::npos);
    folder_->write("other/job.json", text.replace(at, jobVersion().size(), "0.0.9 (build x)"));
    emit driver_->window().jobWanted(*folder_ / "other");
    QTRY_VERIFY2_WITH_TIMEOUT(
        driver_->window().message().contains("another version of the program (0.0.9 (build x))"),
        qPrintable(driver_->window().message()), patience);
    QVERIFY(!driver_->window().findChild<JobWindow*>());
}

void JobWindowJourneyTest::aChangedInputIsSaid()
{
    const auto job = planned();
    folder_->write("day.csv", conversations(31));
    open(job.folder);
    const auto message = shown(*folder_ / "day.csv") +
                         ": The file is not the one that the job was planned with. Plan a new job.";
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows(message), patience);
    QTest::qWait(1500); // a look that is not thorough
    QVERIFY(driver_->shows(message));
}

void JobWindowJourneyTest::aLostJobIsSaid()
{
    const auto job = planned();
    const auto* const window = open(job.folder);
    QVERIFY(runMapTask(job, 0, plainContext));
    std::filesystem::rename(job.folder, *folder_ / "away");
    QTRY_VERIFY_WITH_TIMEOUT(
        [&] {
            for (const auto* const label : window->findChildren<QLabel*>()) {
                if (label->isVisible() && label->text().contains("job.json"))
                    return true;
            }
            return false;
        }(),
        patience);
    QVERIFY(!driver_->window().isHidden());
}

void JobWindowJourneyTest::aKilledTaskIsToldByItsProcess()
{
    const auto job = planned();
    const auto working = job.folder / "map" / ".00000-0123456789abcdef";
    std::filesystem::create_directories(working);
    auto worker = thisWorker();
    noteWorker(working, worker);
    open(job.folder);
    const auto who = QStringLiteral("%1, process %2|")
                         .arg(QString::fromStdString(worker.process.host))
                         .arg(worker.process.process);
    QVERIFY2(driver_->table("Tasks")[0].startsWith("map 0|running|" + who),
             qPrintable(driver_->table("Tasks")[0]));
    QVERIFY(driver_->shows("0 of " + QString::number(job.tasks.size()) + " done, 1 running"));
    forgetWorker(working);
    ++worker.process.began; // it was another process of this number
    noteWorker(working, worker);
    QTRY_VERIFY_WITH_TIMEOUT(driver_->table("Tasks")[0].startsWith("map 0|killed|" + who), patience);
    QVERIFY(driver_->shows("Tasks that were ended before they were done: 1. Nobody is at work: enter the "
                           "commands again."));
}

void JobWindowJourneyTest::aFileOfFlowsIsFinished()
{
    const JobOutput output{.format = outputFormatNamed("conn-log"), .filter = {}};
    const auto options = someOptions(*folder_);
    const auto job = planJob({.folder = *folder_ / "flows-job",
                              .shards = 2,
                              .taskBytes = 3000,
                              .output = output,
                              .options = options},
                             plainContext);
    QVERIFY(job);
    doAll(*job, 2);
    const auto* const window = open(job->folder);
    const auto file = *folder_ / "flows-conn.log";
    QCOMPARE(driver_->named<QLineEdit>("File for the flows")->text(), shown(file));
    QVERIFY(driver_->named<QLineEdit>("Next command")->text().endsWith(" --output " + shown(file)));
    QVERIFY(exportFlows(
        options,
        flowExportOf(
            {.format = output.format, .rules = {}, .filter = {}, .flows = {}, .file = *folder_ / "one.log"},
            options),
        keepsOn));
    for (const bool again : {false, true}) {
        QTimer::singleShot(0, &driver_->window(), [&] {
            auto* const question = window->findChild<QMessageBox*>();
            QCOMPARE(question != nullptr, again);
            for (auto* const button : question ? question->buttons() : QList<QAbstractButton*>()) {
                if (question->buttonRole(button) == QMessageBox::AcceptRole)
                    return button->click();
            }
        });
        if (again)
            folder_->write("flows-conn.log", "old");
        driver_->press("&Finish here");
        QTRY_COMPARE_WITH_TIMEOUT(driver_->session().jobs().running(), Jobs::Kind::None, patience);
        QVERIFY2(driver_->window().message().startsWith("Exported 30 flows to "),
                 qPrintable(driver_->window().message()));
        QCOMPARE(contentOf(file), contentOf(*folder_ / "one.log"));
        QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("All tasks are done, and the file is there."), patience);
        QVERIFY(driver_->named<QLineEdit>("Next command")->text().endsWith(" --force"));
    }
    driver_->press("&Open table");
    QTRY_VERIFY_WITH_TIMEOUT(driver_->analysis() != nullptr, patience);
    QVERIFY(driver_->analysis()->flowTable());
}

void JobWindowJourneyTest::aDatasetIsReplacedIfTheUserAgrees()
{
    const auto job = planned();
    doAll(job, 1);
    const auto dataset = *folder_ / "out";
    QVERIFY(finishJob(job, dataset, plainContext));
    folder_->write("out/packets.csv", "old"); // as if it were an older one
    const auto* const window = open(job.folder);
    driver_->named<QLineEdit>("Folder for the dataset")->setText(shown(dataset));
    QTRY_VERIFY_WITH_TIMEOUT(driver_->shows("All tasks are done, and the folder has a dataset."), patience);
    for (const bool agrees : {false, true}) {
        bool asked = false;
        QTimer::singleShot(0, &driver_->window(), [&] {
            auto* const question = window->findChild<QMessageBox*>();
            asked = question != nullptr;
            for (auto* const button : question->buttons()) {
                if ((question->buttonRole(button) == QMessageBox::AcceptRole) == agrees)
                    return button->click();
            }
        });
        driver_->press("&Finish here");
        QVERIFY(asked);
        QTRY_COMPARE_WITH_TIMEOUT(driver_->session().jobs().running(), Jobs::Kind::None, patience);
        QCOMPARE(contentOf(dataset / "packets.csv") == "old", !agrees);
    }
}

void JobWindowJourneyTest::itIsOpenedOnceAndRemembered()
{
    const auto job = planned();
    auto* const window = open(job.folder);
    driver_->named<QLineEdit>("Folder for the dataset")->setText(shown(*folder_ / "mine"));
    driver_->drop({job.folder});
    QTest::qWait(300);
    QCOMPARE(driver_->window().findChildren<JobWindow*>(), QList<JobWindow*>{window});
    window->close();
    QTRY_VERIFY_WITH_TIMEOUT(!driver_->window().findChild<JobWindow*>(), patience);
    open(job.folder);
    QCOMPARE(driver_->named<QLineEdit>("Folder for the dataset")->text(), shown(*folder_ / "mine"));
}

void JobWindowJourneyTest::itLooksOnlyWhileItIsSeen()
{
    const auto job = planned();
    auto* const window = open(job.folder);
    int looks = 0;
    connect(window, &JobWindow::lookWanted, this, [&] { ++looks; });
    QTRY_VERIFY_WITH_TIMEOUT(looks >= 2, patience);
    window->hide();
    QTest::qWait(100);
    const int before = looks;
    QTest::qWait(2500);
    QCOMPARE(looks, before);
    window->show();
    QTRY_VERIFY_WITH_TIMEOUT(looks > before, patience);
}

QTEST_MAIN(JobWindowJourneyTest)
#include "job_window_journey_test.moc"
