// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/convert.h"
#include "tests/support/generator/frame_rows.h"
#include "tests/support/generator/shapes.h"
#include "tests/support/test_folder.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// The same traffic as CSV and as capture files gives the same dataset.
class GeneratedCaptureTest : public QObject
{
    Q_OBJECT

private slots:
    void datasetsAreTheSame_data();
    void datasetsAreTheSame();
};

namespace {

using Dataset = std::map<std::string, std::string>;

bool goOn(const Progress&)
{
    return true;
}

/// The rows as frames say them.
std::string rowsAsFrames(const std::string& csv)
{
    std::size_t at = csv.find('\n') + 1;
    std::string text = csv.substr(0, at);
    for (std::size_t end = 0; at < csv.size(); at = end + 1) {
        end = csv.find('\n', at);
        text += generator::rowAsFrame(std::string_view(csv).substr(at, end - at)) + '\n';
    }
    return text;
}

struct Read
{
    RunTotals totals;
    Dataset dataset; ///< but for the manifest, which names the input
};

Read readOf(generator::GeneratorOptions options, generator::Format format)
{
    const TestFolder folder;
    options.format = format;
    const auto made = generator::generateFiles(options, folder / "in", {});
    if (!made.error.empty())
        qFatal("%s", made.error.c_str());
    if (format == generator::Format::Csv)
        folder.write("in", rowsAsFrames(contentOf(folder / "in")));
    Options run;
    run.inputs = {folder / "in"};
    auto summary = convert(run, folder / "out", goOn);
    if (!summary)
        qFatal("the conversion fails");
    auto dataset = datasetContent(folder / "out");
    dataset.erase("manifest.json");
    return {std::move(summary->totals), std::move(dataset)};
}

} // namespace

void GeneratedCaptureTest::datasetsAreTheSame_data()
{
    QTest::addColumn<QString>("shape");
    for (const char* const name : {"default", "text", "flood", "scan", "shuffled"})
        QTest::newRow(name) << QString::fromLatin1(name);
}

void GeneratedCaptureTest::datasetsAreTheSame()
{
    QFETCH(QString, shape);
    auto options = generator::shapeOptions(shape.toStdString()).value();
    options.rows = 6'000;
    options.seed = 11;
    options.addresses = generator::Addresses::Text;
    const Read csv = readOf(options, generator::Format::Csv);
    QCOMPARE(csv.totals.rows, (RowCounts{.read = 6'000, .kept = 6'000}));
    QVERIFY(csv.totals.flows > 0);
    for (const auto format : {generator::Format::Pcap, generator::Format::Pcapng}) {
        const Read capture = readOf(options, format);
        QCOMPARE(capture.totals.rows, csv.totals.rows);
        QCOMPARE(capture.totals.flows, csv.totals.flows);
        QCOMPARE(capture.dataset.size(), csv.dataset.size());
        for (const auto& [name, content] : csv.dataset)
            QVERIFY2(capture.dataset.at(name) == content, name.c_str());
    }
}

QTEST_GUILESS_MAIN(GeneratedCaptureTest)
#include "generated_capture_test.moc"
