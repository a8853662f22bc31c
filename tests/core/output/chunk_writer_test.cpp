// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/reference/reference_machine.h"
#include "core/output/timearcs_v2/dataset_writer.h"
#include "tests/support/test_folder.h"

#include <QJsonDocument>
#include <QTest>
#include <algorithm>
#include <deque>
#include <map>
#include <random>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr std::size_t flowCount = 250;

/// Flows of a run, and the dataset that is written of them.
class Run
{
public:
    Run()
    {
        std::mt19937_64 random(31);
        const auto server = addresses_.intern("server \"one\"\n");
        for (std::size_t i = 0; i < flowCount; ++i) {
            const auto client = addresses_.intern("10.0.0." + std::to_string(random() % 40));
            std::vector<FlowPacket>& packets = packets_.emplace_back();
            for (auto n = 1 + random() % 9; n > 0; --n) {
                FlowPacket packet;
                packet.timestamp = static_cast<std::int64_t>(1000 * i + packets.size());
                packet.sequence = static_cast<std::int64_t>(packets.size());
                packet.length = static_cast<std::int64_t>(random() % 100);
                packet.flags.bits = packets.empty() ? 2 : static_cast<std::int64_t>(random() % 64);
                packet.fromHigh = random() % 2 != 0;
                packets.push_back(packet);
            }
            flows_.push_back({.number = i + 1,
                              .key = {{server, 80}, {client, static_cast<std::int64_t>(40'000 + i)}},
                              .packets = packets,
                              .byTimeout = i % 3 == 0});
        }
    }

    /// Some flows, from the writer's number `first` on.
    void write(ChunkWriter& writer, std::size_t first, std::size_t count)
    {
        for (std::size_t i = first; i < first + count; ++i)
            writer.write(flows_[i], machine_.judge(flows_[i]));
    }
    /// A whole dataset. `batch(n)` is how many flows go to the n-th chunk writer.
    template <class Batch>
    std::map<std::string, std::string> dataset(std::uint64_t flowsPerChunk, JsonStyle style,
                                               const Batch& batch)
    {
        const TestFolder folder;
        TaskPool pool(2);
        DatasetWriter writer(folder.path(), flowsPerChunk, addresses_, pool, style);
        for (std::size_t done = 0, n = 0; done < flowCount; ++n) {
            const std::size_t count = std::min<std::size_t>(batch(n), flowCount - done);
            const auto chunks = writer.chunkWriter(done);
            write(*chunks, done, count);
            if (chunks->finish())
                qFatal("the chunks cannot be written");
            writer.take(*chunks);
            done += count;
        }
        return finished(writer, folder);
    }
    std::map<std::string, std::string> finished(DatasetWriter& writer, const TestFolder& folder)
    {
        Manifest manifest;
        manifest.created = "2026-01-31T23:59:59.123456";
        manifest.sourceFiles = {"in \"1\".csv", "b.csv"};
        const std::vector<TimeBin> bins{{1, 2, 3}, {2, 4, 0}};
        AddressStats stats;
        Packet packet;
        packet.source = AddressId{1};
        stats.addAny(packet);
        stats.addTcp(packet, 0);
        stats.putInOrder();
        FlagStats flags;
        flags.add({18});
        if (!writer.finish(stats, flags, bins, manifest))
            qFatal("the dataset cannot be finished");
        std::map<std::string, std::string> files;
        std::uint64_t bytes = 0;
        for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
            if (!entry.is_regular_file())
                continue;
            const auto content = contentOf(entry.path());
            bytes += content.size();
            files[entry.path().lexically_relative(folder.path()).generic_string()] = content;
        }
        told_ = writer.bytes() == bytes && writer.files() == files.size() && writer.flows() == flowCount;
        chunks_ = writer.chunks();
        return files;
    }
    /// Whether the last writer told of its files what they are.
    [[nodiscard]] bool told() const { return told_; }
    [[nodiscard]] std::uint64_t chunks() const { return chunks_; }
    [[nodiscard]] const AddressTable& addresses() const { return addresses_; }

private:
    AddressTable addresses_;
    std::deque<std::vector<FlowPacket>> packets_;
    std::vector<CompletedFlow> flows_;
    ReferenceMachine machine_;
    bool told_ = false;
    std::uint64_t chunks_ = 0;
};

} // namespace

class ChunkWriterTest : public QObject
{
    Q_OBJECT

private slots:
    void batchesMayEndAnywhere_data();
    void batchesMayEndAnywhere();
    void chunksMayBeWrittenInAnyOrder();
    void styles_data();
    void styles();
    void packetsInAnyPieces();
    void anExistingChunk();
    void noFolder();
    void aFileInTheWay();
};

void ChunkWriterTest::batchesMayEndAnywhere_data()
{
    QTest::addColumn<int>("flowsPerChunk");
    QTest::addColumn<JsonStyle>("style");
    for (const int flows : {1, 3, 200, 1000})
        QTest::addRow("%d", flows) << flows << JsonStyle::Indented;
    for (const int flows : {3, 250})
        QTest::addRow("%d, compact", flows) << flows << JsonStyle::Compact;
}

void ChunkWriterTest::batchesMayEndAnywhere()
{
    QFETCH(int, flowsPerChunk);
    QFETCH(JsonStyle, style);
    Run run;
    const auto size = static_cast<std::uint64_t>(flowsPerChunk);
    const auto whole = run.dataset(size, style, [](std::size_t) { return flowCount; });
    QVERIFY(run.told());
    QCOMPARE(run.chunks(), (flowCount + size - 1) / size);
    QCOMPARE(whole.size(), std::size_t{run.chunks() + 7}); // and no file more
    for (std::uint64_t chunk = 0; chunk < run.chunks(); ++chunk) {
        const auto name =
            QString::asprintf("flows/chunk_%05llu.json", static_cast<unsigned long long>(chunk));
        QVERIFY2(whole.contains(name.toStdString()), qPrintable(name));
    }
    std::mt19937_64 random(32);
    for (const std::size_t batch : {1u, 7u, 199u, 200u})
        QVERIFY(run.dataset(size, style, [&](std::size_t) { return batch; }) == whole);
    QVERIFY(run.dataset(size, style, [&](std::size_t) { return random() % 30; }) == whole); // none, too
    QVERIFY(run.told());
}

// Writers that begin with a chunk need not wait for each other; they are only taken in order.
void ChunkWriterTest::chunksMayBeWrittenInAnyOrder()
{
    Run run;
    const auto whole = run.dataset(50, JsonStyle::Indented, [](std::size_t) { return flowCount; });
    const TestFolder folder;
    TaskPool pool(2);
    DatasetWriter writer(folder.path(), 50, run.addresses(), pool);
    QVERIFY(writer.beginsChunkFile(0) && writer.beginsChunkFile(150) && !writer.beginsChunkFile(151));
    auto first = writer.chunkWriter(0), second = writer.chunkWriter(50), third = writer.chunkWriter(150);
    run.write(*third, 150, 60); // ends inside a chunk
    run.write(*second, 50, 100);
    run.write(*first, 0, 50);
    for (auto* chunks : {&first, &second, &third}) {
        QVERIFY(!(*chunks)->finish());
        writer.take(**chunks);
        *chunks = nullptr;
    }
    QCOMPARE(writer.flows(), std::uint64_t{210});
    const auto last = writer.chunkWriter(210);
    QVERIFY(last->openChunk());
    run.write(*last, 210, 40);
    QVERIFY(!last->finish());
    QCOMPARE(last->chunksBegun(), std::uint64_t{0});
    QCOMPARE(last->flows(), std::uint64_t{40});
    writer.take(*last);
    QVERIFY(run.finished(writer, folder) == whole);
    QVERIFY(run.told());
}

void ChunkWriterTest::styles_data()
{
    QTest::addColumn<int>("flowsPerChunk");
    for (const int flows : {1, 3, 200})
        QTest::addRow("%d", flows) << flows;
}

void ChunkWriterTest::styles()
{
    QFETCH(int, flowsPerChunk);
    Run run;
    const auto size = static_cast<std::uint64_t>(flowsPerChunk);
    const auto batch = [](std::size_t) { return std::size_t{50}; };
    const auto indented = run.dataset(size, JsonStyle::Indented, batch);
    const auto compact = run.dataset(size, JsonStyle::Compact, batch);
    QCOMPARE(compact.size(), indented.size());
    for (const auto& [name, content] : indented) {
        const auto found = compact.find(name);
        QVERIFY2(found != compact.end(), name.c_str());
        if (!name.ends_with(".json")) {
            QVERIFY(found->second == content);
            continue;
        }
        const auto one = QJsonDocument::fromJson(QByteArray::fromStdString(content));
        const auto other = QJsonDocument::fromJson(QByteArray::fromStdString(found->second));
        QVERIFY2(!one.isNull() && one == other, name.c_str());
        // JSON has no line break in a string, but blanks: those outside are told by what stands around them.
        QVERIFY2(found->second.find('\n') == std::string::npos, name.c_str());
        QVERIFY2(found->second.find("\": ") == std::string::npos, name.c_str());
        QVERIFY2(content.find('\n') != std::string::npos, name.c_str());
        QVERIFY2(content.size() > found->second.size(), name.c_str());
    }
}

void ChunkWriterTest::packetsInAnyPieces()
{
    Run run;
    std::string expected;
    for (const std::size_t piece : {1000u, 1u, 7u}) {
        const TestFolder folder;
        TaskPool pool(2);
        DatasetWriter writer(folder.path(), 10, run.addresses(), pool);
        const auto packets = std::make_shared<std::vector<Packet>>(1000);
        for (std::size_t i = 0; i < packets->size(); ++i)
            (*packets)[i].timestamp = static_cast<std::int64_t>(i);
        for (std::size_t i = 0; i < packets->size(); i += piece)
            writer.packets(std::span(*packets).subspan(i, std::min(piece, packets->size() - i)), packets);
        writer.finishPackets();
        QCOMPARE(packets.use_count(), 1L); // nobody needs them any more
        QVERIFY(writer.finish({}, {}, {}, {}));
        const auto content = contentOf(folder / "packets.csv");
        if (expected.empty())
            expected = content;
        QVERIFY(content == expected);
        QCOMPARE(std::count(content.begin(), content.end(), '\n'), 1001);
    }
}

void ChunkWriterTest::anExistingChunk()
{
    Run run;
    const TestFolder folder;
    folder.write("flows/chunk_00001.json", "mine");
    ChunkWriter::Tools tools;
    ChunkWriter writer(folder / "flows", 0, 3, run.addresses(), JsonStyle::Indented, tools, nullptr);
    run.write(writer, 0, 10);
    const auto error = writer.finish();
    QVERIFY(error);
    QCOMPARE(error->code, Errc::Write);
    QVERIFY(error->file == folder / "flows" / "chunk_00001.json");
    QCOMPARE(contentOf(folder / "flows" / "chunk_00001.json"), std::string("mine"));
    // A writer of a file that failed is as good as new for the next.
    ChunkWriter other(folder / "flows", 6, 3, run.addresses(), JsonStyle::Indented, tools, nullptr);
    run.write(other, 6, 3);
    QVERIFY(!other.finish());
    QVERIFY(contentOf(folder / "flows" / "chunk_00002.json").ends_with("]"));
}

void ChunkWriterTest::noFolder()
{
    Run run;
    const TestFolder folder;
    TaskPool pool(1);
    DatasetWriter writer(folder / "none", 3, run.addresses(), pool);
    QVERIFY(writer.failure());
    QCOMPARE(writer.failure()->code, Errc::Write);
    QVERIFY(!writer.failure()->detail.empty());
    const auto chunks = writer.chunkWriter(0);
    run.write(*chunks, 0, 5);
    QVERIFY(chunks->finish());
    writer.take(*chunks);
    const auto finished = writer.finish({}, {}, {}, {});
    QVERIFY(!finished);
    QVERIFY(finished.error().file == folder / "none" / "packets.csv"); // the first that there was
    QVERIFY(folder.names().empty());
}

void ChunkWriterTest::aFileInTheWay()
{
    Run run;
    TaskPool pool(1);
    for (const char* name :
         {"packets.csv", "flows/flows_index.json", "ips/flag_stats.json", "manifest.json"}) {
        const TestFolder folder;
        folder.write(name, "mine");
        DatasetWriter writer(folder.path(), 3, run.addresses(), pool);
        const auto finished = writer.finish({}, {}, {}, {});
        QVERIFY(!finished);
        QCOMPARE(finished.error().code, Errc::Write);
        QVERIFY(finished.error().file == folder / name);
        QCOMPARE(contentOf(folder / name), std::string("mine"));
    }
    const TestFolder folder;
    folder.write("flows", "a file where a folder should be");
    DatasetWriter writer(folder.path(), 3, run.addresses(), pool);
    QVERIFY(writer.failure());
    QVERIFY(writer.failure()->file == folder / "flows" / "flows_index.json");
}

QTEST_APPLESS_MAIN(ChunkWriterTest)
#include "chunk_writer_test.moc"
