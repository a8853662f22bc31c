// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/program.h"
#include "tests/support/test_folder.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// packetloom-cli shard, as a user types it.
class CliShardTest : public QObject
{
    Q_OBJECT

private slots:
    void taskByTask();
    void chunkFilesBesideTheDataset();
    void runDoesAllOfIt();
    void linesOfFlows();
    void planWarnsOfInputs();
    void aJobOfLinesGoesToAFile();
    void nextCommandsLeadToTheEnd();
    void aFailedTaskIsToldByStatus();
    void aDamagedFileIsAFailure();
    void whoBeganATaskIsToldByStatus();
    void refuses_data();
    void refuses();
};

namespace {

bool holds(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

QJsonObject json(const ProgramRun& run)
{
    return QJsonDocument::fromJson(QByteArray::fromStdString(run.output)).object();
}

/// A job of a capture in the folder, and the dataset of one run.
QString planned(const TestFolder& folder)
{
    const auto input = shown(folder.write("in.csv", conversations(40)));
    const auto job = shown(folder / "it's a job");
    const auto one = runProgram(
        {"--data", input, "--output-dir", shown(folder / "one"), "--chunk-read-size", "50", "--quiet"});
    const auto plan = runProgram({"shard", "plan", "--job", job, "--shards", "3", "--task-bytes", "4K",
                                  "--chunk-read-size", "50", "--json", input});
    if (one.status != 0 || plan.status != 0 || json(plan)["map_tasks"].toInt() < 3 ||
        json(plan)["reduce_tasks"].toInt() != 3)
        qFatal("no plan: %s%s", one.errors.c_str(), plan.errors.c_str());
    return job;
}

} // namespace

void CliShardTest::taskByTask()
{
    const TestFolder folder;
    const auto job = planned(folder);
    const auto status = json(runProgram({"shard", "status", "--job", job, "--json"}));
    const int maps = status["map"].toObject()["tasks"].toInt();
    for (int i = maps; i-- > 0;) {
        const auto run = runProgram({"shard", "map", "--job", job, "--task", QString::number(i), "--json"});
        QCOMPARE(run.status, 0);
        QCOMPARE(json(run)["task"].toInt(), i);
        QVERIFY(!json(run).contains("of"));
        QCOMPARE(json(run)["state"].toString(), QString("done"));
    }
    for (const char* const task : {"2", "0", "1", "0"})
        QCOMPARE(
            runProgram({"shard", "reduce", "--job", job, "--task", task, "--threads", "2", "--quiet"}).status,
            0);
    for (const char* const task : {"1", "0"}) {
        const auto run = runProgram({"shard", "merge", "--job", job, "--task", task, "--of", "2", "--json"});
        QCOMPARE(run.status, 0);
        QCOMPARE(json(run)["of"].toInt(), 2);
        const auto after = json(runProgram({"shard", "status", "--job", job, "--json"}));
        for (const auto& missing : after["not_done"].toArray())
            QCOMPARE(missing.toObject()["of"].toInt(), 2);
    }
    const auto finished =
        runProgram({"shard", "finish", "--job", job, "--output-dir", shown(folder / "tasks"), "--json"});
    QCOMPARE(finished.status, 0);
    QCOMPARE(json(finished)["total_flows"].toInt(), 40);
    QVERIFY(datasetContent(folder / "one") == datasetContent(folder / "tasks"));
}

void CliShardTest::chunkFilesBesideTheDataset()
{
    const TestFolder folder;
    const auto job = planned(folder), out = shown(folder / "tasks");
    const auto early = runProgram({"shard", "merge", "--job", job, "--output-dir", out});
    QCOMPARE(early.status, 2);
    QVERIFY(holds(early.errors, "task reduce 0 has to be done first"));
    QCOMPARE(runProgram({"shard", "run", "--job", job, "--output-dir", shown(folder / "first")}).status, 0);
    for (const char* const task : {"0", "1"})
        QCOMPARE(runProgram({"shard", "merge", "--job", job, "--output-dir", out, "--task", task, "--of", "2",
                             "--quiet"})
                     .status,
                 0);
    std::filesystem::remove_all(folder / "it's a job/merge/00000-of-00001");
    const auto status = json(runProgram({"shard", "status", "--job", job, "--json"}));
    QCOMPARE(status["merge"].toObject()["done"].toInt(), 2);
    const auto places = status["chunk_folders"].toArray();
    QCOMPARE(places.size(), 1);
    const auto place = places[0].toString();
    QVERIFY(
        holds(runProgram({"shard", "status", "--job", job}).output, "chunks    in " + place.toStdString()));
    const auto finished = runProgram({"shard", "finish", "--job", job, "--output-dir", out});
    QCOMPARE(finished.status, 0);
    QVERIFY2(holds(finished.errors, place.toStdString() + ", too; it can go with the job"),
             finished.errors.c_str());
    QVERIFY(datasetContent(folder / "one") == datasetContent(folder / "tasks"));
    std::filesystem::remove_all(pathFromText(place.toStdString()));
    const auto gone = runProgram({"shard", "finish", "--job", job, "--output-dir", out});
    QCOMPARE(gone.status, 2);
    QVERIFY2(holds(gone.errors, "the chunk files of task merge 0 of 2 are not here any more"),
             gone.errors.c_str());
    QVERIFY(datasetContent(folder / "one") == datasetContent(folder / "tasks"));
    const auto told = runProgram({"shard", "status", "--job", job}).output;
    QVERIFY2(holds(told, "merge 0 of 2 missing: its chunk files are gone from " + place.toStdString()) &&
                 holds(told, "shard merge --job"),
             told.c_str());
    const auto lost = json(runProgram({"shard", "status", "--job", job, "--json"}));
    QVERIFY(lost["not_done"].toArray()[0].toObject()["lost"].toString().startsWith(place));
    QVERIFY(lost["chunk_folders"].toArray().isEmpty());
}

void CliShardTest::runDoesAllOfIt()
{
    const TestFolder folder;
    const auto job = planned(folder);
    const auto run = runProgram({"shard", "run", "--job", job, "--output-dir", shown(folder / "tasks"),
                                 "--workers", "3", "--of", "2"});
    QVERIFY2(run.status == 0, run.errors.c_str());
    QVERIFY(holds(run.errors, "reduce: 3 of 3 tasks to do"));
    QVERIFY(holds(run.output, "flows       40"));
    QVERIFY(datasetContent(folder / "one") == datasetContent(folder / "tasks"));
    const auto again =
        runProgram({"shard", "run", "--job", job, "--output-dir", shown(folder / "tasks"), "--of", "2"});
    QCOMPARE(again.status, 0);
    QVERIFY(holds(again.errors, "map: 0 of "));
}

// As a conversion does.
void CliShardTest::planWarnsOfInputs()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(4, 1257254615)));
    const auto one = runProgram({"--data", input, "--output-dir", shown(folder / "one"), "--json"});
    const auto warned = one.errors.substr(0, one.errors.find('\n') + 1);
    QVERIFY2(holds(warned, "They look like seconds"), one.errors.c_str());
    const auto plan = runProgram({"shard", "plan", "--job", shown(folder / "a"), "--json", input});
    QCOMPARE(plan.status, 0);
    QVERIFY2(holds(plan.errors, warned), plan.errors.c_str());
    QVERIFY(!json(plan)["problems"].toArray().isEmpty());
    QCOMPARE(json(plan)["problems"], json(one)["problems"]);
    const auto quiet = runProgram({"shard", "plan", "--job", shown(folder / "b"), "--quiet", input});
    QVERIFY(quiet.status == 0 && quiet.errors.empty() && quiet.output.empty());
    const auto good = shown(folder.write("good.csv", conversations(4)));
    const auto plain = runProgram({"shard", "plan", "--job", shown(folder / "c"), "--json", good});
    QVERIFY2(!holds(plain.errors, "warning"), plain.errors.c_str());
    QVERIFY(json(plain)["problems"].isArray() && json(plain)["problems"].toArray().isEmpty());
}

void CliShardTest::linesOfFlows()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(40)));
    for (const char* const format : {"conn-log", "conn-json"}) {
        const auto job = shown(folder / format), file = shown(folder / "tasks");
        const QStringList how{"--as", format, "--filter", "packets > 2", "--tcp-inactivity", "10"};
        const auto one = runProgram(QStringList{"export", input, "--output", "-", "--quiet"} + how);
        const auto plan =
            runProgram(QStringList{"shard", "plan", "--job", job, "--shards", "3", "--quiet", input} + how);
        QVERIFY2(one.status == 0 && plan.status == 0, plan.errors.c_str());
        const auto run = runProgram({"shard", "run", "--job", job, "--output", file, "--of", "2", "--json"});
        QVERIFY2(run.status == 0, run.errors.c_str());
        QCOMPARE(json(run)["written_flows"].toInt(), 40);
        QCOMPARE(json(run)["format"].toString(), QString(format));
        QVERIFY(one.output.size() > 3000);
        QCOMPARE(contentOf(folder / "tasks"), one.output);
        QCOMPARE(runProgram({"shard", "finish", "--job", job, "--output", "-"}).output, one.output);
        const auto again = runProgram({"shard", "finish", "--job", job, "--output", file});
        QCOMPARE(again.status, 2);
        QVERIFY(holds(again.errors, "is there already"));
        QCOMPARE(runProgram({"shard", "finish", "--job", job, "--output", file, "--force", "--quiet"}).status,
                 0);
        std::filesystem::remove(folder / "tasks");
    }
}

// It is told before any task is done.
void CliShardTest::aJobOfLinesGoesToAFile()
{
    const TestFolder folder;
    const auto input = shown(folder.write("in.csv", conversations(4)));
    const auto lines = shown(folder / "lines"), dataset = shown(folder / "dataset");
    QCOMPARE(runProgram({"shard", "plan", "--job", lines, "--as", "conn-log", input}).status, 0);
    QCOMPARE(runProgram({"shard", "plan", "--job", dataset, input}).status, 0);
    for (const auto& words : {QStringList{"--job", lines, "--output-dir", shown(folder / "out")},
                              QStringList{"--job", dataset, "--output", shown(folder / "out")},
                              QStringList{"--job", lines, "--output", shown(folder / "in.csv"), "--force"},
                              QStringList{"--job", lines, "--output", lines + "/job.json", "--force"},
                              QStringList{"--job", dataset, "--output-dir", dataset, "--force"},
                              QStringList{"--job", dataset, "--output-dir", dataset + "/out", "--force"},
                              QStringList{"--job", dataset, "--output-dir", dataset + "/..", "--force"}}) {
        const auto run = runProgram(QStringList{"shard", "run"} + words);
        QCOMPARE(run.status, 2);
        QVERIFY2(holds(run.errors, "the job makes ") || holds(run.errors, "in.csv") ||
                     holds(run.errors, "lies in the job's folder"),
                 run.errors.c_str());
        QVERIFY2(!holds(run.errors, "tasks to do"), run.errors.c_str());
        QVERIFY(!std::filesystem::exists(folder / "out"));
    }
    QCOMPARE(runProgram({"shard", "finish", "--job", dataset, "--output-dir", dataset + "/out"}).status, 2);
    for (const auto& words : {QStringList{"--job", lines, "--output-dir", shown(folder / "out")},
                              QStringList{"--job", dataset, "--output-dir", dataset + "/out"}}) {
        const auto run = runProgram(QStringList{"shard", "merge"} + words);
        QCOMPARE(run.status, 2);
        QVERIFY2(holds(run.errors, "leave out --output-dir") || holds(run.errors, "lies in the job's folder"),
                 run.errors.c_str());
    }
    for (const char* const verb : {"merge", "finish"}) { // of a variable that is not set
        const auto run = runProgram({"shard", verb, "--job", dataset, "--output-dir", ""});
        QCOMPARE(run.status, 2);
        QVERIFY2(holds(run.errors, "names no folder"), run.errors.c_str());
    }
    QCOMPARE(runProgram({"shard", "status", "--job", dataset}).status, 0);
}

// What status says is a line for a shell.
void CliShardTest::nextCommandsLeadToTheEnd()
{
#ifdef _WIN32
    QSKIP("the line is for POSIX shells");
#else
    const TestFolder folder;
    const auto job = planned(folder);
    for (int steps = 0; steps < 50; ++steps) {
        auto next = json(runProgram({"shard", "status", "--job", job, "--json"}))["next"].toString();
        QVERIFY(next.startsWith("packetloom-cli shard "));
        const bool last = next.contains("shard finish");
        next.replace(0, int(std::string_view("packetloom-cli").size()),
                     QStringLiteral("'" PACKETLOOM_CLI "'"));
        next.replace(" DIR", " '" + shown(folder / "tasks") + '\'');
        QCOMPARE(std::system((next + " --quiet").toUtf8().constData()), 0);
        if (last)
            break;
    }
    QVERIFY(datasetContent(folder / "one") == datasetContent(folder / "tasks"));
#endif
}

void CliShardTest::aFailedTaskIsToldByStatus()
{
    const TestFolder folder;
    const auto job = planned(folder);
    const auto text = contentOf(folder / "in.csv");
    folder.write("in.csv", text + '\n');
    const auto failed = runProgram({"shard", "map", "--job", job, "--task", "0"});
    QCOMPARE(failed.status, 1);
    QVERIFY2(holds(failed.errors, "in.csv: the file is not the one that the job was planned with"),
             failed.errors.c_str());
    const auto status = runProgram({"shard", "status", "--job", job});
    QVERIFY2(holds(status.output, "1 failed") && holds(status.output, "map 0 failed: "),
             status.output.c_str());
}

// Whatever part of it: asking for the task was right.
void CliShardTest::aDamagedFileIsAFailure()
{
    const TestFolder folder;
    const auto job = planned(folder);
    const auto status = json(runProgram({"shard", "status", "--job", job, "--json"}));
    for (int i = 0; i < status["map"].toObject()["tasks"].toInt(); ++i)
        QCOMPARE(runProgram({"shard", "map", "--job", job, "--task", QString::number(i), "--quiet"}).status,
                 0);
    folder.write("it's a job/map/00001/facts", "nothing");
    const auto failed = runProgram({"shard", "reduce", "--job", job, "--task", "2"});
    QCOMPARE(failed.status, 1);
    QVERIFY2(holds(failed.errors, "the file is damaged"), failed.errors.c_str());
    const auto told = runProgram({"shard", "status", "--job", job}).output;
    QVERIFY2(holds(told, "reduce 2 failed: "), told.c_str());
}

void CliShardTest::whoBeganATaskIsToldByStatus()
{
    const TestFolder folder;
    const auto job = planned(folder);
    folder.write("it's a job/map/.00000-0123456789abcdef/who", "host node\x01 7\nprocess 99\nslurm 12_3\n");
    folder.write("it's a job/map/.00002-0123456789abcdef/parts", "half");
    const auto text = runProgram({"shard", "status", "--job", job}).output;
    QVERIFY2(holds(text, ", 2 begun\n") && holds(text, "\n  map 2 begun\n") &&
                 holds(text, " (process 99, Slurm job 12_3)\n") && !holds(text, "\x01"),
             text.c_str());
    folder.write("it's a job/map/00000.failed", "the disk is full");
    const auto both = runProgram({"shard", "status", "--job", job}).output;
    QVERIFY2(holds(both, " (process 99, Slurm job 12_3): failed once: the disk is full\n"), both.c_str());
    const auto status = json(runProgram({"shard", "status", "--job", job, "--json"}));
    const auto first = status["not_done"].toArray()[0].toObject();
    QCOMPARE(first["failure"].toString(), QString("the disk is full"));
    QCOMPARE(first["state"].toString(), QString("begun"));
    QCOMPARE(first["host"].toString(), QString("node\x01 7"));
    QCOMPARE(first["process"].toInt(), 99);
    QCOMPARE(first["slurm_job"].toString(), QString("12_3"));
    for (const char* const state : {"running", "killed", "failed", "done"})
        QCOMPARE(status["map"].toObject()[state].toInt(-1), 0);
    QCOMPARE(status["map"].toObject()["begun"].toInt(), 2);
}

void CliShardTest::refuses_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("says");
    QTest::newRow("no verb") << QStringList{}
                             << "plan, map, reduce, merge, finish, status or run is required";
    QTest::newRow("unknown verb") << QStringList{"paint"} << "paint";
    QTest::newRow("no task") << QStringList{"map", "--job", "JOB"} << "--task";
    QTest::newRow("no job") << QStringList{"status"} << "--job";
    QTest::newRow("not a job") << QStringList{"status", "--job", "missing"} << "job.json";
    QTest::newRow("unknown task") << QStringList{"reduce", "--job", "JOB", "--task", "3"}
                                  << "no task reduce 3";
    QTest::newRow("negative task") << QStringList{"map", "--job", "JOB", "--task", "-1"} << "-1";
    QTest::newRow("too early") << QStringList{"reduce", "--job", "JOB", "--task", "0"}
                               << "task map 0 has to be done first";
    QTest::newRow("no parts") << QStringList{"plan", "--job", "J", "--shards", "0", "IN"} << "--shards";
    QTest::newRow("flows") << QStringList{"plan", "--job", "J", "--filter", "flow.packets > 2", "IN"}
                           << "a filter that selects flows";
    QTest::newRow("twice") << QStringList{"plan", "--job", "JOB", "IN"} << "there is a job here already";
    QTest::newRow("two outputs") << QStringList{"finish", "--job",        "JOB", "--output",
                                                "x",      "--output-dir", "y"}
                                 << "a job has one output";
    QTest::newRow("no output") << QStringList{"run", "--job", "JOB"}
                               << "--output-dir or --output is required";
    QTest::newRow("report among lines") << QStringList{"finish", "--job", "JOB", "--output", "-", "--json"}
                                        << "go to standard output already";
    QTest::newRow("format") << QStringList{"plan", "--job", "J", "--as", "parquet", "IN"} << "conn-json";
    QTest::newRow("other engine") << QStringList{"plan",     "--job",    "J",         "--as",
                                                 "conn-log", "--engine", "reference", "IN"}
                                  << "needs what the reference's engine does not find out";
    QTest::newRow("of") << QStringList{"merge", "--job", "JOB", "--of", "0"} << "--of";
    QTest::newRow("of too many") << QStringList{"merge", "--job", "JOB", "--of", "65537"} << "--of";
    QTest::newRow("run of too many") << QStringList{"run", "--job", "JOB",      "--output-dir",
                                                    "J",   "--of",  "100000000"}
                                     << "--of";
}

void CliShardTest::refuses()
{
    QFETCH(QStringList, words);
    QFETCH(QString, says);
    const TestFolder folder;
    const auto job = planned(folder);
    words.replaceInStrings("JOB", job);
    words.replaceInStrings("IN", shown(folder / "in.csv"));
    if (const auto at = words.indexOf("J"); at >= 0)
        words[at] = shown(folder / "another");
    const auto run = runProgram(QStringList{"shard"} + words);
    QCOMPARE(run.status, 2);
    QVERIFY2(holds(run.errors, says.toStdString()), run.errors.c_str());
    QVERIFY(run.output.empty());
    QVERIFY(!std::filesystem::exists(folder / "another"));
}

QTEST_APPLESS_MAIN(CliShardTest)
#include "cli_shard_test.moc"
