// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/packed_source.h"
#include "core/input/input_format.h"
#include "tests/support/packed_text.h"
#include "tests/support/test_folder.h"

#include <QTest>
#include <random>

using namespace packetloom;
using namespace packetloom::test;

/// What all kinds of compression have in common; see also gzip_source_test.
class PackedSourceTest : public QObject
{
    Q_OBJECT

private slots:
    void everyChunkingGivesTheSameText_data() { kinds(); }
    void everyChunkingGivesTheSameText();
    void membersAreReadToTheEnd_data() { kinds(); }
    void membersAreReadToTheEnd();
    void everyCutIsFound_data() { kinds(); }
    void everyCutIsFound();
    void aFlippedBitIsNeverSilent_data() { kinds(); }
    void aFlippedBitIsNeverSilent();
    void muchOutOfLittle_data() { kinds(); }
    void muchOutOfLittle();
    void largeWindowsAreRefused();
    void zipsOfEveryWay_data();
    void zipsOfEveryWay();
    void zipsOfTwoFilesAreRefusedAtOnce_data();
    void zipsOfTwoFilesAreRefusedAtOnce();

private:
    static void kinds();
};

namespace {

struct Unpacked
{
    std::string text;
    std::optional<Error> error;
    std::optional<std::uint64_t> ignoredFrom;
    std::uint64_t bytesOnDisk = 0;
};

Unpacked unpack(const std::filesystem::path& path, Compression kind, std::size_t blockSize,
                std::size_t pieceSize)
{
    Unpacked result;
    auto file = File::openForReading(path);
    auto source = PackedSource::over(std::make_unique<FileSource>(*std::move(file)), kind, blockSize);
    std::string piece(pieceSize, '\0');
    for (;;) {
        const auto n = source->read(piece);
        if (!n)
            result.error = n.error();
        if (!n || *n == 0)
            break;
        result.text.append(piece, 0, *n);
    }
    result.ignoredFrom = source->ignoredFrom();
    result.bytesOnDisk = source->bytesOnDisk();
    return result;
}

std::string someText(std::size_t rows)
{
    std::mt19937_64 random(7);
    std::string text = "timestamp,src_ip,dst_ip\n";
    for (std::size_t i = 0; i < rows; ++i)
        text += std::to_string(random() % 1'000'000) + ",10.0.0." + std::to_string(random() % 256) +
                ",10.0.1.7\n";
    return text;
}

} // namespace

void PackedSourceTest::kinds()
{
    QTest::addColumn<Compression>("kind");
    for (const auto kind : {Compression::Gzip, Compression::Zip, Compression::Zstd, Compression::Xz,
                            Compression::Lz4, Compression::Bzip2}) {
        if (makeUnpacker(kind)) // else the program was built without it
            QTest::newRow(std::string(compressionName(kind)).c_str()) << kind;
    }
}

void PackedSourceTest::everyChunkingGivesTheSameText()
{
    QFETCH(Compression, kind);
    const TestFolder folder;
    const auto text = someText(300);
    const auto bytes = packed(text, kind);
    QVERIFY(!bytes.empty());
    const auto file = folder.write("in", bytes);
    for (const std::size_t blockSize : {1u, 2u, 3u, 5u, 7u, 64u, 1000u, 65536u}) {
        for (const std::size_t piece : {1u, 13u, 4096u}) {
            const auto got = unpack(file, kind, blockSize, piece);
            QVERIFY(!got.error);
            QVERIFY(got.text == text);
            QVERIFY(!got.ignoredFrom);
        }
    }
    auto source = openByteSource(file, 100);
    QVERIFY(source);
    QCOMPARE(int((*source)->compression()), int(kind));
    QVERIFY((*source)->head() == text.substr(0, headBytes));
    QVERIFY(openInput({.file = file}, 100));
}

void PackedSourceTest::membersAreReadToTheEnd()
{
    QFETCH(Compression, kind);
    if (kind == Compression::Zip)
        return; // it has one, and then its directory
    const TestFolder folder;
    const auto first = packed("a,b\n", kind), second = packed("1,2\n", kind), none = packed("", kind);
    const auto read = [&](const std::string& bytes, std::size_t blockSize) {
        return unpack(folder.write("in", bytes), kind, blockSize, 100);
    };
    for (const std::size_t blockSize : {1u, 3u, 50u, 4096u}) {
        QCOMPARE(read(first + second, blockSize).text, std::string("a,b\n1,2\n"));
        QCOMPARE(read(first + none + second, blockSize).text, std::string("a,b\n1,2\n"));
        const auto whole = read(first + second, blockSize);
        QVERIFY(!whole.error && !whole.ignoredFrom);
        QCOMPARE(whole.bytesOnDisk, first.size() + second.size());
        const auto padded = read(first + std::string(512, '\0'), blockSize);
        QVERIFY(!padded.error && !padded.ignoredFrom);
        for (const std::string behind : {"garbage", "x"}) {
            const auto garbage = read(first + behind, blockSize);
            QVERIFY(!garbage.error);
            QCOMPARE(garbage.text, std::string("a,b\n"));
            QCOMPARE(garbage.ignoredFrom.value_or(0), first.size());
        }
        const auto late = read(first + std::string(9, '\0') + "x", blockSize);
        QCOMPARE(late.ignoredFrom.value_or(0), first.size() + 9);
    }
}

void PackedSourceTest::everyCutIsFound()
{
    QFETCH(Compression, kind);
    const TestFolder folder;
    const auto text = someText(20);
    const auto bytes = packed(text, kind);
    const auto end = kind == Compression::Zip ? bytes.rfind("PK\1\2") : bytes.size();
    for (std::size_t size = 1; size < end; ++size) {
        const auto got = unpack(folder.write("in", bytes.substr(0, size)), kind, 64, 1000);
        QVERIFY2(got.error, std::to_string(size).c_str());
        QCOMPARE(int(got.error->code), int(Errc::InflateEnd));
        QCOMPARE(got.error->byte, size);
        QVERIFY(std::get<Compression>(got.error->facts) == kind);
        QVERIFY(text.starts_with(got.text));
    }
}

void PackedSourceTest::aFlippedBitIsNeverSilent()
{
    QFETCH(Compression, kind);
    const TestFolder folder;
    const auto text = someText(20);
    const auto bytes = packed(text, kind);
    const auto end = kind == Compression::Zip ? bytes.rfind("PK\1\2") : bytes.size();
    for (std::size_t at = 0; at < end; ++at) {
        auto wrong = bytes;
        wrong[at] = static_cast<char>(wrong[at] ^ (1 << at % 8));
        const auto got = unpack(folder.write("in", wrong), kind, 64, 1000);
        // What differs only in what nobody reads (a name, a time) is the same text.
        QVERIFY2(got.error || got.ignoredFrom || got.text == text, std::to_string(at).c_str());
        if (got.error)
            QVERIFY(got.error->code == Errc::Inflate || got.error->code == Errc::InflateEnd);
    }
}

void PackedSourceTest::muchOutOfLittle()
{
    QFETCH(Compression, kind);
    const TestFolder folder;
    const auto bytes = packed(std::string(std::size_t{20} << 20, 'x'), kind);
    QVERIFY(bytes.size() < std::size_t{200} << 10);
    auto source = openByteSource(folder.write("in", bytes), 4096);
    QVERIFY(source);
    std::string piece(1000, '\0');
    for (int i = 0; i < 100; ++i) { // as much as is asked for, not all at once
        const auto n = (*source)->read(piece);
        QVERIFY(n && *n > 0 && *n <= piece.size());
    }
}

// A frame that wants a window of 2 GiB: what it would hold is not asked for.
void PackedSourceTest::largeWindowsAreRefused()
{
    if (!makeUnpacker(Compression::Zstd))
        return;
    const TestFolder folder;
    // RFC 8878, 3.1.1: magic, a descriptor without single segment, window descriptor of exponent 21.
    const std::string frame = std::string("\x28\xb5\x2f\xfd\x00\xa8", 6) + std::string(20, '\0');
    const auto got = unpack(folder.write("in", frame), Compression::Zstd, 64, 1000);
    QVERIFY(got.error);
    QCOMPARE(int(got.error->code), int(Errc::Inflate));
    QVERIFY(!got.error->detail.empty());
}

void PackedSourceTest::zipsOfEveryWay_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<std::string>("reason"); // empty: it is read
    const std::string text = "a,b\n1,2\n";
    const auto row = [](const char* name, const std::string& bytes, const char* reason = "") {
        QTest::newRow(name) << bytes << std::string(reason);
    };
    row("deflated", zipped({{"a.csv", text}}));
    row("stored", zipped({{"a.csv", text, false}}));
    row("sizes behind", zipped({{"a.csv", text, true, true}}));
    row("in a folder", zipped({{"folder/", "", false}, {"folder/a.csv", text}}));
    row("two files", zipped({{"a.csv", text}, {"b.csv", text}}), "more than one file");
    row("two files, sizes behind", zipped({{"a.csv", text, true, true}, {"b.csv", text}}),
        "more than one file");
    row("stored, sizes behind", zipped({{"a.csv", text, false, true}}), "its size");
    auto encrypted = zipped({{"a.csv", text}});
    encrypted[6] = 1;
    row("encrypted", encrypted, "encrypted");
    auto method = zipped({{"a.csv", text}});
    method[8] = 14;
    row("another method", method, "packed in a way");
    auto checksum = zipped({{"a.csv", text}});
    checksum[14] = static_cast<char>(checksum[14] ^ 1);
    row("a wrong checksum", checksum, "checksum");
}

void PackedSourceTest::zipsOfEveryWay()
{
    QFETCH(std::string, bytes);
    QFETCH(std::string, reason);
    const TestFolder folder;
    const auto file = folder.write("in.zip", bytes);
    for (const std::size_t blockSize : {1u, 7u, 4096u}) {
        const auto got = unpack(file, Compression::Zip, blockSize, 5);
        if (reason.empty()) {
            QVERIFY2(!got.error, got.error ? got.error->detail.c_str() : "");
            QCOMPARE(got.text, std::string("a,b\n1,2\n"));
            continue;
        }
        QVERIFY(got.error);
        QVERIFY2(got.error->detail.find(reason) != std::string::npos, got.error->detail.c_str());
    }
}

void PackedSourceTest::zipsOfTwoFilesAreRefusedAtOnce_data()
{
    QTest::addColumn<std::string>("bytes");
    QTest::addColumn<bool>("refused");
    const auto row = [](const char* name, const std::string& bytes, bool refused) {
        QTest::newRow(name) << bytes << refused;
    };
    const auto text = someText(30'000);
    const auto two = zipped({{"a.csv", text}, {"b.csv", text}});
    row("two files", two, true);
    row("two files and folders",
        zipped({{"f/", "", false}, {"f/a.csv", text}, {"f/g/", "", false}, {"f/g/b.csv", text}}), true);
    row("one file and folders", zipped({{"f/", "", false}, {"f/a.csv", text}, {"g/", "", false}}), false);
    const auto withComment = [](std::string archive, const std::string& comment) {
        archive[archive.size() - 2] = static_cast<char>(comment.size());
        return archive + comment;
    };
    row("a comment that looks like the end", withComment(two, "PK\5\6" + std::string(30, 'x')), true);
    const auto end = two.size() - 22;
    const auto directoryAt = two.substr(end + 16, 4), directoryBytes = two.substr(end + 12, 4);
    const auto eight = [](std::string four) { return four + std::string(4, '\0'); };
    std::string place;
    for (int i = 0; i < 4; ++i)
        place += static_cast<char>(end >> (8 * i));
    const auto in64 = two.substr(0, end) + "PK\6\6" + std::string(36, '\0') + eight(directoryBytes) +
                      eight(directoryAt) + "PK\6\7" + std::string(4, '\0') + eight(place) +
                      std::string(4, '\0') + two.substr(end, 16) + std::string(4, '\xff') +
                      two.substr(end + 20);
    row("a directory of ZIP64", in64, true);
    // Nothing is known beforehand of what is not whole.
    row("without its end", two.substr(0, end), false);
    auto elsewhere = two;
    elsewhere[end + 16] = static_cast<char>(elsewhere[end + 16] + 1);
    row("the directory is not where it should be", elsewhere, false);
    auto beyond = two;
    beyond[end + 19] = '\x7f';
    row("the directory is beyond the end", beyond, false);
}

void PackedSourceTest::zipsOfTwoFilesAreRefusedAtOnce()
{
    QFETCH(std::string, bytes);
    QFETCH(bool, refused);
    const TestFolder folder;
    const auto file = folder.write("in.zip", bytes);
    const auto source = openByteSource(file, 1000);
    QCOMPARE(source.has_value(), !refused);
    if (!refused)
        return;
    QCOMPARE(int(source.error().code), int(Errc::Inflate));
    QCOMPARE(source.error().detail, std::string("there is more than one file in it"));
    QVERIFY(source.error().file == file);
    QVERIFY(std::get<Compression>(source.error().facts) == Compression::Zip);
}

QTEST_APPLESS_MAIN(PackedSourceTest)
#include "packed_source_test.moc"
