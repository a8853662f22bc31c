// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/byte_source.h"
#include "tests/core/input/csv_rows.h"
#include "tests/support/gzip_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

class GzipSourceTest : public QObject
{
    Q_OBJECT

private slots:
    void everyChunkingGivesTheSameText();
    void rowsAreTheSameForEveryChunking();
    void membersAreReadToTheEnd_data();
    void membersAreReadToTheEnd();
    void everyCutIsFound();
    void aFlippedBitIsNeverSilent();
    void bytesOnDiskAreCompressedBytes();
    void tinyMembersComeTogether();
};

namespace {

struct Inflated
{
    std::string text;
    std::optional<Error> error;
    std::optional<std::uint64_t> ignoredFrom;
    std::uint64_t bytesOnDisk = 0;
};

Inflated inflateFile(const std::filesystem::path& path, std::size_t blockSize, std::size_t pieceSize)
{
    Inflated result;
    auto source = openByteSource(path, blockSize);
    if (!source) {
        result.error = std::move(source).error();
        return result;
    }
    std::string piece(pieceSize, '\0');
    for (;;) {
        const auto n = (*source)->read(piece);
        if (!n) {
            result.error = n.error();
            break;
        }
        if (*n == 0)
            break;
        result.text.append(piece, 0, *n);
    }
    result.ignoredFrom = (*source)->ignoredFrom();
    result.bytesOnDisk = (*source)->bytesOnDisk();
    return result;
}

std::string someCsv(std::size_t rows)
{
    std::mt19937_64 random(7);
    std::string text = "timestamp,src_ip,dst_ip\n";
    for (std::size_t i = 0; i < rows; ++i)
        text += std::to_string(random() % 1'000'000) + ",10.0.0." + std::to_string(random() % 256) +
                ",\"10.0.0." + std::to_string(i) + "\"\n";
    return text;
}

} // namespace

void GzipSourceTest::everyChunkingGivesTheSameText()
{
    const TestFolder folder;
    const auto text = someCsv(60);
    const auto half = text.size() / 2;
    for (const std::size_t flushEvery : {0u, 1u, 7u, 100u, 1000u}) {
        const auto file = folder.write("in.gz", gzipMember(text.substr(0, half), flushEvery) +
                                                    gzipMember(text.substr(half), flushEvery));
        for (std::size_t blockSize = 1; blockSize <= 100; ++blockSize) {
            for (const std::size_t piece : {1u, 13u, 4096u}) {
                const auto inflated = inflateFile(file, blockSize, piece);
                QVERIFY(!inflated.error);
                QVERIFY(inflated.text == text);
            }
        }
    }
}

void GzipSourceTest::rowsAreTheSameForEveryChunking()
{
    const TestFolder folder;
    const auto text = someCsv(40);
    const auto expected = rowsOf(text);
    for (const std::size_t memberBytes : {1u, 50u, 333u}) {
        std::string members;
        for (std::size_t at = 0; at < text.size(); at += memberBytes)
            members += gzipMember(text.substr(at, memberBytes));
        const auto file = folder.write("in.gz", members);
        for (const std::size_t blockSize : {1u, 2u, 5u, 31u, 100u, 65536u}) {
            auto source = openByteSource(file, blockSize);
            QVERIFY(source);
            QCOMPARE(rowsOf(**source, blockSize), expected);
        }
    }
}

void GzipSourceTest::membersAreReadToTheEnd_data()
{
    QTest::addColumn<std::string>("behind");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<bool>("ignored");
    QTest::newRow("one member") << std::string() << std::string("a,b\n") << false;
    QTest::newRow("two") << gzipMember("1,2\n") << std::string("a,b\n1,2\n") << false;
    QTest::newRow("an empty one between")
        << gzipMember("") + gzipMember("1,2\n") << std::string("a,b\n1,2\n") << false;
    QTest::newRow("zero padding") << std::string(512, '\0') << std::string("a,b\n") << false;
    QTest::newRow("garbage") << std::string("garbage") << std::string("a,b\n") << true;
    QTest::newRow("half a magic") << std::string("\x1f") << std::string("a,b\n") << true;
    QTest::newRow("magic's first byte and another") << std::string("\x1fz") << std::string("a,b\n") << true;
    QTest::newRow("garbage behind padding") << std::string(9, '\0') + "x" << std::string("a,b\n") << true;
}

void GzipSourceTest::membersAreReadToTheEnd()
{
    QFETCH(std::string, behind);
    QFETCH(std::string, text);
    QFETCH(bool, ignored);
    const TestFolder folder;
    const auto first = gzipMember("a,b\n");
    const auto file = folder.write("in.csv", first + behind);
    for (const std::size_t blockSize : {1u, 2u, 3u, 4096u}) {
        const auto inflated = inflateFile(file, blockSize, 10);
        QVERIFY(!inflated.error);
        QVERIFY(inflated.text == text);
        QCOMPARE(inflated.ignoredFrom.has_value(), ignored);
        if (ignored)
            QCOMPARE(*inflated.ignoredFrom, first.size() + behind.find_first_not_of('\0'));
    }
}

void GzipSourceTest::everyCutIsFound()
{
    const TestFolder folder;
    const auto text = someCsv(10);
    const auto whole = gzipMember(text);
    for (std::size_t size = 3; size < whole.size(); ++size) {
        const auto file = folder.write("in.gz", std::string_view(whole).substr(0, size));
        for (const std::size_t blockSize : {1u, 64u, 4096u}) {
            const auto inflated = inflateFile(file, blockSize, 50);
            QVERIFY(inflated.error);
            QCOMPARE(inflated.error->code, Errc::InflateEnd);
            QCOMPARE(inflated.error->byte, size);
            QVERIFY(text.starts_with(inflated.text));
        }
    }
}

void GzipSourceTest::aFlippedBitIsNeverSilent()
{
    const TestFolder folder;
    const auto text = someCsv(10);
    const auto whole = gzipMember(text);
    std::size_t harmless = 0;
    for (std::size_t at = 10; at < whole.size(); ++at) { // the header holds fields that nothing checks
        for (int bit = 0; bit < 8; ++bit) {
            auto damaged = whole;
            damaged[at] = static_cast<char>(damaged[at] ^ (1 << bit));
            const auto inflated = inflateFile(folder.write("in.gz", damaged), 4096, 4096);
            if (!inflated.error) {
                QVERIFY(inflated.text == text);
                ++harmless;
            } else {
                QVERIFY(inflated.error->code == Errc::Inflate || inflated.error->code == Errc::InflateEnd);
            }
        }
    }
    QVERIFY(harmless < 8); // bits that fill up the last byte of the deflate stream
}

void GzipSourceTest::bytesOnDiskAreCompressedBytes()
{
    const TestFolder folder;
    const auto whole = gzipMember(someCsv(2000));
    const auto file = folder.write("in.gz", whole);
    auto source = openByteSource(file, 100);
    QVERIFY(source);
    std::string piece(64, '\0');
    std::uint64_t last = 0;
    for (;;) {
        const auto n = (*source)->read(piece);
        QVERIFY(n);
        QVERIFY((*source)->bytesOnDisk() >= last);
        last = (*source)->bytesOnDisk();
        if (*n == 0)
            break;
        QVERIFY(last <= whole.size());
    }
    QCOMPARE(last, whole.size());
}

// A file may be made of members of one byte: who reads it gets as much at once as of any other.
void GzipSourceTest::tinyMembersComeTogether()
{
    const TestFolder folder;
    const auto text = someCsv(40);
    std::string members;
    for (const char c : text)
        members += gzipMember(std::string(1, c));
    const auto path = folder.write("tiny.csv.gz", members);
    for (const std::size_t blockSize : {1u, 2u, 23u, 1024u, 65536u}) {
        const auto inflated = inflateFile(path, blockSize, 4096);
        QVERIFY(!inflated.error);
        QVERIFY(inflated.text == text);
    }
    auto source = openByteSource(path, members.size());
    QVERIFY(source);
    std::string piece(text.size(), '\0');
    std::size_t reads = 0, bytes = 0;
    for (std::size_t n = 1; n > 0; ++reads, bytes += n) {
        const auto got = (*source)->read(piece);
        QVERIFY(got);
        n = *got;
    }
    QCOMPARE(bytes, text.size());
    QVERIFY2(reads <= 4, std::to_string(reads).c_str()); // what was sniffed, the rest, the end
}

QTEST_APPLESS_MAIN(GzipSourceTest)
#include "gzip_source_test.moc"
