// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/capture_text.h"
#include "tests/support/shard_run.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Which files a job is of, and how large it may be.
class JobPlanTest : public QObject
{
    Q_OBJECT

private slots:
    void pathsBehindLinksStayWhatTheyAre();
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

QTEST_APPLESS_MAIN(JobPlanTest)
#include "job_plan_test.moc"
