// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/core/shard/planned_job.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace packetloom;
using namespace packetloom::test;

/// What goes wrong with tasks: nothing is damaged, and what is, is named.
class ShardFaultsTest : public QObject
{
    Q_OBJECT

private slots:
    void aJobIsMadeOnce();
    void aJobOfAnotherVersionIsRefused();
    void whatIsNoJobIsRefused();
    void unknownTasksAreRefused();
    void tasksComeInOrder();
    void aStoppedTaskLeavesNothing();
    void whatAKilledTaskLeftHurtsNobody();
    void aTaskTwiceAtOnce();
    void aChangedInputIsRefused();
    void everyDamagedFileIsFound_data();
    void everyDamagedFileIsFound();
    void chunkFilesOfOtherLengthsAreFound();
    void finishingTwiceIsTheSame();
};

void ShardFaultsTest::aJobIsMadeOnce()
{
    const TestFolder folder;
    const auto options = someOptions(folder);
    const Job job = planned(folder, options);
    const auto before = contentOf(folder / "job" / "job.json");
    const auto again =
        planJob({.folder = folder / "job", .shards = 1, .taskBytes = 0, .options = options}, plainContext);
    QCOMPARE(troubleOf(again), JobTrouble::JobExists);
    QCOMPARE(contentOf(folder / "job" / "job.json"), before);
    QCOMPARE(filesBelow(folder / "job").size(), 1u);
    const auto read = readJob(folder / "job");
    QVERIFY(read);
    QCOMPARE(read->id, job.id);
    QCOMPARE(read->seed, job.seed);
    QCOMPARE(read->tasks.size(), job.tasks.size());
    QVERIFY(read->tasks.size() > 4);
}

void ShardFaultsTest::aJobOfAnotherVersionIsRefused()
{
    const TestFolder folder;
    planned(folder, someOptions(folder));
    auto text = contentOf(folder / "job" / "job.json");
    const auto version = jobVersion();
    text.replace(text.find(version), version.size(), "0.0.1 (build another)");
    folder.write("job/job.json", text);
    const auto job = readJob(folder / "job");
    QCOMPARE(troubleOf(job), JobTrouble::OtherVersion);
    QCOMPARE(job.error().detail, std::string("0.0.1 (build another)"));
    text.replace(text.find("0.0.1 (build another)"), std::string_view("0.0.1 (build another)").size(),
                 version);
    const auto format = text.find('3', text.find("packetloom_job"));
    for (const char other : {'2', '4'}) { // of another format, whatever it says of its version
        text[format] = other;
        folder.write("job/job.json", text);
        QCOMPARE(troubleOf(readJob(folder / "job")), JobTrouble::OtherVersion);
    }
}

void ShardFaultsTest::whatIsNoJobIsRefused()
{
    const TestFolder folder;
    QVERIFY(!readJob(folder / "none"));
    planned(folder, someOptions(folder));
    const auto good = contentOf(folder / "job" / "job.json");
    for (std::size_t size = 0; size + 2 < good.size(); size += 50) { // cut short anywhere
        folder.write("job/job.json", good.substr(0, size));
        QVERIFY(!readJob(folder / "job"));
    }
    for (const char* const bad : {"", "[]", "{}", "null", R"({"packetloom_job": "1"})"}) {
        folder.write("job/job.json", bad);
        const auto job = readJob(folder / "job");
        QVERIFY(troubleOf(job) == JobTrouble::NotAJob);
    }
}

void ShardFaultsTest::unknownTasksAreRefused()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    QCOMPARE(troubleOf(runMapTask(job, job.tasks.size(), plainContext)), JobTrouble::NoSuchTask);
    QCOMPARE(troubleOf(runReduceTask(job, 3, plainContext)), JobTrouble::NoSuchTask);
    QCOMPARE(troubleOf(runMergeTask(job, 2, 2, plainContext)), JobTrouble::NoSuchTask);
    QCOMPARE(troubleOf(runMergeTask(job, 0, 0, plainContext)), JobTrouble::NoSuchTask);
    QCOMPARE(troubleOf(runMergeTask(job, 0, mostMerges + 1, plainContext)), JobTrouble::NoSuchTask);
}

void ShardFaultsTest::tasksComeInOrder()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    const auto early = runReduceTask(job, 0, plainContext);
    QCOMPARE(troubleOf(early), JobTrouble::NotDone);
    QCOMPARE(early.error().detail, std::string("map 0"));
    QCOMPARE(early.error().stage, Stage::Prepare);
    allMaps(job);
    QVERIFY(runReduceTask(job, 0, plainContext));
    const auto merge = runMergeTask(job, 0, 1, plainContext);
    QCOMPARE(troubleOf(merge), JobTrouble::NotDone);
    QCOMPARE(merge.error().detail, std::string("reduce 1"));
    const auto finish = finishJob(job, folder / "out", plainContext);
    QCOMPARE(troubleOf(finish), JobTrouble::NotDone);
    QVERIFY(!std::filesystem::exists(folder / "out"));
}

void ShardFaultsTest::aStoppedTaskLeavesNothing()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    const Heartbeat stops = [](const Progress&) { return false; };
    const auto stopped = runMapTask(job, 0, {.heartbeat = stops, .stop = nullptr});
    QVERIFY(!stopped && stopped.error().code == Errc::Cancelled);
    QVERIFY(std::filesystem::is_empty(folder / "job" / "map"));
    QVERIFY(runMapTask(job, 0, plainContext));
}

// The working folder of a process that died stands there for ever; another one does the task all the same.
void ShardFaultsTest::whatAKilledTaskLeftHurtsNobody()
{
    const TestFolder folder;
    const auto options = someOptions(folder);
    const Job job = planned(folder, options);
    folder.write("job/map/.00000-0123456789abcdef/parts", "half");
    folder.write("job/reduce/.00001-0123456789abcdef/flows", "half");
    folder.write("job/merge/.00000-of-00001-0123456789abcdef/index", "half");
    QCOMPARE(statusOf(job).count(TaskKind::Map, TaskState::Begun), 1u);
    allTasks(job);
    QVERIFY(finishJob(job, folder / "tasks", plainContext));
    QVERIFY(convert(options, folder / "one", keepsOn));
    QVERIFY(datasetContent(folder / "one") == datasetContent(folder / "tasks"));
}

void ShardFaultsTest::aTaskTwiceAtOnce()
{
    const TestFolder folder;
    const auto options = someOptions(folder);
    const Job job = planned(folder, options);
    std::atomic<int> failed{0};
    const auto four = [&](const auto& task) {
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] { failed += task() ? 0 : 1; });
        for (auto& thread : threads)
            thread.join();
    };
    for (std::size_t i = 0; i < job.tasks.size(); ++i)
        four([&] { return runMapTask(job, i, plainContext); });
    for (std::size_t i = 0; i < job.shards; ++i)
        four([&] { return runReduceTask(job, i, plainContext); });
    four([&] { return runMergeTask(job, 0, 1, plainContext); });
    QCOMPARE(failed.load(), 0);
    QVERIFY(finishJob(job, folder / "tasks", plainContext));
    QVERIFY(convert(options, folder / "one", keepsOn));
    QVERIFY(datasetContent(folder / "one") == datasetContent(folder / "tasks"));
    for (const char* const kind : {"map", "reduce", "merge"}) {
        for (const auto& entry : std::filesystem::directory_iterator(folder / "job" / kind))
            QVERIFY(!pathText(entry.path().filename()).starts_with('.'));
    }
}

void ShardFaultsTest::aChangedInputIsRefused()
{
    const TestFolder folder;
    Options options = someOptions(folder);
    options.ipMap = folder.write("map.json", R"({"10.0.0.1": 1})");
    const Job job = planned(folder, options);
    const auto text = contentOf(options.inputs[0]);
    folder.write("a.csv", text + "\n");
    const auto longer = runMapTask(job, 0, plainContext);
    QCOMPARE(troubleOf(longer), JobTrouble::InputChanged);
    QVERIFY(std::filesystem::equivalent(longer.error().file, options.inputs[0]));
    folder.write("a.csv", text); // the same length, another time
    std::filesystem::last_write_time(options.inputs[0],
                                     std::filesystem::file_time_type::clock::now() + std::chrono::hours(1));
    QCOMPARE(troubleOf(runMapTask(job, 0, plainContext)), JobTrouble::InputChanged);
    QVERIFY(runMapTask(job, job.tasks.size() - 1, plainContext)); // of the other file
    folder.write("map.json", R"({"10.0.0.1": 12})");
    QCOMPARE(troubleOf(runMapTask(job, job.tasks.size() - 2, plainContext)), JobTrouble::InputChanged);
    std::filesystem::remove(options.inputs[0]);
    QVERIFY(!runMapTask(job, 0, plainContext));
}

void ShardFaultsTest::everyDamagedFileIsFound_data()
{
    QTest::addColumn<QString>("output");
    QTest::newRow("dataset") << "timearcs-v2";
    QTest::newRow("lines") << "conn-log";
}

void ShardFaultsTest::everyDamagedFileIsFound()
{
    QFETCH(QString, output);
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder), {.format = outputFormatNamed(output.toStdString())});
    allTasks(job);
    const auto finish = [&]() -> Result<void> {
        if (job.output.needsExactFlows()) {
            const auto done = finishLines(job, {.file = folder / "out", .replace = true}, plainContext);
            return done ? Result<void>() : Result<void>(done.error());
        }
        const auto done = finishJob(job, folder / "out", plainContext);
        return done ? Result<void>() : Result<void>(done.error());
    };
    int files = 0;
    for (const auto& file : filesBelow(folder / "job")) {
        const auto relative = pathText(std::filesystem::relative(file, folder / "job"));
        if (relative == "job.json" || relative.find("/flows/") != std::string::npos)
            continue; // chunkFilesOfOtherLengthsAreFound()
        const auto good = contentOf(file);
        auto flipped = good;
        if (!flipped.empty())
            flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 1);
        for (const auto& bad : {flipped, good.substr(0, good.size() / 2)}) {
            if (bad == good)
                continue; // an empty one
            folder.write("job/" + relative, bad);
            // What was made of it goes, so that it is read again.
            const bool ofMap = relative.starts_with("map/"), ofReduce = relative.starts_with("reduce/");
            if (ofMap)
                std::filesystem::rename(folder / "job/reduce", folder / "reduce");
            if (ofMap || ofReduce)
                std::filesystem::rename(folder / "job/merge", folder / "merge");
            Result<void> done;
            for (std::size_t i = 0; ofMap && i < job.shards && done; ++i)
                done = runReduceTask(job, i, plainContext);
            if (ofReduce)
                done = runMergeTask(job, 0, 1, plainContext);
            if (ofMap && done) { // its statistics and rows are for the end
                std::filesystem::remove_all(folder / "job/reduce");
                std::filesystem::rename(folder / "reduce", folder / "job/reduce");
                std::filesystem::rename(folder / "merge", folder / "job/merge");
            }
            if (done)
                done = finish();
            QVERIFY2(troubleOf(done) == JobTrouble::Damaged, relative.c_str());
            QVERIFY2(done.error().file == file, relative.c_str());
            QVERIFY2(done.error().stage == Stage::Run, relative.c_str());
            QVERIFY(!std::filesystem::exists(folder / "out"));
            for (const char* const kind : {"reduce", "merge"}) {
                if (!std::filesystem::exists(folder / kind))
                    continue;
                std::filesystem::remove_all(folder / "job" / kind);
                std::filesystem::rename(folder / kind, folder / "job" / kind);
            }
            folder.write("job/" + relative, good);
            ++files;
        }
    }
    QVERIFY(files > 25);
    QVERIFY(finish());
}

// Each by itself: together they are as long as they were.
void ShardFaultsTest::chunkFilesOfOtherLengthsAreFound()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    allTasks(job);
    std::vector<std::filesystem::path> chunks;
    for (const auto& file : filesBelow(folder / "job")) {
        if (pathText(file).find("/flows/") != std::string::npos)
            chunks.push_back(file);
    }
    std::ranges::sort(chunks);
    QVERIFY(chunks.size() > 2);
    const auto put = [&](const std::filesystem::path& file, const std::string& content) {
        folder.write(pathText(std::filesystem::relative(file, folder.path())), content);
    };
    const auto damaged = [&] {
        const auto finished = finishJob(job, folder / "out", plainContext);
        const bool found =
            troubleOf(finished) == JobTrouble::Damaged && !std::filesystem::exists(folder / "out");
        return found ? finished.error().file : std::filesystem::path();
    };
    const auto first = contentOf(chunks[0]), second = contentOf(chunks[1]);
    put(chunks[0], first.substr(0, first.size() - 1));
    put(chunks[1], second + ' ');
    QCOMPARE(damaged(), chunks[0]);
    put(chunks[0], first);
    QCOMPARE(damaged(), chunks[1]);
    std::filesystem::remove(chunks[1]);
    QCOMPARE(damaged(), chunks[1]);
    put(chunks[1], second);
    put(chunks[0].parent_path() / "chunk_99999.json", "{}"); // of nobody
    QVERIFY(finishJob(job, folder / "out", plainContext));
    QVERIFY(!std::filesystem::exists(folder / "out/flows/chunk_99999.json"));
}

void ShardFaultsTest::finishingTwiceIsTheSame()
{
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder));
    allTasks(job);
    QVERIFY(finishJob(job, folder / "out", plainContext));
    const auto first = datasetContent(folder / "out");
    QVERIFY(runMergeTask(job, 0, 2, plainContext)); // another cut of the merge, half of it done
    QVERIFY(finishJob(job, folder / "out", plainContext));
    QVERIFY(datasetContent(folder / "out") == first);
    const Heartbeat stops = [](const Progress& progress) { return progress.phase != Phase::Finishing; };
    const auto stopped = finishJob(job, folder / "out", {.heartbeat = stops, .stop = nullptr});
    QVERIFY(!stopped && stopped.error().code == Errc::Cancelled);
    QVERIFY(datasetContent(folder / "out") == first);
}

QTEST_APPLESS_MAIN(ShardFaultsTest)
#include "shard_faults_test.moc"
