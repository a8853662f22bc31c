// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/unpacker.h"
#include "core/input/inspect.h"
#include "tests/core/output/capture_conversion.h"
#include "tests/support/gzip_text.h"
#include "tests/support/packed_text.h"

#include <QTest>

using namespace packetloom;
using namespace packetloom::test;

/// Packet captures that end too early, by themselves or by their compression (docs/captures.md, 5).
class CutCaptureTest : public QObject
{
    Q_OBJECT

private slots:
    void aCutFileKeepsWhatCameBefore();
    void cutCompressionKeepsWhatCameBefore_data();
    void cutCompressionKeepsWhatCameBefore();
    void damagedPacketsInCompression();
};

void CutCaptureTest::aCutFileKeepsWhatCameBefore()
{
    const auto whole = mixedCapture(2).bytes();
    const auto converted = convertOne(whole.substr(0, whole.size() - 10));
    QCOMPARE(converted.totals.rows, (RowCounts{.read = 17, .kept = 13, .rejected = 2, .notIp = 2}));
    QCOMPARE(converted.totals.warnings.size(), 1u);
    const auto& warning = converted.totals.warnings[0];
    QCOMPARE(warning.kind, Warning::Kind::InputCut);
    QCOMPARE(warning.error.code, Errc::CaptureCut);
    QCOMPARE(warning.error.line, 18u);
}

// Wherever what is packed is cut off: what can be unpacked is read as if it were the file.
void CutCaptureTest::cutCompressionKeepsWhatCameBefore_data()
{
    QTest::addColumn<Compression>("compression");
    for (const auto kind :
         {Compression::Gzip, Compression::Zstd, Compression::Xz, Compression::Lz4, Compression::Bzip2}) {
        if (makeUnpacker(kind))
            QTest::newRow(std::string(compressionName(kind)).c_str()) << kind;
    }
}

void CutCaptureTest::cutCompressionKeepsWhatCameBefore()
{
    QFETCH(Compression, compression);
    const auto whole = mixedCapture(60).bytes();
    const auto bytes = packed(whole, compression);
    const TestFolder folder;
    int inside = 0, nothing = 0;
    const auto step = std::max<std::size_t>(bytes.size() / 23, 1);
    for (std::size_t keep = 12; keep < bytes.size(); keep += step) {
        const auto file = folder.write("in", bytes.substr(0, keep));
        const auto readable = readableBytes(file);
        Options options;
        options.inputs = {file};
        if (readable.size() < 24) { // the file header
            const auto failed = convert(options, folder / "out", goOn);
            QVERIFY(!failed);
            QCOMPARE(failed.error().code, Errc::InflateEnd);
            ++nothing;
            continue;
        }
        const auto wanted = convertOne(readable);
        for (const std::size_t blockSize : {std::size_t{100}, Options().blockSize}) {
            options.blockSize = blockSize;
            options.threads = 3;
            const auto got = convertAll(options, folder);
            QCOMPARE(got.totals.rows, wanted.totals.rows);
            QCOMPARE(got.packets, wanted.packets);
            QCOMPARE(got.totals.warnings.at(0).kind, Warning::Kind::InputCut);
            const auto& error = *got.totals.inputs.at(0).incomplete;
            QVERIFY(error.file == file);
            QCOMPARE(std::get<Compression>(error.facts), compression);
            const auto& plain = wanted.totals.inputs.at(0).incomplete;
            QCOMPARE(error.code, plain ? Errc::CaptureCut : Errc::InflateEnd);
            if (plain) {
                QCOMPARE(error.line, plain->line);
                QCOMPARE(error.byte, plain->byte);
                ++inside;
            }
        }
    }
    QVERIFY(inside > 0 || nothing > 0);
    // The last bytes are a checksum or the like: all packets are there.
    const auto file = folder.write("in", bytes.substr(0, bytes.size() - 1));
    Options options;
    options.inputs = {file};
    const auto last = convertAll(options, folder);
    QCOMPARE(last.totals.warnings.at(0).kind, Warning::Kind::InputCut);
    QVERIFY(inspectCapture({.file = file}));
    // Damage is an error, as of any input: what is unpacked up to there cannot be trusted.
    auto damaged = bytes;
    for (std::size_t i = bytes.size() / 2; i < bytes.size() / 2 + 20; ++i)
        damaged[i] = static_cast<char>(~damaged[i]);
    options.inputs = {folder.write("damaged", damaged)};
    const auto failed = convert(options, folder / "out", goOn);
    QVERIFY(!failed);
    QCOMPARE(failed.error().code, Errc::Inflate);
    options.blockSize = 100;
    const auto failedToo = convert(options, folder / "out", goOn);
    QVERIFY(!failedToo);
    QCOMPARE(failedToo.error().code, Errc::Inflate);
}

// A record that cannot be one: it is the capture's own in compression that is whole, and that of the
// compression where its checksum is wrong.
void CutCaptureTest::damagedPacketsInCompression()
{
    auto bytes = mixedCapture(60).bytes();
    const auto before = mixedCapture(30).bytes();
    bytes.replace(before.size(), 16, std::string(16, '\xff'));
    auto packed = gzipMember(bytes);
    for (const std::size_t blockSize : {std::size_t{100}, Options().blockSize}) {
        Options options;
        options.blockSize = blockSize;
        const auto converted = convertOne(packed, options);
        QCOMPARE(converted.packets, convertOne(before).packets);
        QCOMPARE(converted.totals.inputs.at(0).incomplete->code, Errc::CaptureRecord);
        const TestFolder folder;
        auto wrong = packed;
        wrong[wrong.size() - 6] = static_cast<char>(wrong[wrong.size() - 6] ^ 1);
        options.inputs = {folder.write("in", wrong)};
        const auto failed = convert(options, folder / "out", goOn);
        QVERIFY(!failed);
        QCOMPARE(failed.error().code, Errc::Inflate);
    }
}

QTEST_GUILESS_MAIN(CutCaptureTest)
#include "cut_capture_test.moc"
