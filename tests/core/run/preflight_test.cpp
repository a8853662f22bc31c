// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/input/inspect.h"
#include "core/output/convert.h"
#include "core/run/option_table.h"
#include "tests/support/capture_text.h"
#include "tests/support/packed_text.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Everything that is wrong with what was asked for is said before anything is written.
class PreflightTest : public QObject
{
    Q_OBJECT

private slots:
    void impossibleOptions_data();
    void impossibleOptions();
    void bordersThatAreFine();
    void inputsThatCannotBeUsed();
    void skippingMissingInputs();
    void outputFoldersThatCannotBeUsed();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

using Change = void (*)(Options&);

Error errorOf(const Result<ConversionSummary>& result)
{
    return result ? Error{.code = Errc::Internal, .detail = "no error", .file = {}} : result.error();
}

} // namespace

Q_DECLARE_METATYPE(Change)

void PreflightTest::impossibleOptions_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<Errc>("code");
    QTest::addColumn<std::string>("detail");
    QTest::addColumn<std::optional<OptionId>>("option");
    const auto row = [](const char* name, Change change, Errc code, const char* detail,
                        std::optional<OptionId> option = std::nullopt) {
        QTest::newRow(name) << change << code << std::string(detail) << option;
    };
    row(
        "chunk size 0", [](Options& o) { o.flowsPerChunk = 0; }, Errc::Option, "", OptionId::FlowsPerChunk);
    row(
        "chunk size -1", [](Options& o) { o.flowsPerChunk = -1; }, Errc::Option, "", OptionId::FlowsPerChunk);
    row(
        "read chunk 0", [](Options& o) { o.readChunkRows = 0; }, Errc::Option, "", OptionId::ReadChunkRows);
    row(
        "timeout -1", [](Options& o) { o.flowTimeoutSeconds = -1; }, Errc::Option, "", OptionId::FlowTimeout);
    row(
        "max -1", [](Options& o) { o.maxRecords = -1; }, Errc::Option, "", OptionId::MaxRecords);
    row(
        "start after end", [](Options& o) { o.window = {.start = 2, .end = 1}; }, Errc::TimeWindow, "");
    row(
        "filter", [](Options& o) { o.addressFilter = "10.0.0.1,10.0.0.0/33"; }, Errc::FilterEntry,
        "10.0.0.0/33");
    row(
        "no input", [](Options& o) { o.inputs.clear(); }, Errc::NoInput, "");
    row(
        "no map", [](Options& o) { o.ipMap = "/nonexistent/map.json"; }, Errc::Open,
        "No such file or directory");
}

void PreflightTest::impossibleOptions()
{
    QFETCH(Change, change);
    QFETCH(Errc, code);
    QFETCH(std::string, detail);
    QFETCH(std::optional<OptionId>, option);
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(1))};
    change(options);
    const auto error = errorOf(convert(options, folder / "out", goOn));
    QCOMPARE(error.code, code);
    QCOMPARE(error.detail, detail);
    const auto* const named = std::get_if<OptionId>(&error.facts);
    QVERIFY(option ? named && *named == *option : named == nullptr);
    QCOMPARE(error.stage, Stage::Prepare);
    QCOMPARE(folder.names(), std::vector<std::string>{"in.csv"});
    const auto analysis = analyze(options, goOn);
    QVERIFY(!analysis);
    QCOMPARE(analysis.error().code, code);
}

void PreflightTest::bordersThatAreFine()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(2))};
    options.flowTimeoutSeconds = 0;
    options.flowsPerChunk = options.readChunkRows = 1;
    options.window = {.start = captureStart + 100, .end = captureStart + 100};
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(summary);
    QCOMPARE(summary->totals.rows.kept, 1u);
    options.flowTimeoutSeconds = options.flowsPerChunk = options.readChunkRows = options.maxRecords =
        std::numeric_limits<std::int64_t>::max();
    options.window = {};
    QVERIFY(convert(options, folder / "out", goOn));
}

void PreflightTest::inputsThatCannotBeUsed()
{
    const TestFolder folder;
    Options options;
    const auto good = folder.write("good.csv", conversations(1));
    const auto bad = folder.write("bad.csv", "no,columns\n1,2\n");
    options.inputs = {good, bad};
    const auto error = errorOf(convert(options, folder / "out", goOn));
    QCOMPARE(error.code, Errc::Header);
    QCOMPARE(error.stage, Stage::Prepare);
    QVERIFY(error.file == bad);
    QCOMPARE(error.line, 1u);
    options.inputs = {good, folder / "missing.csv"};
    QCOMPARE(errorOf(convert(options, folder / "out", goOn)).code, Errc::Open);
    options.inputs = {folder.path()};
    QCOMPARE(errorOf(convert(options, folder / "out", goOn)).code, Errc::IsDirectory);
    // Which of two files in a ZIP is meant is asked before one of them is read.
    const auto zip = folder.write("two.zip", zipped({{"a.csv", conversations(1)}, {"b.csv", "x"}}));
    options.inputs = {good, zip};
    QCOMPARE(errorOf(convert(options, folder / "out", goOn)).code, Errc::Inflate);
    QCOMPARE(errorOf(convert(options, folder / "out", goOn)).stage, Stage::Prepare);
    QCOMPARE(inspectCapture({.file = zip}).error().code, Errc::Inflate);
    QCOMPARE(folder.names(), (std::vector<std::string>{"bad.csv", "good.csv", "two.zip"}));
}

void PreflightTest::skippingMissingInputs()
{
    const TestFolder folder;
    Options options;
    options.skipMissing = true;
    options.inputs = {folder / "missing.csv", folder.write("in.csv", conversations(2)), folder.path(),
                      folder.write("empty.csv", "")};
    const auto summary = convert(options, folder / "out", goOn);
    QVERIFY(summary);
    QCOMPARE(summary->totals.rows.kept, 12u);
    QCOMPARE(summary->totals.warnings.size(), 3u);
    QCOMPARE(summary->totals.warnings[0].error.code, Errc::Open);
    QCOMPARE(summary->totals.warnings[1].error.code, Errc::IsDirectory);
    QCOMPARE(summary->totals.warnings[2].error.code, Errc::Empty);
    // What is there but is no capture is a mistake, not something to skip.
    options.inputs.push_back(folder.write("bad.csv", "no,columns\n"));
    QCOMPARE(errorOf(convert(options, folder / "out", goOn)).code, Errc::Header);
    options.inputs = {folder / "missing.csv"};
    QCOMPARE(errorOf(convert(options, folder / "out2", goOn)).code, Errc::NoInput);
}

void PreflightTest::outputFoldersThatCannotBeUsed()
{
    const TestFolder folder;
    Options options;
    options.inputs = {folder.write("in.csv", conversations(1))};
    const auto file = folder.write("file", "x");
    QCOMPARE(errorOf(convert(options, file, goOn)).code, Errc::NotAFolder);
    QCOMPARE(errorOf(convert(options, file / "below", goOn)).stage, Stage::Prepare);
    const auto precious = folder.write("photos/holiday.jpg", "x");
    const auto error = errorOf(convert(options, precious.parent_path(), goOn));
    QCOMPARE(error.code, Errc::Exists);
    QCOMPARE(error.detail, std::string("holiday.jpg"));
    QCOMPARE(errorOf(convert(options, folder.path(), goOn)).code, Errc::InputInOutput);
    QVERIFY(std::filesystem::exists(precious));
    options.replaceAnything = true;
    QCOMPARE(errorOf(convert(options, folder.path(), goOn)).code, Errc::InputInOutput); // never its own input
    QVERIFY(convert(options, precious.parent_path(), goOn));
    QVERIFY(std::filesystem::exists(precious));
}

QTEST_APPLESS_MAIN(PreflightTest)
#include "preflight_test.moc"
