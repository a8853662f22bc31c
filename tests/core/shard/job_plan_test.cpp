// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/shard_run.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/ namespace
{

    std::string manyRows(std::size_t count)
    {
        const auto row = captureRow(captureStart, "10.0.0.1", "10.0.0.2", 2);
        std::string text = captureHeader();
        for (std::size_t i = 0; i < count; ++i)
            text += row;
        return text;
    }

    std::string manyFrames(std::size_t count)
    {
        const auto frame = ethernet(0x0800, tcpPacket());
        PcapFile file;
        for (std::size_t i = 0; i < count; ++i)
            file.add(1, 0, frame);
        return file.bytes();
    }

} // namespace

void JobPlanTest::whatCannotBeCutIsRefused()
{
    const TestFolder folder;
    const auto refused = [&](const Options& options, std::size_t shards = 2) {
        const auto job = planJob(
            {.folder = folder / "job", .shards = shards, .taskBytes = 0, .options = options}, plainContext);
        return !job && jobTroubleOf(job.error()) == JobTrouble::NotInTasks &&
               job.error().stage == Stage::Prepare && !std::filesystem::exists(folder / "job");
    };
    Options good;
    good.inputs = {folder.write("a.csv", conversations(30)), folder.write("b.csv", conversations(7))};
    Options options = good;
    options.skipMissing = true;
    QVERIFY(refused(options));
    options = good;
    options.skipBroken = true;
    QVERIFY(refused(options));
    options = good;
    options.filter = "flow.packets > 3";
    QVERIFY(refused(options));
    QVERIFY(refused(good, 0));
    QVERIFY(refused(good, mostShards + 1));
    options = good;
    options.inputs = {good.inputs[0], folder / "./a.csv"};
    options.specs = {specOf(options, options.inputs[0])};
    options.specs[0].ipMap = folder.write("map.json", R"({"10.0.0.1": 1})");
    QVERIFY(refused(options)); // one file by two maps
    options = good;
    options.inputs.push_back(folder / "missing.csv");
    const auto missing =
        planJob({.folder = folder / "job", .shards = 1, .taskBytes = 0, .options = options}, plainContext);
    QVERIFY(!missing && missing.error().code == Errc::Open);
    options.inputs.back() = folder.write("no.csv", "a,b\n1,2\n");
    const auto header =
        planJob({.folder = folder / "job", .shards = 1, .taskBytes = 0, .options = options}, plainContext);
    QVERIFY(!header && header.error().code == Errc::Header);
    QVERIFY(!std::filesystem::exists(folder / "job"));
}

void JobPlanTest::oneFileTwiceIsReadTwice()
{
    const TestFolder folder;
    const auto file = folder.write("a.csv", conversations(3));
    Options options;
    options.inputs = {file, folder / "./a.csv", file};
    const auto job =
        planJob({.folder = folder / "job", .shards = 2, .taskBytes = 0, .options = options}, plainContext);
    QVERIFY(job);
    QCOMPARE(job->tasks.size(), 3u);
    QCOMPARE(job->files[1].path, file);
}

// Which files a job is of, and how large it may be.
class JobPlanTest : public QObject
{
    Q_OBJECT

private slots:
    void whatCannotBeCutIsRefused();
    void oneFileTwiceIsReadTwice();
    void pathsBehindLinksStayWhatTheyAre();
    void tooManyTasksAreRefused_data();
    void tooManyTasksAreRefused();
};

// Which file "link/.." is in, the system knows alone.
void JobPlanTest::pathsBehindLinksStayWhatTheyAre()
{
    const TestFolder folder;
    std::filesystem::create_directories(folder / "real/sub");
    std::error_code error;
    std::filesystem::create_directory_symlink("real/sub", folder / "link", error);
    if (error)
        QSKIP("no links here");
    folder.write("c.csv", conversations(3)); // what the text alone would lead to
    const auto meant = folder.write("real/c.csv", conversations(30));
    const auto map = folder.write("real/map.json", R"({"10.0.0.1": 1})");
    Options options;
    options.inputs = {folder / "link/../c.csv"};
    if (!std::filesystem::equivalent(options.inputs[0], meant))
        QSKIP("the system goes by the text");
    options.ipMap = folder / "link/../map.json";
    folder.write("map.json", "{}");
    const auto job = planJob(
        {.folder = folder / "link/../job", .shards = 2, .taskBytes = 0, .options = options}, plainContext);
    QVERIFY(job);
    QVERIFY(std::filesystem::exists(folder / "real/job/job.json"));
    QVERIFY(!std::filesystem::exists(folder / "job"));
    QVERIFY(std::filesystem::equivalent(job->folder, folder / "real/job"));
    QVERIFY(std::filesystem::equivalent(job->files[0].path, meant));
    QVERIFY(std::filesystem::equivalent(job->files[1].path, map));
    QCOMPARE(job->files[0].bytes, std::filesystem::file_size(meant));
    for (std::size_t i = 0; i < job->tasks.size(); ++i)
        QVERIFY(runMapTask(*job, i, plainContext));
    QVERIFY(convert(options, folder / "one", keepsOn));
    for (std::size_t i = 0; i < job->shards; ++i)
        QVERIFY(runReduceTask(*job, i, plainContext));
    QVERIFY(runMergeTask(*job, 0, 1, plainContext));
    QVERIFY(finishJob(*job, folder / "tasks", plainContext));
    QVERIFY(datasetContent(folder / "one") == datasetContent(folder / "tasks"));
    QCOMPARE(absolutePath(folder / "./c.csv"), folder / "c.csv");
}

void JobPlanTest::tooManyTasksAreRefused_data()
{
    QTest::addColumn<bool>("capture");
    QTest::newRow("table") << false;
    QTest::newRow("capture") << true;
}

// What plan writes, all commands can read.
void JobPlanTest::tooManyTasksAreRefused()
{
    QFETCH(bool, capture);
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("small.csv", conversations(3))};
    if (capture)
        options.inputs.push_back(folder.write("many.pcap", manyFrames(mapTaskLimit)));
    else
        options.inputs.push_back(folder.write("many.csv", manyRows(mapTaskLimit)));
    options.readChunkRows = 1;
    JobPlan plan{.folder = folder / "job", .shards = 1, .taskBytes = 1, .options = options};
    const auto refused = planJob(plan, plainContext);
    QVERIFY(!refused);
    QCOMPARE(jobTroubleOf(refused.error()), JobTrouble::NotInTasks);
    QCOMPARE(refused.error().stage, Stage::Prepare);
    QVERIFY(refused.error().detail.find("more than 100000 map tasks") != std::string::npos);
    QVERIFY(!std::filesystem::exists(folder / "job"));
    plan.options.inputs.erase(plan.options.inputs.begin());
    const auto most = planJob(plan, plainContext);
    QVERIFY(most);
    QCOMPARE(most->tasks.size(), mapTaskLimit);
    const auto read = readJob(plan.folder);
    QVERIFY(read);
    QCOMPARE(read->tasks.size(), mapTaskLimit);
    QVERIFY(read->tasks.back() == most->tasks.back());
}

QTEST_APPLESS_MAIN(JobPlanTest)
#include "job_plan_test.moc"
