// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/jobs.h"
#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/filter_of.h"
#include "tests/support/test_folder.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <limits>
#include <new>
#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace packetloom;
using namespace packetloom::test;

namespace {

/// Larger requests for memory than this fail, on all threads but the test's own.
std::atomic<std::size_t> mostMemory{std::numeric_limits<std::size_t>::max()};
thread_local bool ownThread = false;

} // namespace

void* operator new(std::size_t size)
{
    if (ownThread || size <= mostMemory) {
        if (void* const memory = std::malloc(std::max<std::size_t>(size, 1)))
            return memory;
    }
    throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept // of std::stable_sort()
{
    return ownThread || size <= mostMemory ? std::malloc(std::max<std::size_t>(size, 1)) : nullptr;
}
void operator delete(void* memory) noexcept
{
    std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept
{
    std::free(memory);
}

void operator delete(void* memory, const std::nothrow_t&) noexcept
{
    std::free(memory);
}

/// The bridge between the event loop and the engine.
class JobsTest : public QObject
{
    Q_OBJECT

private slots:
    void analyzesBesideTheEventLoop();
    void progressGrows();
    void errorsArrive();
    void cancelAtAnyMoment();
    void exportsFromThePreviewAndFromTheInputs();
    void lookUpsAnswer();
    void onlyTheLatestSelectionAnswers();
    void exceptionsAreAnswers();
    void waitingIsCancelled();
    void theDestructorStopsWhatRuns();
};

namespace {

InputSpec specOf(const std::filesystem::path& file)
{
    InputSpec spec;
    spec.file = file;
    return spec;
}

constexpr int patience = 60'000; // milliseconds; sanitizers are slow

/// Collects what a Jobs says.
struct Listener
{
    explicit Listener(Jobs& jobs)
    {
        QObject::connect(&jobs, &Jobs::progressed, &jobs,
                         [this](const LiveProgress& p) { progress.push_back(p); });
        QObject::connect(&jobs, &Jobs::analyzed, &jobs, [this](const AnalysisPtr& a) { analysis = a; });
        QObject::connect(&jobs, &Jobs::exported, &jobs, [this](const ConversionSummary& s) { summary = s; });
        QObject::connect(&jobs, &Jobs::failed, &jobs, [this](Jobs::Kind, const Error& e) { error = e; });
        QObject::connect(&jobs, &Jobs::cancelled, &jobs, [this](Jobs::Kind) { ++cancelled; });
    }
    [[nodiscard]] int answers() const
    {
        return cancelled + (analysis ? 1 : 0) + (summary ? 1 : 0) + (error ? 1 : 0);
    }
    std::vector<LiveProgress> progress;
    AnalysisPtr analysis;
    std::optional<ConversionSummary> summary;
    std::optional<Error> error;
    int cancelled = 0;
};

Options optionsFor(const std::filesystem::path& input)
{
    Options options;
    options.inputs = {input};
    return options;
}

} // namespace

void JobsTest::analyzesBesideTheEventLoop()
{
    const TestFolder folder;
    Jobs jobs;
    Listener heard(jobs);
    QCOMPARE(jobs.running(), Jobs::Kind::None);
    jobs.analyze(optionsFor(folder.write("in.csv", conversations(100))));
    QCOMPARE(jobs.running(), Jobs::Kind::Analysis);
    QTRY_VERIFY_WITH_TIMEOUT(heard.answers() == 1, patience);
    QVERIFY(heard.analysis);
    QCOMPARE(heard.analysis->flows.size(), 100u);
    QCOMPARE(jobs.running(), Jobs::Kind::None);
    QCOMPARE(heard.analysis.use_count(), 1L); // the job keeps nothing
}

void JobsTest::progressGrows()
{
    const TestFolder folder;
    const auto text = conversations(20'000);
    Jobs jobs;
    Options options;
    options.readChunkRows = 10'000;
    options.inputs = {folder.write("in.csv", text)};
    std::optional<Listener> listener;
    do { // fast machines need more to have anything to tell on the way
        options.inputs.resize(options.inputs.size() * 5, options.inputs.front());
        QVERIFY(options.inputs.size() < 10'000);
        listener.emplace(jobs);
        jobs.analyze(options);
        QTRY_VERIFY_WITH_TIMEOUT(listener->answers() == 1, patience);
        QVERIFY(listener->analysis);
        jobs.disconnect();
    } while (listener->progress.size() < 2);
    const Listener& heard = *listener;
    std::uint64_t bytes = 0, rows = 0;
    bool timelineSeen = false;
    for (const auto& moment : heard.progress) {
        QVERIFY(moment.counters.bytesDone >= bytes);
        QVERIFY(moment.counters.rows >= rows);
        QVERIFY(!moment.counters.timeline);
        QVERIFY(!moment.counters.tally);
        bytes = moment.counters.bytesDone;
        rows = moment.counters.rows;
        timelineSeen = timelineSeen || (moment.timeline && moment.timeline->bins() > 0);
    }
    QVERIFY(timelineSeen);
}

void JobsTest::errorsArrive()
{
    const TestFolder folder;
    Jobs jobs;
    Listener heard(jobs);
    jobs.analyze(optionsFor(folder / "missing.csv"));
    QTRY_VERIFY_WITH_TIMEOUT(heard.answers() == 1, patience);
    QVERIFY(heard.error);
    QCOMPARE(heard.error->code, Errc::Open);
    QCOMPARE(jobs.running(), Jobs::Kind::None);
}

void JobsTest::cancelAtAnyMoment()
{
    const TestFolder folder;
    auto options = optionsFor(folder.write("in.csv", conversations(50'000)));
    options.temporaryFolder = folder.path();
    options.readChunkRows = 20'000;
    for (const int wait : {0, 1, 5, 20, 60, 150}) {
        Jobs jobs;
        Listener heard(jobs);
        jobs.analyze(options);
        QTest::qWait(wait);
        jobs.cancel();
        QElapsedTimer clock;
        clock.start();
        QTRY_VERIFY_WITH_TIMEOUT(heard.answers() == 1, patience);
        QVERIFY(heard.cancelled == 1 || heard.analysis); // it may have been done already
        QCOMPARE(jobs.running(), Jobs::Kind::None);
    }
    for (const int wait : {0, 5, 40, 100}) {
        Jobs jobs;
        Listener heard(jobs);
        jobs.exportDataset(nullptr, options, folder / "out");
        QTest::qWait(wait);
        jobs.cancel();
        QTRY_VERIFY_WITH_TIMEOUT(heard.answers() == 1, patience);
        if (heard.cancelled == 1)
            QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
        else
            std::filesystem::remove_all(folder / "out");
    }
}

void JobsTest::exportsFromThePreviewAndFromTheInputs()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(200));
    const auto options = optionsFor(input);
    QVERIFY(convert(options, folder / "expected", [](const Progress&) { return true; }));
    Jobs jobs;
    Listener heard(jobs);
    jobs.analyze(options);
    QTRY_VERIFY_WITH_TIMEOUT(heard.analysis != nullptr, patience);
    // Not from the preview when the options have changed:
    auto others = options;
    others.maxRecords = 60;
    jobs.exportDataset(heard.analysis, others, folder / "fewer");
    QTRY_VERIFY_WITH_TIMEOUT(heard.summary.has_value(), patience);
    QCOMPARE(heard.summary->totals.rows.kept, 60u);
    heard.summary.reset();
    // And without the inputs when they have not:
    std::filesystem::remove(input);
    jobs.exportDataset(heard.analysis, options, folder / "out");
    QTRY_VERIFY_WITH_TIMEOUT(heard.summary.has_value() || heard.error, patience);
    QVERIFY(heard.summary);
    QVERIFY(datasetContent(folder / "out") == datasetContent(folder / "expected"));
}

void JobsTest::lookUpsAnswer()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(20));
    Jobs jobs;
    std::optional<std::uint64_t> size;
    connect(&jobs, &Jobs::inspected, this,
            [&](const InputSpec&, const Result<CaptureFacts>& facts) { size = facts->bytes; });
    jobs.inspect(specOf(input));
    QTRY_VERIFY_WITH_TIMEOUT(size.has_value(), patience);
    QCOMPARE(*size, std::uint64_t{std::filesystem::file_size(input)});
}

void JobsTest::onlyTheLatestSelectionAnswers()
{
    const TestFolder folder;
    Jobs jobs;
    Listener heard(jobs);
    jobs.analyze(optionsFor(folder.write("in.csv", conversations(300))));
    QTRY_VERIFY_WITH_TIMEOUT(heard.analysis != nullptr, patience);
    std::vector<std::size_t> sizes;
    connect(&jobs, &Jobs::flowsSelected, this,
            [&](const AnalysisPtr&, const Result<std::vector<std::uint32_t>>& flows) {
                sizes.push_back(flows->size());
            });
    FlowQuery query;
    jobs.selectFlows(heard.analysis, query);
    query.narrowing.filter = filterOf("10.0.0.7");
    jobs.selectFlows(heard.analysis, query);
    query.narrowing.filter = filterOf("nowhere");
    jobs.selectFlows(heard.analysis, query);
    QTRY_VERIFY_WITH_TIMEOUT(!sizes.empty(), patience);
    QTest::qWait(50);
    QCOMPARE(sizes, std::vector<std::size_t>{0});
}

// Every question, asked when there is no memory for its answer: it is answered all the same, and so is the
// next one.
void JobsTest::exceptionsAreAnswers()
{
    ownThread = true;
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(5'000));
    Jobs jobs;
    Listener heard(jobs);
    jobs.analyze(optionsFor(input));
    QTRY_VERIFY_WITH_TIMEOUT(heard.analysis != nullptr, patience);
    QStringList answers;
    const auto note = [&](const char* question, const auto& answer) {
        answers << QStringLiteral("%1: %2").arg(
            question, answer ? QStringLiteral("good") : QString::fromStdString(answer.error().detail));
    };
    using Rows = Result<std::vector<std::uint32_t>>;
    connect(&jobs, &Jobs::flowsSelected, this,
            [&](const AnalysisPtr&, const Rows& rows) { note("flows", rows); });
    connect(&jobs, &Jobs::addressesSelected, this,
            [&](const CountedPtr&, const Rows& rows) { note("addresses", rows); });
    connect(&jobs, &Jobs::pairsSelected, this,
            [&](const CountedPtr&, const Rows& rows) { note("pairs", rows); });
    connect(&jobs, &Jobs::narrowed, this,
            [&](const AnalysisPtr&, const Result<NarrowedPtr>& counted) { note("interval", counted); });
    connect(&jobs, &Jobs::grouped, this,
            [&](const AnalysisPtr&, const Result<GroupAnswer>& groups) { note("groups", groups); });
    connect(&jobs, &Jobs::inspected, this,
            [&](const InputSpec&, const Result<CaptureFacts>& facts) { note("capture", facts); });
    const auto askAll = [&] {
        answers.clear();
        FlowQuery query;
        query.sort = {{FlowColumn::Source}};
        jobs.selectFlows(heard.analysis, query);
        jobs.selectAddresses(heard.analysis, {});
        jobs.selectPairs(heard.analysis, {});
        jobs.narrow(heard.analysis, {.interval = std::pair<qint64, qint64>(0, 1)});
        jobs.groupBy(heard.analysis, {}, {}, nullptr);
        jobs.inspect(specOf(input));
    };
    for (const bool enough : {false, true}) {
        mostMemory = enough ? std::numeric_limits<std::size_t>::max() : 800;
        askAll();
        QTRY_COMPARE_WITH_TIMEOUT(answers.size(), 6, patience);
        mostMemory = std::numeric_limits<std::size_t>::max();
        const QString how = enough ? QStringLiteral("good") : QStringLiteral("out of memory");
        QStringList expected;
        for (const char* const question : {"flows", "addresses", "pairs", "interval", "groups", "capture"})
            expected << QStringLiteral("%1: %2").arg(question, how);
        QCOMPARE(answers, expected);
    }
    // And a job.
    heard.analysis.reset();
    mostMemory = 2'000;
    jobs.analyze(optionsFor(input));
    QTRY_COMPARE_WITH_TIMEOUT(jobs.running(), Jobs::Kind::None, patience);
    mostMemory = std::numeric_limits<std::size_t>::max();
    QVERIFY(heard.error);
    QCOMPARE(heard.error->detail, std::string("out of memory"));
    QCOMPARE(heard.cancelled, 0);
}

// Nobody writes to the pipe, so no heartbeat asks.
void JobsTest::waitingIsCancelled()
{
#ifdef Q_OS_UNIX
    const TestFolder folder;
    const auto pipe = folder / "pipe";
    QCOMPARE(::mkfifo(pipe.c_str(), 0600), 0);
    Jobs jobs;
    for (const bool exports : {false, true}) {
        Listener heard(jobs);
        if (exports)
            jobs.exportDataset(nullptr, optionsFor(pipe), folder / "out");
        else
            jobs.analyze(optionsFor(pipe));
        QTest::qWait(100);
        QCOMPARE(heard.answers(), 0);
        jobs.cancel();
        QTRY_VERIFY_WITH_TIMEOUT(heard.answers() == 1, patience);
        QCOMPARE(heard.cancelled, 1);
        jobs.disconnect();
    }
    jobs.analyze(optionsFor(pipe)); // and the destructor ends it
    QTest::qWait(50);
#endif
}

void JobsTest::theDestructorStopsWhatRuns()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(50'000));
    {
        Jobs jobs;
        jobs.inspect(specOf(input));
        jobs.exportDataset(nullptr, optionsFor(input), folder / "out");
        QTest::qWait(30);
    }
    const auto names = folder.names();
    QVERIFY(names == std::vector<std::string>{"in.csv"} ||
            names == (std::vector<std::string>{"in.csv", "out"}));
}

QTEST_GUILESS_MAIN(JobsTest)
#include "jobs_test.moc"
