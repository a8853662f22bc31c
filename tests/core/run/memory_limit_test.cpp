// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/analysis/open_dataset.h"
#include "core/output/convert.h"
#include "core/output/export.h"
#include "core/support/process_memory.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <fstream>
#include <vector>
#ifdef Q_OS_LINUX
#include <sys/resource.h>
#endif

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr std::uint64_t megabyte = 1'000'000;
constexpr std::uint64_t room = 64 * megabyte;

/// A heartbeat that, once a phase is reached, takes more memory than there is room for.
class Hog
{
public:
    explicit Hog(Phase phase) : phase_(phase) {}
    bool operator()(const Progress& progress)
    {
        if (progress.phase == phase_ && taken_->empty())
            taken_->assign(2 * room, 'x');
        return true;
    }

private:
    Phase phase_;
    std::shared_ptr<std::vector<char>> taken_ = std::make_shared<std::vector<char>>();
};

[[maybe_unused]] std::uint64_t peakBytes() // not with sanitizers, which take memory of their own
{
#ifdef Q_OS_LINUX
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
#else
    return 0;
#endif
}

bool goOn(const Progress&)
{
    return true;
}

} // namespace

/// A run ends when the process takes more memory than it may, whatever it is at.
class MemoryLimitTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void fewWideRows();
    void aLargeMap();
    void cancelWhileTheMapIsRead();
    void everyPhaseOfAnAnalysis_data() { phases(); }
    void everyPhaseOfAnAnalysis();
    void everyPhaseOfAConversion_data() { phases(); }
    void everyPhaseOfAConversion();
    void everyPhaseOfAnExport_data() { phases(); }
    void everyPhaseOfAnExport();
    void openingADataset();

private:
    static void phases();
    static std::uint64_t limit() { return residentBytes() + room; }
    template <class T>
    static void isTheLimit(const Result<T>& result, std::uint64_t allowed)
    {
        QVERIFY(!result);
        QCOMPARE(result.error().code, Errc::MemoryLimit);
        QCOMPARE(result.error().byte, allowed);
        QVERIFY(std::holds_alternative<MemoryTakers>(result.error().facts));
    }

    const TestFolder folder_;
    Options options_;
};

void MemoryLimitTest::phases()
{
    QTest::addColumn<int>("phase");
    QTest::newRow("reading") << int(Phase::Reading);
    QTest::newRow("open flows") << int(Phase::OpenFlows);
    QTest::newRow("finishing") << int(Phase::Finishing);
}

void MemoryLimitTest::initTestCase()
{
    if (residentBytes() == 0)
        QSKIP("the system does not say");
    std::string text = conversations(2000);
    for (int i = 0; i < 20'000; ++i) // and as many open flows
        text +=
            captureRow(captureStart + i, "10.1." + std::to_string(i / 250) + '.' + std::to_string(i % 250),
                       "10.0.0.1", 2, i);
    options_.inputs = {folder_.write("in.csv", text)};
}

// Rows alone do not say how much is read. First, while the process has not yet used more.
void MemoryLimitTest::fewWideRows()
{
    Options options;
    options.inputs = {folder_ / "wide.csv"};
    {
        std::ofstream out(options.inputs.front(), std::ios::binary);
        out << captureHeader();
        for (int i = 0; i < 300; ++i)
            out << captureRow(captureStart + i, std::to_string(i) + std::string(900'000, 'x'), "b", 2);
    }
    options.memoryLimit = limit();
    const auto analysis = analyze(options, goOn);
    isTheLimit(analysis, options.memoryLimit);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
    QVERIFY2(peakBytes() < options.memoryLimit + 32 * megabyte, std::to_string(peakBytes()).c_str());
#endif
}

void MemoryLimitTest::aLargeMap()
{
    std::string map = "{";
    for (int i = 0; i < 1'200'000; ++i)
        map += (i ? ",\"host" : "\"host") + std::to_string(i) + "\":" + std::to_string(i);
    Options options = options_;
    options.ipMap = folder_.write("map.json", map + "}");
    map = {};
    options.memoryLimit = limit();
    isTheLimit(analyze(options, goOn), options.memoryLimit);
}

void MemoryLimitTest::cancelWhileTheMapIsRead()
{
    Options options = options_;
    options.ipMap = folder_ / "map.json";
    std::size_t beats = 0;
    const auto analysis = analyze(options, [&](const Progress& progress) {
        ++beats;
        return progress.rows > 0; // before the first row
    });
    QVERIFY(!analysis);
    QCOMPARE(analysis.error().code, Errc::Cancelled);
    QCOMPARE(beats, 1u);
}

void MemoryLimitTest::everyPhaseOfAnAnalysis()
{
    QFETCH(int, phase);
    Options options = options_;
    options.memoryLimit = limit();
    for (const Depth depth : {Depth::Counts, Depth::Flows})
        isTheLimit(analyze(options, Hog(Phase(phase)), depth), options.memoryLimit);
}

void MemoryLimitTest::everyPhaseOfAConversion()
{
    QFETCH(int, phase);
    Options options = options_;
    options.memoryLimit = limit();
    isTheLimit(convert(options, folder_ / "out", Hog(Phase(phase))), options.memoryLimit);
    QVERIFY(!std::filesystem::exists(folder_ / "out"));
}

void MemoryLimitTest::everyPhaseOfAnExport()
{
    QFETCH(int, phase);
    const auto analysis = analyze(options_, goOn, Depth::Flows);
    QVERIFY(analysis);
    Options options = options_;
    options.memoryLimit = limit();
    isTheLimit(exportDataset(**analysis, options, folder_ / "out", Hog(Phase(phase))), options.memoryLimit);
    QVERIFY(!std::filesystem::exists(folder_ / "out"));
}

void MemoryLimitTest::openingADataset()
{
    QVERIFY(convert(options_, folder_ / "dataset", goOn));
    QVERIFY(openDataset(folder_ / "dataset", goOn));
    const std::uint64_t allowed = limit();
    isTheLimit(openDataset(folder_ / "dataset", Hog(Phase::Reading), allowed), allowed);
}

QTEST_APPLESS_MAIN(MemoryLimitTest)
#include "memory_limit_test.moc"
