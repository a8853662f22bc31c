// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/job_task_model.h"

#include "tests/ui/model_text.h"
#include "ui/job_commands.h"

#include <QSignalSpy>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// The tasks of a job as a table, and the commands that do them.
class JobTaskModelTest : public QObject
{
    Q_OBJECT

private slots:
    void rowsSayWhatTasksDo();
    void onlyWhatChangedIsTold();
    void choicesFollowTheTasks();
    void ordersAreThoseOfTasks();
    void commandsAreQuoted();
    void scriptsAreNamed();
    void theNextIsTheFirstNotDone();
};

namespace {

std::shared_ptr<Job> someJob(std::size_t maps, std::size_t shards)
{
    auto job = std::make_shared<Job>();
    job->folder = "/shared/it's a job";
    job->shards = shards;
    job->options.inputs = {"/data/day.csv"};
    job->files = {{.path = "/data/day.csv", .bytes = 5'000'000'000, .modified = 0}};
    for (std::size_t i = 0; i < maps; ++i)
        job->tasks.push_back({.input = 0,
                              .begin = maps == 1 ? 0 : 1'000'000'000 * i,
                              .end = i + 1 == maps ? 0 : 1'000'000'000 * (i + 1)});
    return job;
}

std::shared_ptr<JobStatus> statusOfAll(const Job& job, std::size_t merges)
{
    auto status = std::make_shared<JobStatus>();
    const auto add = [&](TaskId id) {
        status->tasks.emplace_back();
        status->tasks.back().id = id;
    };
    for (std::size_t i = 0; i < job.tasks.size(); ++i)
        add({TaskKind::Map, i});
    for (std::size_t i = 0; i < job.shards; ++i)
        add({TaskKind::Reduce, i});
    for (std::size_t i = 0; i < merges; ++i)
        add({TaskKind::Merge, i, merges});
    return status;
}

} // namespace

void JobTaskModelTest::rowsSayWhatTasksDo()
{
    const auto job = someJob(2, 1);
    auto status = statusOfAll(*job, 1);
    status->tasks[0].state = TaskState::Done;
    status->tasks[1].state = TaskState::Failed;
    status->tasks[1].failure = "No \x1b[1m space";
    status->tasks[3].state = TaskState::Running;
    status->tasks[3].worker = TaskWorker{{.host = "node1", .process = 17, .began = 0, .scope = {}}, "12_3"};
    JobTaskModel model;
    model.setStatus(job, status);
    QCOMPARE(headersOf(model, TableModel::NameRole),
             (QStringList{"task", "state", "worker", "does", "failure"}));
    QCOMPARE(rowsOf(model),
             (QStringList{
                 "map 0|done||day.csv, the first 1.0 GB|",
                 "map 1|failed||day.csv, 4.0 GB from 1.0 GB on|No \\x1b[1m space",
                 "reduce 0|not begun||part 0 of all map tasks|",
                 "merge 0 of 1|running|node1, process 17, Slurm 12_3|the flows of all parts, in order|"}));
    status = std::make_shared<JobStatus>(*status);
    status->tasks[3].state = TaskState::Missing;
    status->tasks[3].worker.reset();
    status->tasks[3].lost = "/disk/.a\nset";
    model.setStatus(job, status);
    QCOMPARE(rowsOf(model)[3], QString("merge 0 of 1|not begun||the flows of all parts, in order|"
                                       "Its chunk files are gone from /disk/.a\\x0aset"));
    const auto whole = someJob(1, 1);
    model.setStatus(whole, statusOfAll(*whole, 1));
    QVERIFY(rowsOf(model)[0] == "map 0|not begun||day.csv, 5.0 GB|");
}

void JobTaskModelTest::onlyWhatChangedIsTold()
{
    const auto job = someJob(5, 3);
    JobTaskModel model;
    model.setStatus(job, statusOfAll(*job, 1));
    QSignalSpy changed(&model, &QAbstractItemModel::dataChanged),
        reset(&model, &QAbstractItemModel::modelReset);
    model.setStatus(job, statusOfAll(*job, 1));
    QCOMPARE(changed.size(), 0);
    auto status = statusOfAll(*job, 1);
    status->tasks[1].state = status->tasks[2].state = status->tasks[5].state = TaskState::Done;
    model.setStatus(job, status);
    QCOMPARE(changed.size(), 2);
    QCOMPARE(changed[0][0].toModelIndex().row(), 1);
    QCOMPARE(changed[0][1].toModelIndex().row(), 2);
    QCOMPARE(changed[1][0].toModelIndex().row(), 5);
    QCOMPARE(reset.size(), 0);
    model.setStatus(job, statusOfAll(*job, 4)); // the merge is cut in another way
    QCOMPARE(reset.size(), 1);
    QCOMPARE(model.rowCount(), 12);
}

void JobTaskModelTest::choicesFollowTheTasks()
{
    const auto job = someJob(3, 1);
    JobTaskModel model;
    JobTaskChoice choice;
    choice.setSourceModel(&model);
    model.setStatus(job, statusOfAll(*job, 1));
    choice.choose(JobTaskChoice::Which::NotDone);
    QCOMPARE(choice.rowCount(), 5);
    auto status = statusOfAll(*job, 1);
    status->tasks[0].state = TaskState::Done;
    status->tasks[2].state = TaskState::Failed;
    model.setStatus(job, status);
    QCOMPARE(columnOf(choice, 0), (QStringList{"map 1", "map 2", "reduce 0", "merge 0 of 1"}));
    choice.choose(JobTaskChoice::Which::Failed);
    QCOMPARE(columnOf(choice, 0), QStringList{"map 2"});
    choice.choose(JobTaskChoice::Which::All);
    QCOMPARE(choice.rowCount(), 5);
}

void JobTaskModelTest::ordersAreThoseOfTasks()
{
    const auto job = someJob(12, 1);
    JobTaskModel model;
    JobTaskChoice choice;
    choice.setSourceModel(&model);
    auto status = statusOfAll(*job, 1);
    status->tasks[7].state = TaskState::Done;
    model.setStatus(job, status);
    choice.sort(JobTaskModel::Task, Qt::AscendingOrder);
    QCOMPARE(columnOf(choice, 0)[10], QString("map 10")); // by number, not by letters
    choice.sort(JobTaskModel::State, Qt::DescendingOrder);
    QCOMPARE(columnOf(choice, 0).front(), QString("map 7"));
}

void JobTaskModelTest::commandsAreQuoted()
{
    const auto job = someJob(12, 3);
    const JobCommands wanted{.job = *job,
                             .merges = 2,
                             .place = "/out/a \"b\"",
                             .replace = false,
                             .programs = {.cli = "/opt/packet loom/packetloom-cli", .drivers = {}}};
    QCOMPARE(commandsFor(JobStarter::ThisMachine, wanted),
             QString("'/opt/packet loom/packetloom-cli' shard run --job '/shared/it'\\''s a job' --of 2 "
                     "--output-dir '/out/a \"b\"'"));
    const auto lines = commandsFor(JobStarter::Parallel, wanted).split('\n');
    QCOMPARE(lines.size(), 4);
    QCOMPARE(lines[0], QString("seq 0 11 | parallel -q '/opt/packet loom/packetloom-cli' shard map --job "
                               "'/shared/it'\\''s a job' --threads 1 --quiet --task {} &&"));
    QVERIFY(lines[2].contains(" --of 2 "));
    for (const auto starter : {JobStarter::Slurm, JobStarter::Snakemake, JobStarter::Dask})
        QVERIFY(commandsFor(starter, wanted).isEmpty()); // without their scripts
    for (const auto starter : jobStarters)
        QVERIFY(!nameOf(starter).isEmpty() && !aboutStarter(starter).isEmpty());
}

// As the scripts in packaging/cluster take it.
void JobTaskModelTest::scriptsAreNamed()
{
    const auto job = someJob(12, 3);
    job->folder = "/jobs/day job";
    JobCommands wanted{.job = *job,
                       .merges = 2,
                       .place = "/out/day set",
                       .replace = false,
                       .programs = {.cli = "/bin/packetloom-cli", .drivers = "/opt/p l"}};
    const QString finish(" '/jobs/day job' -- --output-dir '/out/day set'");
    QCOMPARE(commandsFor(JobStarter::Slurm, wanted),
             "PACKETLOOM_CLI=/bin/packetloom-cli '/opt/p l/slurm/packetloom-slurm' -m 2" + finish);
    QCOMPARE(commandsFor(JobStarter::Parallel, wanted),
             "PACKETLOOM_CLI=/bin/packetloom-cli '/opt/p l/parallel/packetloom-parallel' -m 2" + finish);
    QCOMPARE(commandsFor(JobStarter::Dask, wanted),
             "python3 '/opt/p l/dask/packetloom_dask.py' --cli /bin/packetloom-cli --merges 2" + finish);
    QCOMPARE(
        commandsFor(JobStarter::Snakemake, wanted),
        QString(R"(snakemake -s '/opt/p l/snakemake/Snakefile' --cores all --config job='/jobs/day job' )"
                R"(cli=/bin/packetloom-cli merges=2 finish='--output-dir '\''/out/day set'\''')"));
    job->output.format = outputFormatNamed("conn-log");
    QVERIFY(commandsFor(JobStarter::Slurm, wanted).endsWith(" -- --output '/out/day set'"));
    wanted.replace = true; // a file there would be in the way
    QVERIFY(commandsFor(JobStarter::ThisMachine, wanted).endsWith(" --output '/out/day set' --force"));
}

void JobTaskModelTest::theNextIsTheFirstNotDone()
{
    const auto job = someJob(2, 1);
    const JobCommands wanted{.job = *job, .merges = 2, .place = "/out", .replace = false, .programs = {}};
    auto status = statusOfAll(*job, 2);
    const QString begin("packetloom-cli shard "), of(" --job '/shared/it'\\''s a job' ");
    for (const auto* const expected :
         {"map%1--task 0", "map%1--task 1", "reduce%1--task 0", "merge%1--task 0 --of 2",
          "merge%1--task 1 --of 2", "finish%1--output-dir /out"}) {
        QCOMPARE(nextCommand(*status, wanted), begin + QString::fromLatin1(expected).arg(of));
        for (auto& task : status->tasks) {
            if (std::exchange(task.state, TaskState::Done) != TaskState::Done)
                break;
        }
    }
}

QTEST_MAIN(JobTaskModelTest)
#include "job_task_model_test.moc"
