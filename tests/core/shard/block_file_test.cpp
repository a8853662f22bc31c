// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/block_file.h"

#include "core/shard/job_trouble.h"
#include "core/shard/packed_bytes.h"
#include "tests/support/test_folder.h"

#include <QTest>

#include <limits>

using namespace packetloom;
using namespace packetloom::test;

/// Files of jobs: what comes back is what was written, or an error.
class BlockFileTest : public QObject
{
    Q_OBJECT

private slots:
    void numbersAndTexts();
    void blocksInAnyOrder();
    void everyFlippedByteIsFound();
    void aFileWithoutItsEndIsFound();
    void anotherJobsFileIsFound();
    void thousandsOfReaders();
};

namespace {

const BlockFileName name{"job", "map 0 parts"};

std::filesystem::path written(const TestFolder& folder)
{
    const auto path = folder / "blocks";
    std::filesystem::remove(path);
    BlockWriter writer(path, name);
    writer.add(3, "some bytes", {1, 2, 300});
    writer.add(1, "");
    writer.add(3, std::string(100'000, 'x'), {7, 8, 9});
    if (auto finished = writer.finish(); !finished)
        qFatal("cannot write");
    return path;
}

/// All that a file holds, or the error.
Result<std::string> contentOfBlocks(const std::filesystem::path& path)
{
    auto reader = BlockReader::open(path, name);
    if (!reader)
        return std::move(reader).error();
    std::string all, bytes;
    for (const auto& block : reader->blocks()) {
        const auto payload = reader->read(block, bytes);
        if (!payload)
            return payload.error();
        all += *payload;
    }
    return all;
}

} // namespace

void BlockFileTest::numbersAndTexts()
{
    BytesOut out;
    constexpr auto least = std::numeric_limits<std::int64_t>::min(),
                   most = std::numeric_limits<std::int64_t>::max();
    out.count(std::numeric_limits<std::uint64_t>::max());
    out.number(least, most);
    out.text("a\0b");
    WideSum sum(most);
    sum += most;
    out.sum(sum);
    BytesIn in(out.bytes());
    QCOMPARE(in.count(), std::numeric_limits<std::uint64_t>::max());
    QCOMPARE(in.number(most), least);
    QCOMPARE(in.text(), std::string_view("a"));
    QVERIFY(in.sum() == sum);
    QVERIFY(in.atEnd() && !in.bad());
    QCOMPARE(in.count(), std::uint64_t{0});
    QVERIFY(in.bad());
    BytesIn cut(std::string_view(out.bytes()).substr(0, 5)); // inside the first number
    QCOMPARE(cut.count(), std::uint64_t{0});
    QVERIFY(cut.bad());
    BytesOut longer;
    longer.count(100);
    BytesIn tooFew(longer.bytes());
    QCOMPARE(tooFew.text(), std::string_view());
    QVERIFY(tooFew.bad());
}

void BlockFileTest::blocksInAnyOrder()
{
    const TestFolder folder;
    const auto reader = BlockReader::open(written(folder), name);
    QVERIFY(reader);
    QCOMPARE(reader->blocks().size(), 3u);
    QCOMPARE(reader->blocks()[0].kind, 3u);
    QCOMPARE(reader->blocks()[0].tags[2], 300u);
    std::string bytes;
    for (const std::size_t i : {2u, 0u, 1u, 0u}) {
        const auto payload = reader->read(reader->blocks()[i], bytes, 8);
        QVERIFY(payload);
        QCOMPARE(*payload, i == 0 ? "some bytes" : i == 1 ? "" : std::string(100'000, 'x'));
    }
}

void BlockFileTest::everyFlippedByteIsFound()
{
    const TestFolder folder;
    const auto path = written(folder);
    const auto good = contentOf(path);
    for (std::size_t i = 0; i < good.size(); i += i < 200 || i + 200 > good.size() ? 1u : 997u) {
        auto bad = good;
        bad[i] = static_cast<char>(bad[i] ^ 0x10);
        const auto content = contentOfBlocks(folder.write("bad", bad));
        QVERIFY2(!content && jobTroubleOf(content.error()) == JobTrouble::Damaged,
                 qPrintable(QString::number(i)));
    }
}

void BlockFileTest::aFileWithoutItsEndIsFound()
{
    const TestFolder folder;
    const auto good = contentOf(written(folder));
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{1}, std::size_t{30}, good.size() / 2, good.size() - 1}) {
        const auto content = contentOfBlocks(folder.write("bad", good.substr(0, size)));
        QVERIFY(!content && jobTroubleOf(content.error()) == JobTrouble::Damaged);
    }
}

void BlockFileTest::anotherJobsFileIsFound()
{
    const TestFolder folder;
    const auto path = written(folder);
    for (const auto& other : {BlockFileName{"jobs", "map 0 parts"}, BlockFileName{"job", "map 1 parts"}}) {
        const auto reader = BlockReader::open(path, other);
        QVERIFY(!reader && jobTroubleOf(reader.error()) == JobTrouble::Damaged);
    }
}

// More than a process may have files open by default.
void BlockFileTest::thousandsOfReaders()
{
    const TestFolder folder;
    const auto path = written(folder);
    std::vector<BlockReader> readers;
    for (int i = 0; i < 3000; ++i) {
        auto reader = BlockReader::open(path, name);
        QVERIFY2(reader, reader ? "" : reader.error().detail.c_str());
        readers.push_back(*std::move(reader));
    }
    std::string bytes;
    for (const auto& reader : readers) {
        const auto payload = reader.read(reader.blocks()[0], bytes);
        QVERIFY(payload && *payload == "some bytes");
    }
    const auto known = BlockReader::ofKnownBlocks(path);
    const auto payload = known.read(readers.front().blocks()[0], bytes);
    QVERIFY(payload && *payload == "some bytes");
    readers.clear();
    QVERIFY(BlockReader::ofKnownBlocks(folder / "missing").blocks().empty());
    QVERIFY(!BlockReader::ofKnownBlocks(folder / "missing").read({}, bytes));
}

QTEST_APPLESS_MAIN(BlockFileTest)
#include "block_file_test.moc"
