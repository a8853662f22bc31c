// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/input/dataset/manifest_reader.h"
#include "core/output/convert.h"
#include "core/run/capture_rows.h"
#include "tests/support/capture_text.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/gzip_text.h"
#include "tests/support/packed_text.h"
#include "tests/support/test_folder.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace packetloom;
using namespace packetloom::test;
namespace fs = std::filesystem;

/// Options::skipBroken (docs/reading.md, 3a): what is made is what the good files, and the good parts of the
/// others, would make.
class SkipBrokenTest : public QObject
{
    Q_OBJECT

private slots:
    void brokenAtOpening_data();
    void brokenAtOpening();
    void brokenInTheMiddle_data();
    void brokenInTheMiddle();
    void aQuoteBeforeTheBreakCostsNoRow();
    void onlyBrokenOnes();
    void oneThatIsBrokenFartherOn();
    void goneBetweenTheChecksAndTheReading();
    void besideMissingOnes();
    void whatBecomesShorterIsStillAnError();
    void theManifestTells();
};

namespace {

bool goOn(const Progress&)
{
    return true;
}

std::string someRows(int conversationCount, int hour)
{
    return conversations(conversationCount, captureStart + std::int64_t{hour} * 3'600'000'000);
}

/// Many different bytes, so that compressed data is long.
std::string capture(int packets)
{
    PcapFile file;
    std::uint32_t mixed = 12345;
    for (int i = 0; i < packets; ++i) {
        std::string payload;
        for (int k = 0; k < 40; ++k)
            payload += static_cast<char>((mixed = mixed * 1664525 + 1013904223) >> 24);
        const Ip ip{.source = "10.0." + std::to_string(i % 7) + ".1", .options = {}};
        file.add(static_cast<std::uint32_t>(1257254615 + i), 0,
                 ethernet(0x0800, ipv4(ip, tcp({.flags = i % 3 == 0 ? 2u : 16u}, payload))));
    }
    return file.bytes();
}

/// A block of deflate of a type that there is not (RFC 1951, 3.2.3).
const std::string noBlock = "\x07";

std::string damaged(std::string packed)
{
    for (std::size_t i = packed.size() / 2; i < packed.size() / 2 + 40; ++i)
        packed[i] = static_cast<char>(~packed[i]);
    return packed;
}

std::string cut(std::string packed, std::size_t keep)
{
    packed.resize(keep);
    return packed;
}

/// Its name and time apart.
QJsonObject manifestOf(const std::string& text)
{
    auto manifest = QJsonDocument::fromJson(QByteArray::fromStdString(text)).object();
    auto converter = manifest["converter"].toObject();
    for (const char* const key : {"skip_broken", "incomplete_inputs"})
        converter.remove(key);
    manifest["converter"] = converter;
    for (const char* const key : {"source_file", "source_files", "created"})
        manifest.remove(key);
    return manifest;
}

void compare(const fs::path& made, const fs::path& wanted)
{
    const auto got = datasetContent(made), want = datasetContent(wanted);
    QCOMPARE(got.size(), want.size());
    for (const auto& [name, content] : want) {
        QVERIFY2(got.contains(name), name.c_str());
        if (name == "manifest.json")
            QCOMPARE(manifestOf(got.at(name)), manifestOf(content));
        else
            QVERIFY2(got.at(name) == content, name.c_str());
    }
}

/// Several read chunks a file, so that their borders matter.
Options optionsFor(std::vector<fs::path> inputs)
{
    Options options;
    options.inputs = std::move(inputs);
    options.readChunkRows = 50;
    options.flowTimeoutSeconds = 1;
    return options;
}

} // namespace

void SkipBrokenTest::brokenAtOpening_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Errc>("code");
    const auto row = [](const char* name, const std::string& bytes, Errc code) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << code;
    };
    row("a header that is not understood", "no,columns\n1,2\n", Errc::Header);
    row("empty", "", Errc::Empty);
    row("binary",
        std::string("\x7f"
                    "ELF\x02\x01\0\0\0\0",
                    10),
        Errc::Binary);
    row("UTF-16", std::string("\xff\xfet\0i\0", 6), Errc::Utf16);
    row("a capture that ends in its header", capture(1).substr(0, 20), Errc::CaptureCut);
    row("gzip that is damaged from the start", cut(gzipMember("x"), 10) + noBlock, Errc::Inflate);
    row("gzip without content", cut(gzipMember(someRows(9, 0)), 10), Errc::InflateEnd);
    row("a table of flows",
        "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n"
        "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\n",
        Errc::FlowTable);
}

void SkipBrokenTest::brokenAtOpening()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Errc, code);
    const TestFolder folder;
    const auto first = folder.write("a.csv", someRows(60, 0)), last = folder.write("c.csv", someRows(60, 1));
    const auto bad = folder.write("b", bytes.toStdString());
    auto options = optionsFor({first, bad, last});
    const auto refused = convert(options, folder / "out", goOn);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, code);
    QVERIFY(convert(optionsFor({first, last}), folder / "wanted", goOn));
    options.skipBroken = true;
    for (const unsigned threads : {1u, 2u, 3u, 8u}) {
        options.threads = threads;
        const auto made = convert(options, folder / "out", goOn);
        QVERIFY(made);
        compare(folder / "out", folder / "wanted");
        QCOMPARE(made->totals.warnings.size(), 1u);
        QCOMPARE(made->totals.warnings[0].kind, Warning::Kind::SkippedInput);
        QCOMPARE(made->totals.warnings[0].error.code, code);
        QVERIFY(made->totals.warnings[0].error.file == bad);
        const auto& inputs = made->totals.inputs;
        QVERIFY(!inputs[0].incomplete && inputs[1].incomplete && inputs[1].leftOut && !inputs[2].incomplete);
        QCOMPARE(inputs[1].rows, RowCounts());
    }
}

void SkipBrokenTest::brokenInTheMiddle_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<Errc>("code");
    const auto row = [](const char* name, const std::string& bytes, Errc code) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << code;
    };
    const auto rows = someRows(150, 1);
    const auto gz = gzipMember(rows);
    row("damaged gzip", damaged(gz), Errc::Inflate);
    row("gzip that is cut off", cut(gz, gz.size() / 2), Errc::InflateEnd);
    row("gzip without its checksum", cut(gz, gz.size() - 4), Errc::InflateEnd);
    row("gzip, damaged in its second member", gz + damaged(gzipMember(someRows(150, 2))), Errc::Inflate);
    const auto packets = capture(400);
    auto wrongChecksum = gzipMember(packets);
    wrongChecksum[wrongChecksum.size() - 6] ^= 1;
    row("a capture in gzip with a wrong checksum", wrongChecksum, Errc::Inflate);
    row("a capture in gzip, damaged in its second member",
        gzipMember(packets.substr(0, 20'000)) + cut(gzipMember("x"), 10) + noBlock, Errc::Inflate);
    auto quoted = rows;
    for (std::size_t i = quoted.find("10."); i != std::string::npos; i = quoted.find("10.", i + 5))
        quoted.insert(i, "\"").insert(quoted.find(',', i), "\"");
    const auto gzQuoted = gzipMember(quoted);
    row("quoted, in gzip that is cut off", cut(gzQuoted, gzQuoted.size() / 2), Errc::InflateEnd);
    auto returns = rows;
    std::ranges::replace(returns, '\n', '\r');
    row("lines end with CR, gzip is cut off", cut(gzipMember(returns), gz.size() / 2), Errc::InflateEnd);
    std::string much; // several blocks of each kind
    for (int hour = 1; hour <= 9; ++hour)
        much += someRows(150, hour);
    for (const auto kind : {Compression::Zstd, Compression::Xz, Compression::Lz4, Compression::Bzip2}) {
        const auto bytes = packed(much, kind);
        if (!bytes.empty())
            row(std::string(compressionName(kind)).c_str(), cut(bytes, bytes.size() * 3 / 4),
                Errc::InflateEnd);
    }
}

void SkipBrokenTest::brokenInTheMiddle()
{
    QFETCH(QByteArray, bytes);
    QFETCH(Errc, code);
    const TestFolder folder;
    const auto first = folder.write("a.csv", someRows(60, 0)), last = folder.write("c.csv", someRows(60, 3));
    const auto bad = folder.write("b", bytes.toStdString());
    auto options = optionsFor({first, bad, last});
    const auto refused = convert(options, folder / "out", goOn);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, code);

    auto good = readableBytes(bad);
    const bool ofText = good.starts_with("timestamp");
    if (ofText)
        good.resize(good.find_last_of("\r\n") + 1);
    QVERIFY(!ofText || !good.empty());
    const auto wanted =
        convert(optionsFor({first, folder.write("good", good), last}), folder / "wanted", goOn);
    QVERIFY(wanted);
    options.skipBroken = true;
    for (const unsigned threads : {1u, 2u, 3u, 8u}) {
        options.threads = threads;
        options.blockSize = threads % 2 == 0 ? Options().blockSize : 1000;
        const auto made = convert(options, folder / "out", goOn);
        QVERIFY(made);
        compare(folder / "out", folder / "wanted");
        QCOMPARE(made->totals.warnings.size(), 1u);
        const auto& warning = made->totals.warnings[0];
        QCOMPARE(warning.kind, Warning::Kind::BrokenInput);
        QCOMPARE(warning.error.code, code);
        const auto& inputs = made->totals.inputs;
        QVERIFY(inputs[1].incomplete && !inputs[1].leftOut && !inputs[0].incomplete);
        QCOMPARE(inputs[1].rows, wanted->totals.inputs[1].rows);
        QCOMPARE(warning.kept, inputs[1].rows.kept);
    }
    const auto analysis = analyze(options, goOn);
    QVERIFY(analysis);
    QCOMPARE((*analysis)->totals.rows, wanted->totals.rows);
    QCOMPARE((*analysis)->totals.flows, wanted->totals.flows);
}

// The quote swallows what follows it up to the break; then it is none, and those rows are read.
void SkipBrokenTest::aQuoteBeforeTheBreakCostsNoRow()
{
    const TestFolder folder;
    const auto rows = someRows(50, 0);
    const auto text = rows + "\"oops,10.0.0.1,10.0.0.2,1,2,2,0,0,60,6\n" + rows.substr(rows.find('\n') + 1);
    const auto packed = gzipMember(text + noise(3000)); // in which the cut lies
    auto options = optionsFor({folder.write("in.gz", cut(packed, packed.size() - 500))});
    options.skipBroken = true;
    for (const std::size_t blockSize : {std::size_t{100}, Options().blockSize}) {
        options.blockSize = blockSize;
        const auto made = convert(options, folder / "out", goOn);
        QVERIFY(made);
        QCOMPARE(made->totals.rows.kept, 600u);
        QCOMPARE(made->totals.rows.rejected, 1u);
    }
}

void SkipBrokenTest::onlyBrokenOnes()
{
    const TestFolder folder;
    auto options = optionsFor({folder.write("a", "no,columns\n"), folder.write("b", "")});
    options.skipBroken = true;
    auto refused = convert(options, folder / "out", goOn);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::Header);
    QVERIFY(refused.error().file == options.inputs[0]);
    QCOMPARE(refused.error().stage, Stage::Prepare);
    // One that breaks behind its header, before any row.
    const auto bytes = gzipMember(captureHeader() + noise(3000));
    options.inputs = {folder.write("c.gz", cut(bytes, bytes.size() - 100)), options.inputs[1]};
    refused = convert(options, folder / "out", goOn);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, Errc::InflateEnd);
    QVERIFY(refused.error().file == options.inputs[0]);
    QVERIFY(!fs::exists(folder / "out"));
    QVERIFY(!analyze(options, goOn));
}

void SkipBrokenTest::oneThatIsBrokenFartherOn()
{
    const TestFolder folder;
    const auto gz = gzipMember(someRows(100, 0));
    auto options = optionsFor({folder.write("a.gz", cut(gz, gz.size() - 4)), folder / "missing"});
    options.skipBroken = true;
    const auto made = convert(options, folder / "out", goOn);
    QVERIFY(made);
    QCOMPARE(made->totals.rows.kept, 600u);
    QCOMPARE(made->totals.warnings.size(), 2u);
}

void SkipBrokenTest::goneBetweenTheChecksAndTheReading()
{
    const TestFolder folder;
    auto options = optionsFor({folder.write("a.csv", someRows(3, 0)), folder.write("b.csv", someRows(3, 1)),
                               folder.write("c.csv", someRows(3, 2))});
    for (const bool skip : {false, true}) {
        options.skipBroken = skip;
        folder.write("b.csv", someRows(3, 1));
        auto plan = preflight(options);
        QVERIFY(plan);
        fs::remove(options.inputs[1]);
        TaskPool pool(2);
        AddressTable addresses;
        CaptureRows rows(options, *plan, addresses, pool);
        const auto readOn = [](std::size_t, std::uint64_t) { return true; };
        auto piece = rows.next(readOn);
        while (piece && *piece)
            piece = rows.next(readOn);
        QCOMPARE(piece.has_value(), skip);
        if (!skip) {
            QCOMPARE(piece.error().code, Errc::Open);
            continue;
        }
        RunTotals totals;
        rows.finish(totals);
        QCOMPARE(totals.rows.kept, 36u);
        QVERIFY(totals.inputs[1].leftOut);
    }
}

void SkipBrokenTest::besideMissingOnes()
{
    const TestFolder folder;
    auto options = optionsFor({folder / "missing", folder.write("bad", "no,columns\n"),
                               folder.write("a.csv", someRows(3, 0)), folder.path()});
    options.skipMissing = true;
    QVERIFY(!convert(options, folder / "out", goOn)); // what is there but is no capture is no missing file
    for (const bool skipMissing : {true, false}) {
        options.skipMissing = skipMissing;
        options.skipBroken = true;
        const auto made = convert(options, folder / "out", goOn);
        QVERIFY(made);
        QCOMPARE(made->totals.warnings.size(), 3u);
        QCOMPARE(made->totals.rows.kept, 18u);
    }
}

// Where it was cut is not known, and a row may have lost its end without anybody seeing it.
void SkipBrokenTest::whatBecomesShorterIsStillAnError()
{
    const TestFolder folder;
    const auto input = folder.write("in.csv", conversations(3000));
    Options options;
    options.inputs = {input, folder.write("other.csv", someRows(3, 5))};
    options.blockSize = 4096;
    options.threads = 1; // so that the first beat comes before all is read ahead
    options.skipBroken = true;
    bool changed = false;
    const auto made = convert(options, folder / "out", [&](const Progress&) {
        if (!std::exchange(changed, true))
            fs::resize_file(input, fs::file_size(input) - 30'000);
        return true;
    });
    QVERIFY(!made);
    QCOMPARE(made.error().code, Errc::InputShrank);
}

void SkipBrokenTest::theManifestTells()
{
    const TestFolder folder;
    const auto gz = gzipMember(someRows(100, 0));
    auto options = optionsFor({folder.write("a.gz", cut(gz, gz.size() - 4)),
                               folder.write("b", "no,columns\n"), folder.write("c.csv", someRows(1, 1))});
    options.skipBroken = true;
    QVERIFY(convert(options, folder / "out", goOn));
    const auto manifest = readManifest(folder / "out");
    QVERIFY(manifest);
    QVERIFY(manifest->manifest.skipBroken);
    QCOMPARE(manifest->manifest.sourceFiles.size(), 3u);
    const std::vector<IncompleteInput> wanted{{manifest->manifest.sourceFiles[0], 600},
                                              {manifest->manifest.sourceFiles[1], 0}};
    QVERIFY(manifest->manifest.incomplete == wanted);
    // Without the option there is nothing of it, and of whole files there is no list.
    options.inputs = {options.inputs[2]};
    QVERIFY(convert(options, folder / "out", goOn));
    QVERIFY(contentOf(folder / "out" / "manifest.json").find("incomplete_inputs") == std::string::npos);
    options.skipBroken = false;
    QVERIFY(convert(options, folder / "out", goOn));
    QVERIFY(contentOf(folder / "out" / "manifest.json").find("skip_broken") == std::string::npos);
}

QTEST_APPLESS_MAIN(SkipBrokenTest)
#include "skip_broken_test.moc"
