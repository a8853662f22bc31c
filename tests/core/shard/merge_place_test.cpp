// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/chunk_place.h"
#include "core/support/folder.h"
#include "tests/core/shard/planned_job.h"

#include <QTest>

#include <atomic>
#include <thread>

using namespace packetloom;
using namespace packetloom::test;

/// Chunk files that merge tasks put beside the dataset: wherever they are, and whatever becomes of them
/// there, the dataset is that of one run, or there is none.
class MergePlaceTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void finishNeedsNoCopies();
    void notFromAnotherFileSystemEither();
    void eachTaskInAPlaceOfItsOwn();
    void placesAreBesideTheRealFolder();
    void whatIsGoneIsToldAndDoneAgain_data();
    void whatIsGoneIsToldAndDoneAgain();
    void whatIsGoneIsNoWholeMerge();
    void aTaskTwiceAtOnce();
    void whatIsGoneDoneAgainTwiceAtOnce();
    void aStoppedTaskLeavesNothing();
    void whatAKilledTaskLeftHurtsNobody();
    void damageIsFound();
    void aPlaceIsNotedOnce();
    void refuses_data();
    void refuses();
};

namespace {

/// A job whose reduce tasks are done, and the dataset of one run at "one".
Job reduced(const TestFolder& folder)
{
    const auto options = someOptions(folder);
    Job job = planned(folder, options);
    allBeforeMerge(job);
    if (!convert(options, folder / "one", keepsOn))
        throw std::runtime_error("no conversion");
    return job;
}

Result<void> merge(const Job& job, std::size_t number, std::size_t of,
                   const std::filesystem::path& dataset = {})
{
    return runMergeTask(job, number, of, plainContext, dataset);
}

/// Whether finish makes the dataset of one run there.
bool finishes(const Job& job, const TestFolder& folder, const char* name)
{
    return finishJob(job, folder / name, plainContext) &&
           datasetContent(folder / name) == datasetContent(folder / "one");
}

std::vector<std::filesystem::path> inFolder(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> names;
    if (std::filesystem::exists(folder)) {
        for (const auto& entry : std::filesystem::directory_iterator(folder))
            names.push_back(entry.path());
    }
    return names;
}

std::size_t lostOf(const JobStatus& status)
{
    return static_cast<std::size_t>(std::ranges::count_if(status.tasks, [](const TaskStatus& task) {
        return !task.lost.empty() && task.state == TaskState::Missing;
    }));
}

const Heartbeat stops = [](const Progress&) { return false; };

} // namespace

void MergePlaceTest::init()
{
    std::error_code ignored;
    std::filesystem::current_path(std::filesystem::temp_directory_path(), ignored);
}

void MergePlaceTest::finishNeedsNoCopies()
{
    const TestFolder folder;
    const Job job = reduced(folder);
    const auto place = *chunkPlace(job, folder / "out");
    for (const std::size_t i : {1u, 0u, 2u, 1u})
        QVERIFY(merge(job, i, 3, folder / "out"));
    QCOMPARE(inFolder(place).size(), 3u);
    QVERIFY(!std::filesystem::exists(folder / "out"));
    for (const auto& file : filesBelow(folder / "job/merge"))
        QVERIFY(file.extension() != ".json");
    const auto status = statusOf(job);
    QCOMPARE(status.count(TaskKind::Merge, TaskState::Done), 3u);
    QVERIFY(status.places == std::set{place});
    QVERIFY(finishes(job, folder, "out"));
    const auto chunks = filesBelow(place);
    QVERIFY(chunks.size() > 6);
    for (const auto& chunk : chunks)
        QVERIFY(std::filesystem::equivalent(chunk, folder / "out/flows" / pathText(chunk.filename())));
    QVERIFY(finishes(job, folder, "out"));  // once more at the same place
    QVERIFY(finishes(job, folder, "else")); // and at another one
    QCOMPARE(filesBelow(place).size(), chunks.size());
    std::filesystem::remove_all(place); // the dataset needs nothing of it
    QVERIFY(datasetContent(folder / "out") == datasetContent(folder / "one"));
}

void MergePlaceTest::notFromAnotherFileSystemEither()
{
    const TestFolder folder;
    std::optional<QTemporaryDir> other;
    for (const char* const place : {"/dev/shm", "/var/tmp"}) {
        if (!other && entryAt(place).kind == Entry::Kind::Folder &&
            entryAt(place).device != entryAt(folder.path()).device)
            other.emplace(QString(place) + "/packetloom-XXXXXX");
    }
    if (!other || !other->isValid())
        QSKIP("there is one file system");
    const auto dataset = pathFromText(other->path().toStdString()) / "out";
    const Job job = reduced(folder);
    QVERIFY(merge(job, 0, 2, dataset));
    QVERIFY(merge(job, 1, 2)); // in the job: this one is copied
    QVERIFY(finishJob(job, dataset, plainContext));
    QVERIFY(datasetContent(dataset) == datasetContent(folder / "one"));
    std::size_t linked = 0, copied = 0;
    for (const auto& chunk : filesBelow(dataset / "flows"))
        ++(std::filesystem::hard_link_count(chunk) == 2 ? linked : copied);
    const std::size_t here = filesBelow(folder / "job/merge/00001-of-00002/flows").size();
    QVERIFY(here > 2 && linked > 2);
    QCOMPARE(linked, filesBelow(*chunkPlace(job, dataset)).size());
    QVERIFY(copied >= here); // with what is no chunk file
}

void MergePlaceTest::eachTaskInAPlaceOfItsOwn()
{
    const TestFolder folder;
    const Job job = reduced(folder);
    QVERIFY(merge(job, 0, 3, folder / "a/set"));
    QVERIFY(merge(job, 1, 3));
    QVERIFY(merge(job, 2, 3, folder / "b"));
    QVERIFY(merge(job, 0, 3, folder / "b")); // done, wherever it is
    QVERIFY(statusOf(job).places ==
            (std::set{*chunkPlace(job, folder / "a/set"), *chunkPlace(job, folder / "b")}));
    QCOMPARE(inFolder(*chunkPlace(job, folder / "b")).size(), 1u);
    QVERIFY(finishes(job, folder, "b"));
    QVERIFY(finishes(job, folder, "c"));
    std::filesystem::rename(folder / "job", folder / "moved"); // what the facts say is absolute
    const auto moved = readJob(folder / "moved");
    QVERIFY(moved && finishes(*moved, folder, "d"));
}

void MergePlaceTest::placesAreBesideTheRealFolder()
{
    const TestFolder folder;
    const Job job = reduced(folder);
    std::filesystem::create_directories(folder / "disk/set");
    std::error_code error;
    std::filesystem::create_directory_symlink(folder / "disk/set", folder / "out", error);
    if (error)
        QSKIP("no links here");
    const auto place = *chunkPlace(job, folder / "out");
    QCOMPARE(place, *chunkPlace(job, folder / "disk/set"));
    QVERIFY(std::filesystem::equivalent(place.parent_path(), folder / "disk"));
    QVERIFY(pathText(place.filename()).starts_with(".set."));
    std::filesystem::current_path(folder.path());
    QVERIFY(merge(job, 0, 1, "out"));
    std::filesystem::current_path(std::filesystem::temp_directory_path());
    QCOMPARE(inFolder(place).size(), 1u);
    QVERIFY(finishes(job, folder, "out"));
    QVERIFY(std::filesystem::exists(folder / "disk/set/manifest.json"));
    QCOMPARE(inFolder(folder / "disk/set/flows").empty(), false);
}

void MergePlaceTest::whatIsGoneIsToldAndDoneAgain_data()
{
    QTest::addColumn<QString>("then");
    QTest::newRow("at the same place") << "out";
    QTest::newRow("at another one") << "else";
    QTest::newRow("in the job") << QString();
}

void MergePlaceTest::whatIsGoneIsToldAndDoneAgain()
{
    QFETCH(QString, then);
    const TestFolder folder;
    const Job job = reduced(folder);
    const auto place = *chunkPlace(job, folder / "out");
    for (std::size_t i = 0; i < 2; ++i)
        QVERIFY(merge(job, i, 2, folder / "out"));
    std::filesystem::remove_all(place);
    const auto status = statusOf(job);
    QCOMPARE(status.count(TaskKind::Merge), 2u);
    QCOMPARE(status.count(TaskKind::Merge, TaskState::Missing), 2u);
    QCOMPARE(lostOf(status), 2u);
    QVERIFY(status.tasks.back().lost.parent_path() == place && status.places.empty());
    const auto refused = finishJob(job, folder / "out", plainContext);
    QCOMPARE(troubleOf(refused), JobTrouble::ChunksGone);
    QCOMPARE(refused.error().detail, std::string("merge 0 of 2"));
    QCOMPARE(refused.error().stage, Stage::Prepare);
    QVERIFY(!std::filesystem::exists(folder / "out"));
    const auto again = then.isEmpty() ? std::filesystem::path() : folder / then.toStdString();
    QVERIFY(merge(job, 1, 2, again));
    QCOMPARE(statusOf(job).count(TaskKind::Merge, TaskState::Done), 1u);
    QCOMPARE(lostOf(statusOf(job)), 1u);
    QVERIFY(merge(job, 0, 2, again));
    QCOMPARE(inFolder(folder / "job/merge").size(), 2u); // nothing of what was lost
    QVERIFY(finishes(job, folder, "out"));
}

// Another cut of the merge that is all there is what finish takes.
void MergePlaceTest::whatIsGoneIsNoWholeMerge()
{
    const TestFolder folder;
    const Job job = reduced(folder);
    QVERIFY(merge(job, 0, 1, folder / "out"));
    std::filesystem::remove_all(*chunkPlace(job, folder / "out"));
    for (std::size_t i = 0; i < 4; ++i)
        QVERIFY(merge(job, i, 4, folder / "out"));
    QCOMPARE(*finishedMerges(job), 4u);
    QCOMPARE(lostOf(statusOf(job)), 0u);
    QVERIFY(finishes(job, folder, "out"));
}

// Those that were not first take away what they made.
void MergePlaceTest::aTaskTwiceAtOnce()
{
    const TestFolder folder;
    const Job job = reduced(folder);
    std::atomic<int> failed{0};
    const std::array<std::filesystem::path, 4> datasets{folder / "a/out", folder / "a/out", folder / "b/out",
                                                        std::filesystem::path()};
    for (std::size_t i = 0; i < 4; ++i) {
        std::vector<std::thread> threads;
        for (const auto& dataset : datasets)
            threads.emplace_back([&] { failed += merge(job, i, 4, dataset) ? 0 : 1; });
        for (auto& thread : threads)
            thread.join();
    }
    QCOMPARE(failed.load(), 0);
    std::size_t inJob = 0;
    for (const auto& task : inFolder(folder / "job/merge"))
        inJob += std::filesystem::exists(task / "flows") ? 1u : 0u;
    QCOMPARE(inFolder(folder / "job/merge").size(), 4u);
    QCOMPARE(inJob + inFolder(*chunkPlace(job, folder / "a/out")).size() +
                 inFolder(*chunkPlace(job, folder / "b/out")).size(),
             4u);
    QVERIFY(finishes(job, folder, "c"));
}

void MergePlaceTest::whatIsGoneDoneAgainTwiceAtOnce()
{
    const TestFolder folder;
    const Job job = reduced(folder);
    for (int round = 0; round < 5; ++round) {
        QVERIFY(merge(job, 0, 1, folder / "out"));
        std::filesystem::remove_all(*chunkPlace(job, folder / "out"));
        std::vector<std::thread> threads;
        std::atomic<int> failed{0};
        for (int i = 0; i < 4; ++i)
            threads.emplace_back([&] { failed += merge(job, 0, 1, folder / "out") ? 0 : 1; });
        for (auto& thread : threads)
            thread.join();
        QCOMPARE(failed.load(), 0);
        QVERIFY(finishes(job, folder, "out"));
        QCOMPARE(inFolder(folder / "job/merge").size(), 1u);
        std::filesystem::remove_all(folder / "job/merge");
        std::filesystem::remove_all(*chunkPlace(job, folder / "out"));
    }
}

void MergePlaceTest::aStoppedTaskLeavesNothing()
{
    const TestFolder folder;
    const Job job = reduced(folder);
    const auto stopped = runMergeTask(job, 0, 1, {.heartbeat = stops, .stop = nullptr}, folder / "new/out");
    QVERIFY(!stopped && stopped.error().code == Errc::Cancelled);
    QVERIFY(!std::filesystem::exists(folder / "new"));
    QVERIFY(std::filesystem::is_empty(folder / "job/merge"));
    QVERIFY(merge(job, 0, 1, folder / "new/out"));
    QVERIFY(finishes(job, folder, "new/out"));
}

void MergePlaceTest::whatAKilledTaskLeftHurtsNobody()
{
    const TestFolder folder;
    const Job job = reduced(folder);
    const auto place = *chunkPlace(job, folder / "out");
    folder.write(pathText(place.filename()) + "/00000-of-00001-0123456789abcdef/chunk_00000.json", "half");
    folder.write("job/merge/.00000-of-00001-0123456789abcdef/index", "half");
    QVERIFY(notePlace(job, place));
    QCOMPARE(statusOf(job).count(TaskKind::Merge, TaskState::Begun), 1u);
    QVERIFY(statusOf(job).places == std::set{place});
    QVERIFY(merge(job, 0, 1, folder / "else/out"));
    QVERIFY(statusOf(job).places == (std::set{place, *chunkPlace(job, folder / "else/out")}));
    QVERIFY(finishes(job, folder, "out"));
    QCOMPARE(inFolder(place).size(), 1u);
    std::filesystem::remove_all(place);
    QVERIFY(statusOf(job).places == std::set{*chunkPlace(job, folder / "else/out")});
}

void MergePlaceTest::damageIsFound()
{
    const TestFolder folder;
    const Job job = reduced(folder);
    QVERIFY(merge(job, 0, 1, folder / "out"));
    const auto damaged = [&](const std::filesystem::path& file) {
        const auto finished = finishJob(job, folder / "out", plainContext);
        return troubleOf(finished) == JobTrouble::Damaged && finished.error().file == file &&
               !std::filesystem::exists(folder / "out");
    };
    const auto chunks = filesBelow(*chunkPlace(job, folder / "out"));
    const auto relative = pathText(std::filesystem::relative(chunks[2], folder.path()));
    const auto content = contentOf(chunks[2]);
    folder.write(relative, content + ' ');
    QVERIFY(damaged(chunks[2]));
    std::filesystem::remove(chunks[2]);
    QVERIFY(damaged(chunks[2]));
    folder.write(relative, content);
    const auto facts = contentOf(folder / "job/merge/00000-of-00001/facts");
    for (std::size_t i = 0; i < facts.size(); i += 5) { // also where they say where the chunk files are
        auto flipped = facts;
        flipped[i] = static_cast<char>(flipped[i] ^ 4);
        folder.write("job/merge/00000-of-00001/facts", flipped);
        QVERIFY2(damaged(folder / "job/merge/00000-of-00001/facts"), std::to_string(i).c_str());
    }
    folder.write("job/merge/00000-of-00001/facts", facts);
    QVERIFY(finishes(job, folder, "out"));
}

void MergePlaceTest::aPlaceIsNotedOnce()
{
    const TestFolder folder;
    const Job job = reduced(folder);
    for (const char* const name : {"a", "b", "a"})
        QVERIFY(notePlace(job, folder / name));
    QCOMPARE(inFolder(folder / "job/places").size(), 2u);
    std::filesystem::create_directory(folder / "b");
    QVERIFY(notedPlaces(job) == std::set{folder / "b"});
}

void MergePlaceTest::refuses_data()
{
    QTest::addColumn<QString>("output");
    QTest::addColumn<QString>("dataset");
    QTest::addColumn<Errc>("code");
    QTest::addColumn<std::optional<JobTrouble>>("trouble");
    const QString set = "timearcs-v2";
    const std::optional<JobTrouble> none, inJob = JobTrouble::OutputInJob,
                                          noChunks = JobTrouble::NoChunkFiles;
    QTest::newRow("lines") << QString("conn-log") << QString("out") << Errc::Job << noChunks;
    QTest::newRow("the job") << set << QString("job") << Errc::Job << inJob;
    QTest::newRow("in the job") << set << QString("job/merge/out") << Errc::Job << inJob;
    QTest::newRow("around the job") << set << QString(".") << Errc::Job << inJob;
    QTest::newRow("a file") << set << QString("a.csv") << Errc::NotAFolder << none;
    QTest::newRow("in a file") << set << QString("a.csv/out") << Errc::Write << none;
}

void MergePlaceTest::refuses()
{
    QFETCH(QString, output);
    QFETCH(QString, dataset);
    QFETCH(Errc, code);
    QFETCH(std::optional<JobTrouble>, trouble);
    const TestFolder folder;
    const Job job = planned(folder, someOptions(folder), {.format = outputFormatNamed(output.toStdString())});
    allBeforeMerge(job);
    const auto before = folder.names();
    const auto refused = merge(job, 0, 1, folder / dataset.toStdString());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, code);
    QVERIFY(jobTroubleOf(refused.error()) == trouble);
    QVERIFY(folder.names() == before);
    QVERIFY(!taskIsDone(job, {TaskKind::Merge, 0, 1}));
    QVERIFY(merge(job, 0, 1));
}

QTEST_APPLESS_MAIN(MergePlaceTest)
#include "merge_place_test.moc"
