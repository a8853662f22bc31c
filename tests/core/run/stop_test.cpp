// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <stdexcept>
#include <thread>

using namespace packetloom;
using namespace packetloom::test;

/// The heartbeat: progress that never goes back, and a stop at any beat that leaves nothing behind.
class StopTest : public QObject
{
    Q_OBJECT

private slots:
    void progressOnlyGrows();
    void stoppingAtAnyBeatLeavesNothingBehind();
    void analyzeStopsToo();
    void exceptionsOfTheHeartbeatBecomeErrors();
};

namespace {

/// Waits at each beat, so that the next one is due at once: the engine asks about 25 times a second.
class SlowBeat
{
public:
    explicit SlowBeat(std::size_t stopAt) : stopAt_(stopAt) {}
    bool operator()(const Progress& progress)
    {
        seen_.push_back(progress);
        std::this_thread::sleep_for(std::chrono::milliseconds(45));
        return seen_.size() < stopAt_;
    }
    [[nodiscard]] const std::vector<Progress>& seen() const { return seen_; }

private:
    std::size_t stopAt_;
    std::vector<Progress> seen_;
};

constexpr std::size_t never = ~std::size_t{0};

} // namespace

void StopTest::progressOnlyGrows()
{
    const TestFolder folder;
    const auto text = conversations(30);
    Options options;
    options.readChunkRows = 50;
    options.blockSize = 500;
    options.inputs = {folder.write("a.csv", text), folder.write("b.csv", text)};
    SlowBeat beat(never);
    QVERIFY(convert(options, folder / "out", std::ref(beat)));
    QVERIFY(beat.seen().size() > 10);
    Progress last;
    for (const auto& now : beat.seen()) {
        QVERIFY(now.phase >= last.phase);
        QVERIFY(now.bytesDone >= last.bytesDone);
        QVERIFY(now.rows >= last.rows);
        QVERIFY(now.packets >= last.packets);
        QVERIFY(now.flows >= last.flows);
        QCOMPARE(now.bytesTotal, 2 * text.size());
        QVERIFY(now.bytesDone <= now.bytesTotal);
        last = now;
    }
    QCOMPARE(last.phase, Phase::Finishing);
    QCOMPARE(last.bytesDone, last.bytesTotal);
}

void StopTest::stoppingAtAnyBeatLeavesNothingBehind()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(100))};
    options.flowsPerChunk = 10;
    options.readChunkRows = 100;
    options.blockSize = 1000;
    SlowBeat all(never);
    QVERIFY(convert(options, folder / "whole", std::ref(all)));
    std::filesystem::remove_all(folder / "whole");
    const std::size_t beats = all.seen().size();
    QVERIFY(beats >= 5);
    std::size_t cancelled = 0;
    for (std::size_t stopAt = 1; stopAt < beats; stopAt += 1 + stopAt / 2) {
        SlowBeat beat(stopAt);
        const auto summary = convert(options, folder / "deep/er/out", std::ref(beat));
        if (summary) { // fewer beats were due this time
            std::filesystem::remove_all(folder / "deep");
            continue;
        }
        ++cancelled;
        QCOMPARE(summary.error().code, Errc::Cancelled);
        QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"}); // the folders above are gone too
    }
    QVERIFY(cancelled >= 3);
}

void StopTest::analyzeStopsToo()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(500))};
    options.temporaryFolder = folder.path();
    for (const std::size_t stopAt : {1u, 2u, 5u}) {
        SlowBeat beat(stopAt);
        const auto analysis = analyze(options, std::ref(beat));
        QVERIFY(!analysis);
        QCOMPARE(analysis.error().code, Errc::Cancelled);
        QCOMPARE(beat.seen().size(), stopAt); // not asked again after the answer
        QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
    }
}

void StopTest::exceptionsOfTheHeartbeatBecomeErrors()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(500))};
    const auto outOfMemory = [](const Progress&) -> bool { throw std::bad_alloc(); };
    const auto summary = convert(options, folder / "out", outOfMemory);
    QVERIFY(!summary);
    QCOMPARE(summary.error().code, Errc::Internal);
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
    const auto odd = [](const Progress&) -> bool { throw std::runtime_error("odd"); };
    const auto analysis = analyze(options, odd);
    QVERIFY(!analysis);
    QCOMPARE(analysis.error().detail, std::string("odd"));
}

QTEST_APPLESS_MAIN(StopTest)
#include "stop_test.moc"
