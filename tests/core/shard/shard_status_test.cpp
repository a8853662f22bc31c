// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/task_worker.h"
#include "tests/core/shard/planned_job.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What is said of a job that somebody works on, or stopped to.
class ShardStatusTest : public QObject
{
    Q_OBJECT

private slots:
    void statusTellsWhatIsDone();
    void mergesThatNobodyFinishedAreTold();
    void whoWorksIsToldWhileTheyDo();
    void whoIsGoneWasKilled();
    void whoIsElsewhereMayWork();
    void ofSeveralTheOneThatRuns();
    void whatNobodySignedIsBegun_data();
    void whatNobodySignedIsBegun();
    void slurmJobs();
};

namespace {

/// What a process that is there no more left in a task's working folder.
TaskWorker goneWorker()
{
    TaskWorker worker = thisWorker();
    if (worker.process.began > 0)
        --worker.process.began;
    else
        worker.process.process = 0x7fff'fffe;
    return worker;
}

TaskWorker workerElsewhere()
{
    TaskWorker worker = thisWorker();
    worker.process.host = "node17";
    worker.slurmJob = "12_3";
    return worker;
}

void leave(const Job& job, const char* working, const TaskWorker& worker)
{
    const auto folder = job.folder / "map" / working;
    std::filesystem::create_directories(folder);
    noteWorker(folder, worker);
}

TaskStatus firstOf(const Job& job)
{
    return statusOf(job).tasks.front();
}

} // namespace

void ShardStatusTest::statusTellsWhatIsDone()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    QCOMPARE(statusOf(job).count(TaskKind::Map, TaskState::Missing), job.tasks.size());
    QCOMPARE(statusOf(job).count(TaskKind::Merge), 1u);
    QVERIFY(runMapTask(job, 1, plainContext));
    noteFailure(job, {TaskKind::Map, 2}, "the disk is full");
    auto status = statusOf(job);
    QCOMPARE(status.count(TaskKind::Map, TaskState::Done), 1u);
    QCOMPARE(status.tasks[2].state, TaskState::Failed);
    QCOMPARE(status.tasks[2].failure, std::string("the disk is full"));
    QVERIFY(runMapTask(job, 2, plainContext));
    clearFailure(job, {TaskKind::Map, 2});
    QCOMPARE(statusOf(job).tasks[2].state, TaskState::Done);
    for (std::size_t i = 0; i < job.tasks.size(); ++i)
        QVERIFY(runMapTask(job, i, plainContext));
    for (std::size_t i = 0; i < job.shards; ++i)
        QVERIFY(runReduceTask(job, i, plainContext));
    QVERIFY(runMergeTask(job, 3, 4, plainContext));
    status = statusOf(job);
    QCOMPARE(status.count(TaskKind::Reduce, TaskState::Done), 3u);
    QCOMPARE(status.count(TaskKind::Merge), 4u);
    QCOMPARE(status.count(TaskKind::Merge, TaskState::Done), 1u);
    const auto merges = finishedMerges(job);
    QVERIFY(!merges && jobTroubleOf(merges.error()) == JobTrouble::NotDone);
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY(runMergeTask(job, i, 4, plainContext));
    QCOMPARE(*finishedMerges(job), 4u);
}

// Before the first of them is done, too.
void ShardStatusTest::mergesThatNobodyFinishedAreTold()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    const auto merges = [&] { return statusOf(job).count(TaskKind::Merge); };
    for (const char* const name :
         {"00000-of-100000000", "00000-of-65537", "00004-of-00004", "0-of-", "a-of-9",
          "00000-of-00007.failed.old", ".00000-of-00007", "x00000-of-00007"})
        std::filesystem::create_directories(job.folder / "merge" / name);
    QCOMPARE(merges(), 1u);
    noteFailure(job, {TaskKind::Merge, 2, 4}, "the disk is full");
    QCOMPARE(merges(), 4u);
    QCOMPARE(statusOf(job).count(TaskKind::Merge, TaskState::Failed), 1u);
    QCOMPARE(statusOf(job).tasks.back().id, (TaskId{TaskKind::Merge, 3, 4}));
    const auto working = job.folder / "merge" / ".00004-of-00006-0123456789abcdef";
    std::filesystem::create_directories(working);
    noteWorker(working, thisWorker());
    QCOMPARE(merges(), 6u); // at work now
    QCOMPARE(statusOf(job).count(TaskKind::Merge, TaskState::Running), 1u);
    std::filesystem::create_directories(job.folder / "merge/00000-of-00003");
    QCOMPARE(merges(), 3u); // further
    std::filesystem::create_directories(job.folder / "merge/00000-of-00002");
    std::filesystem::create_directories(job.folder / "merge/00001-of-00002");
    QCOMPARE(merges(), 2u); // all of it
    QCOMPARE(*finishedMerges(job), 2u);
}

void ShardStatusTest::whoWorksIsToldWhileTheyDo()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    std::size_t asked = 0;
    const auto watched = [&](const TaskId& task) -> Heartbeat {
        return [&, task](const Progress&) {
            const auto status = statusOf(job);
            const auto found = std::ranges::find(status.tasks, task, &TaskStatus::id);
            asked += found != status.tasks.end() && found->state == TaskState::Running &&
                             found->worker == thisWorker()
                         ? 1u
                         : 0u;
            return true;
        };
    };
    const auto counts = [&](const TaskId& task, const auto& run) {
        asked = 0;
        const auto heartbeat = watched(task);
        return run(TaskContext{.heartbeat = heartbeat, .stop = nullptr}) && asked > 0;
    };
    for (std::size_t i = 0; i < job.tasks.size(); ++i)
        QVERIFY(counts({TaskKind::Map, i}, [&](const auto& context) { return runMapTask(job, i, context); }));
    for (std::size_t i = 0; i < job.shards; ++i)
        QVERIFY(counts({TaskKind::Reduce, i},
                       [&](const auto& context) { return runReduceTask(job, i, context); }));
    QVERIFY(counts({TaskKind::Merge, 0, 1},
                   [&](const auto& context) { return runMergeTask(job, 0, 1, context); }));
    for (const auto& entry : std::filesystem::recursive_directory_iterator(job.folder))
        QVERIFY(entry.path().filename() != "who");
}

void ShardStatusTest::whoIsGoneWasKilled()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    leave(job, ".00000-0123456789abcdef", goneWorker());
    const auto first = firstOf(job);
    QCOMPARE(first.state, TaskState::Killed);
    QVERIFY(first.worker == goneWorker());
    noteFailure(job, {TaskKind::Map, 0}, "the disk is full");
    QCOMPARE(firstOf(job).state, TaskState::Failed);
    QVERIFY(!firstOf(job).worker);
    QVERIFY(runMapTask(job, 0, plainContext));
    QCOMPARE(firstOf(job).state, TaskState::Done);
    QVERIFY(!firstOf(job).worker);
}

void ShardStatusTest::whoIsElsewhereMayWork()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    leave(job, ".00000-0123456789abcdef", workerElsewhere());
    noteFailure(job, {TaskKind::Map, 0}, "the disk is full");
    QCOMPARE(firstOf(job).state, TaskState::Begun);
    QVERIFY(firstOf(job).worker == workerElsewhere());
    QCOMPARE(firstOf(job).failure, std::string("the disk is full")); // nobody knows which came later
    leave(job, ".00000-3000000000000000", thisWorker());
    QCOMPARE(firstOf(job).state, TaskState::Running);
    QVERIFY(firstOf(job).failure.empty());
}

void ShardStatusTest::ofSeveralTheOneThatRuns()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    leave(job, ".00000-1000000000000000", goneWorker());
    leave(job, ".00000-2000000000000000", workerElsewhere());
    QVERIFY(firstOf(job).worker == workerElsewhere());
    leave(job, ".00000-3000000000000000", thisWorker());
    leave(job, ".00000-4000000000000000", workerElsewhere());
    QCOMPARE(firstOf(job).state, TaskState::Running);
    QVERIFY(firstOf(job).worker == thisWorker());
    QCOMPARE(statusOf(job).count(TaskKind::Map, TaskState::Missing), job.tasks.size() - 1);
}

void ShardStatusTest::whatNobodySignedIsBegun_data()
{
    QTest::addColumn<std::string>("who");
    QTest::newRow("empty") << std::string();
    QTest::newRow("cut short") << std::string("host a\nproc");
    QTest::newRow("no number") << std::string("host a\nprocess x1\n");
    QTest::newRow("too large a number") << std::string("host a\nprocess 99999999999999999999\n");
    QTest::newRow("no host") << std::string("process 1\n");
    QTest::newRow("long") << "host " + std::string(5000, 'a') + "\nprocess 1\n";
}

void ShardStatusTest::whatNobodySignedIsBegun()
{
    QFETCH(std::string, who);
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    folder.write("job/map/.00000-0123456789abcdef/who", who);
    QCOMPARE(firstOf(job).state, TaskState::Begun);
    QVERIFY(!firstOf(job).worker);
}

void ShardStatusTest::slurmJobs()
{
    const auto with = [](const char* job, const char* array, const char* task) {
        qputenv("SLURM_JOB_ID", job);
        qputenv("SLURM_ARRAY_JOB_ID", array);
        qputenv("SLURM_ARRAY_TASK_ID", task);
        return thisWorker().slurmJob;
    };
    QCOMPARE(with("15", "12", "3"), std::string("12_3"));
    QCOMPARE(with("15", "", ""), std::string("15"));
    QCOMPARE(with("", "", ""), std::string());
    const TestFolder folder;
    TaskWorker worker = thisWorker();
    worker.slurmJob = "12_3";
    worker.process.host = "a\nprocess 5"; // no line of its own
    noteWorker(folder / "", worker);
    worker.process.host = "a?process 5";
    QVERIFY(workerOf(folder / "") == worker);
}

QTEST_APPLESS_MAIN(ShardStatusTest)
#include "shard_status_test.moc"
