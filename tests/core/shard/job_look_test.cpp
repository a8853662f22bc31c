// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/job_trouble.h"
#include "core/shard/look.h"
#include "core/shard/outlook.h"
#include "tests/support/capture_text.h"
#include "tests/support/shard_run.h"
#include "tests/support/test_folder.h"

#include <QRegularExpression>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// What is known of a job before it is planned, and while others do its tasks.
class JobLookTest : public QObject
{
    Q_OBJECT

private slots:
    void thePlaceIsTold();
    void sizesTellHowManyTasks();
    void suggestionsGrowWithTheInputs();
    void planningTellsHowFarItIs();
    void whatIsDoneIsSeen();
    void aLostOrExchangedJobIsSeen();
    void aChangedInputIsSeenByAThoroughLook();
};

namespace {

Result<Job> planned(const TestFolder& folder, const char* name = "job")
{
    Options options;
    options.inputs = {folder.write("in.csv", conversations(30))};
    options.readChunkRows = 20;
    return planJob({.folder = folder / name, .shards = 2, .taskBytes = 3000, .options = options},
                   plainContext);
}

JobPlace placeOf(const std::filesystem::path& folder)
{
    const auto outlook = outlookOf({}, folder);
    if (!outlook.place)
        qFatal("no place");
    return *outlook.place;
}

} // namespace

void JobLookTest::thePlaceIsTold()
{
    const TestFolder folder;
    QCOMPARE(placeOf(folder / "a" / "job"), JobPlace::Missing);
    std::filesystem::create_directories(folder / "empty");
    QCOMPARE(placeOf(folder / "empty"), JobPlace::Empty);
    const auto file = folder.write("others/notes.txt", "mine");
    QCOMPARE(placeOf(folder / "others"), JobPlace::Others);
    QVERIFY(planned(folder));
    QCOMPARE(placeOf(folder / "job"), JobPlace::Job);
    const auto outlook = outlookOf({}, file);
    QVERIFY(!outlook.place && outlook.place.error().code == Errc::NotAFolder);
    QVERIFY(planned(folder, "others")); // what stands there stays
    QCOMPARE(contentOf(file), std::string("mine"));
}

void JobLookTest::sizesTellHowManyTasks()
{
    const TestFolder folder;
    const auto one = folder.write("one.csv", std::string(2500, 'x')),
               two = folder.write("two.csv", std::string(1000, 'x'));
    const auto outlook = outlookOf({one, two, folder / "gone.csv"}, folder / "job");
    QCOMPARE(outlook.inputBytes, (std::vector<std::uint64_t>{2500, 1000, 0}));
    QCOMPARE(outlook.bytes(), std::uint64_t{3500});
    QCOMPARE(mostMapTasks(outlook, 0), std::size_t{3});
    QCOMPARE(mostMapTasks(outlook, 1000), std::size_t{5});
    QCOMPARE(mostMapTasks(outlook, 999), std::size_t{6});
    const auto job = planned(folder);
    QVERIFY(job && job->tasks.size() > 2);
    QVERIFY(job->tasks.size() <= mostMapTasks(outlookOf(job->options.inputs, folder / "job"), 3000));
}

void JobLookTest::suggestionsGrowWithTheInputs()
{
    constexpr std::uint64_t gigabyte = 1'000'000'000;
    QCOMPARE(suggestedShards(0), std::size_t{8});
    QCOMPARE(suggestedShards(20 * gigabyte + 1), std::size_t{21});
    QCOMPARE(suggestedShards(5000 * gigabyte), std::size_t{256});
    QCOMPARE(suggestedMerges(0), std::size_t{1});
    QCOMPARE(suggestedMerges(3 * gigabyte), std::size_t{3});
    QVERIFY(suggestedShards(~std::uint64_t{0}) <= mostShards);
}

void JobLookTest::planningTellsHowFarItIs()
{
    const TestFolder folder;
    Options options;
    const auto text = conversations(20'000);
    options.inputs = {folder.write("small.csv", conversations(3)), folder.write("a.csv", text),
                      folder.write("b.csv", text)};
    options.readChunkRows = 1000;
    std::uint64_t latest = 0;
    const Heartbeat heartbeat = [&](const Progress& progress) {
        if (progress.bytesTotal > 0) { // what is not cut is not read
            if (progress.bytesTotal != 2 * text.size() || progress.bytesDone < latest ||
                progress.bytesDone > progress.bytesTotal)
                qWarning("%llu of %llu", static_cast<unsigned long long>(progress.bytesDone),
                         static_cast<unsigned long long>(progress.bytesTotal));
            else
                latest = progress.bytesDone;
        }
        return true;
    };
    QTest::failOnWarning(QRegularExpression(QStringLiteral(".* of .*")));
    const auto job =
        planJob({.folder = folder / "job", .shards = 2, .taskBytes = 1'000'000, .options = options},
                {.heartbeat = heartbeat});
    QVERIFY(job && job->tasks.size() > 5);
    QVERIFY(latest > 0);
}

void JobLookTest::whatIsDoneIsSeen()
{
    const TestFolder folder;
    const auto job = planned(folder);
    QVERIFY(job);
    auto look = lookAt(*job, folder / "dataset", true);
    QVERIFY(!look.trouble && !look.made);
    QCOMPARE(look.status.count(TaskKind::Map, TaskState::Missing), job->tasks.size());
    for (std::size_t i = 0; i < job->tasks.size(); ++i)
        QVERIFY(runMapTask(*job, i, plainContext));
    for (std::size_t i = 0; i < job->shards; ++i)
        QVERIFY(runReduceTask(*job, i, plainContext));
    QVERIFY(runMergeTask(*job, 0, 1, plainContext));
    QVERIFY(finishJob(*job, folder / "dataset", plainContext));
    look = lookAt(*job, folder / "dataset", false);
    QVERIFY(!look.trouble && look.made);
    QCOMPARE(look.status.count(TaskKind::Map, TaskState::Done), job->tasks.size());
    QVERIFY(!lookAt(*job, {}, false).made);
}

void JobLookTest::aLostOrExchangedJobIsSeen()
{
    const TestFolder folder;
    const auto job = planned(folder);
    QVERIFY(job);
    std::filesystem::remove_all(folder / "job");
    for (const bool thorough : {false, true}) {
        const auto look = lookAt(*job, {}, thorough);
        QVERIFY(look.trouble && look.trouble->code == Errc::Open);
    }
    QVERIFY(planned(folder));
    const auto look = lookAt(*job, {}, true);
    QVERIFY(look.trouble && jobTroubleOf(*look.trouble) == JobTrouble::NotAJob);
}

void JobLookTest::aChangedInputIsSeenByAThoroughLook()
{
    const TestFolder folder;
    const auto job = planned(folder);
    QVERIFY(job);
    folder.write("in.csv", conversations(31));
    QVERIFY(!lookAt(*job, {}, false).trouble);
    const auto changed = lookAt(*job, {}, true);
    QVERIFY(changed.trouble && jobTroubleOf(*changed.trouble) == JobTrouble::InputChanged);
    std::filesystem::remove(folder / "in.csv");
    const auto gone = lookAt(*job, {}, true);
    QVERIFY(gone.trouble && gone.trouble->code == Errc::Open);
}

QTEST_MAIN(JobLookTest)
#include "job_look_test.moc"
