// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/jobs.h"
#include "core/convert/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

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
    void theDestructorStopsWhatRuns();
};

namespace {

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
    Listener heard(jobs);
    std::optional<std::uint64_t> size;
    connect(&jobs, &Jobs::inspected, this,
            [&](const std::filesystem::path&, const Result<CaptureFacts>& facts) { size = facts->bytes; });
    jobs.inspect(input);
    QTRY_VERIFY_WITH_TIMEOUT(size.has_value(), patience);
    QCOMPARE(*size, std::uint64_t{std::filesystem::file_size(input)});
    jobs.analyze(optionsFor(input));
    QTRY_VERIFY_WITH_TIMEOUT(heard.analysis != nullptr, patience);
    std::size_t flow = 0, packets = 0;
    connect(&jobs, &Jobs::flowRead, this, [&](std::size_t which, const Result<FlowDetail>& detail) {
        flow = which;
        packets = detail->packets.size();
    });
    jobs.readFlow(heard.analysis, 3);
    jobs.readFlow(heard.analysis, 7);
    QTRY_VERIFY_WITH_TIMEOUT(flow == 7, patience); // the first answer came too late or not at all
    QCOMPARE(packets, std::size_t{packetsPerConversation});
}

void JobsTest::onlyTheLatestSelectionAnswers()
{
    const TestFolder folder;
    Jobs jobs;
    Listener heard(jobs);
    jobs.analyze(optionsFor(folder.write("in.csv", conversations(300))));
    QTRY_VERIFY_WITH_TIMEOUT(heard.analysis != nullptr, patience);
    std::vector<std::size_t> sizes;
    connect(
        &jobs, &Jobs::flowsSelected, this,
        [&](const AnalysisPtr&, const std::vector<std::uint32_t>& flows) { sizes.push_back(flows.size()); });
    FlowQuery query;
    jobs.selectFlows(heard.analysis, query);
    query.text = "10.0.0.7";
    jobs.selectFlows(heard.analysis, query);
    query.text = "no such thing";
    jobs.selectFlows(heard.analysis, query);
    QTRY_VERIFY_WITH_TIMEOUT(!sizes.empty(), patience);
    QTest::qWait(50);
    QCOMPARE(sizes, std::vector<std::size_t>{0});
}

void JobsTest::theDestructorStopsWhatRuns()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(50'000));
    {
        Jobs jobs;
        jobs.inspect(input);
        jobs.exportDataset(nullptr, optionsFor(input), folder / "out");
        QTest::qWait(30);
    }
    const auto names = folder.names();
    QVERIFY(names == std::vector<std::string>{"in.csv"} ||
            names == (std::vector<std::string>{"in.csv", "out"}));
}

QTEST_GUILESS_MAIN(JobsTest)
#include "jobs_test.moc"
