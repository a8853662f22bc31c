// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// How fast each stage of the pipeline is by itself, on one thread and in memory as far as that goes: where a
// change was felt, and where the next one would be. Items are packets, bytes those that the stage takes in
// (written ones for formatting and writing).
//
//   packetloom-stage-bench [--benchmark_filter=REGEX ...]

#include "core/filter/row_filter.h"
#include "core/flow/flow_tracker.h"
#include "core/flow/reference/reference_machine.h"
#include "core/input/address_resolver.h"
#include "core/input/csv/block_parser.h"
#include "core/input/csv/packet_reader.h"
#include "core/output/timearcs_v2/chunk_writer.h"
#include "core/output/timearcs_v2/packets_csv.h"
#include "core/run/flow_stage.h"
#include "tests/support/filter_of.h"
#include "tests/support/generator/generator.h"
#include "tests/support/gzip_text.h"
#include "tests/support/memory_source.h"
#include "tests/support/test_folder.h"

#include <benchmark/benchmark.h>
#include <memory>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr std::uint64_t rows = 200'000;
constexpr std::size_t blockSize = std::size_t{256} << 10;

/// Collects packed flows.
class BatchSink final : public FlowSink
{
public:
    bool take(const PackedFlow& flow) override
    {
        batch.add(flow);
        return true;
    }
    FlowBatch batch;
};

/// One capture in all the forms that it takes on its way, made once.
class Way
{
public:
    static const Way& get()
    {
        static const Way way;
        return way;
    }

    TestFolder folder;
    std::filesystem::path plain = folder / "capture.csv", gzip = folder / "capture.csv.gz";
    std::string text;
    std::vector<TextBlock> blocks;
    std::vector<PacketBatch> parsed; ///< addresses not resolved
    std::vector<PacketBatch> batches;
    AddressTable addresses;
    FlowBatch flows;
    ColumnMap columns;
    std::size_t bytes = 0;

private:
    Way()
    {
        generator::GeneratorOptions wanted;
        wanted.rows = rows;
        const auto made = generator::generate(
            wanted,
            [this](std::string_view block) {
                text.append(block);
                return true;
            },
            nullptr);
        if (!made.error.empty())
            qFatal("the capture cannot be made: %s", made.error.c_str());
        bytes = text.size();
        static_cast<void>(folder.write("capture.csv", text));
        static_cast<void>(folder.write("capture.csv.gz", gzipMember(text)));
        auto reader = PacketReader::open(plain, blockSize);
        if (!reader)
            qFatal("the capture cannot be read");
        columns = (*reader)->columns();
        TextBlock block;
        PacketBatch batch;
        while ((*reader)->nextPiece({}, block, batch) == PacketReader::Piece::Text)
            blocks.push_back(block);
        BlockParser parser;
        AddressDecoder decoder(map_, nullptr, addresses);
        AddressResolver resolver(decoder, FilterEnds::Either);
        FlowTracker tracker(300);
        BatchSink sink;
        for (const auto& one : blocks) {
            parsed.emplace_back();
            parser.parse(one, columns, {}, parsed.back());
            batches.push_back(parsed.back());
            resolver.resolve(batches.back());
            for (const Packet& packet : batches.back().packets) {
                if (packet.isTcp())
                    tracker.add(packet);
            }
        }
        tracker.finish(sink);
        flows = std::move(sink.batch);
    }
    const IpMap map_;
};

void count(benchmark::State& state, std::uint64_t packets, std::uint64_t bytes)
{
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) *
                            static_cast<std::int64_t>(packets));
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(bytes));
}

void readAll(benchmark::State& state, const std::filesystem::path& path)
{
    std::vector<char> buffer(blockSize);
    for (auto _ : state) {
        auto source = openByteSource(path, blockSize);
        while (source) {
            const auto n = (*source)->read(buffer);
            if (!n || *n == 0)
                break;
            benchmark::DoNotOptimize(buffer.data());
        }
    }
    count(state, rows, Way::get().bytes);
}

void read(benchmark::State& state)
{
    readAll(state, Way::get().plain);
}

void inflate(benchmark::State& state)
{
    readAll(state, Way::get().gzip);
}

void tokenize(benchmark::State& state, DelimiterIndex::Method method)
{
    DelimiterIndex index;
    for (auto _ : state) {
        for (const auto& block : Way::get().blocks) {
            index.scan(block.text.data() + block.begin, block.end - block.begin, method);
            benchmark::DoNotOptimize(index.rows());
        }
    }
    count(state, rows, Way::get().bytes);
}

// The way for text with quotes.
void tokenizeWithCare(benchmark::State& state)
{
    for (auto _ : state) {
        MemorySource source(Way::get().text);
        CsvTokenizer tokenizer(source, blockSize);
        CsvRow row;
        while (tokenizer.next(row) == CsvTokenizer::Step::Row)
            benchmark::DoNotOptimize(row.fields.data());
    }
    count(state, rows, Way::get().bytes);
}

void parse(benchmark::State& state)
{
    const Way& way = Way::get();
    BlockParser parser;
    PacketBatch batch;
    for (auto _ : state) {
        for (const auto& block : way.blocks) {
            batch.clear();
            parser.parse(block, way.columns, {}, batch);
            benchmark::DoNotOptimize(batch.packets.data());
        }
    }
    count(state, rows, way.bytes);
}

void resolve(benchmark::State& state)
{
    const Way& way = Way::get();
    const IpMap map;
    for (auto _ : state) {
        state.PauseTiming();
        auto batches = way.parsed;
        AddressTable addresses;
        AddressDecoder decoder(map, nullptr, addresses);
        AddressResolver resolver(decoder, FilterEnds::Either);
        state.ResumeTiming();
        for (auto& batch : batches)
            resolver.resolve(batch);
    }
    count(state, rows, way.bytes);
}

// What a filter of rows takes beside the reading of them.
void matchRows(benchmark::State& state, const char* text)
{
    const Way& way = Way::get();
    const RowFilter filter(way.addresses, filterOf(text, FilterSubject::Packets));
    std::vector<std::uint8_t> hits;
    for (auto _ : state) {
        for (const auto& batch : way.batches) {
            hits.resize(batch.packets.size());
            filter.match(batch.packets, 0, hits);
            benchmark::DoNotOptimize(hits.data());
        }
    }
    count(state, rows, rows * sizeof(Packet));
}

void track(benchmark::State& state)
{
    const Way& way = Way::get();
    for (auto _ : state) {
        FlowTracker tracker(300);
        BatchSink sink;
        for (const auto& batch : way.batches) {
            for (const Packet& packet : batch.packets) {
                if (packet.isTcp())
                    tracker.add(packet);
            }
        }
        tracker.finish(sink);
        benchmark::DoNotOptimize(sink.batch.size());
    }
    count(state, rows, way.bytes);
}

void runMachine(benchmark::State& state)
{
    const Way& way = Way::get();
    FlowUnpacker unpacker({});
    ReferenceMachine machine;
    for (auto _ : state) {
        for (std::size_t i = 0; i < way.flows.size(); ++i)
            benchmark::DoNotOptimize(machine.judge(unpacker.unpack(way.flows.flow(i))).state);
    }
    count(state, way.flows.packets(), way.flows.bytes());
}

void formatCsv(benchmark::State& state)
{
    const Way& way = Way::get();
    TextBuffer text;
    std::uint64_t bytes = 0;
    for (auto _ : state) {
        for (const auto& batch : way.batches) {
            text.clear();
            appendPacketsCsv(batch.packets, way.addresses, text);
            bytes += text.text().size();
        }
    }
    count(state, rows, 0);
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

// The state machine, the JSON and (to a device that takes all) the writing of chunk files.
void formatFlows(benchmark::State& state, JsonStyle style)
{
    const Way& way = Way::get();
    FlowUnpacker unpacker({});
    ReferenceMachine machine;
    FlowJson json(way.addresses, style);
    BufferedWriter out; // no file is open: the text is made and dropped
    for (auto _ : state) {
        for (std::size_t i = 0; i < way.flows.size(); ++i) {
            const auto flow = unpacker.unpack(way.flows.flow(i));
            json.writeFlow(flow, machine.judge(flow), out);
        }
    }
    count(state, way.flows.packets(), 0);
    state.SetBytesProcessed(static_cast<std::int64_t>(out.bytesWritten()));
}

// Chunk files as they are written, into the folder for temporary files.
void writeFlows(benchmark::State& state)
{
    const Way& way = Way::get();
    FlowUnpacker unpacker({});
    ReferenceMachine machine;
    std::uint64_t bytes = 0;
    const TestFolder folder;
    for (auto _ : state) {
        state.PauseTiming();
        std::filesystem::remove_all(folder / "flows");
        std::filesystem::create_directory(folder / "flows");
        state.ResumeTiming();
        ChunkWriter::Tools tools;
        ChunkWriter writer(folder / "flows", 0, 200, way.addresses, JsonStyle::Indented, tools, nullptr);
        for (std::size_t i = 0; i < way.flows.size(); ++i) {
            const auto flow = unpacker.unpack(way.flows.flow(i));
            writer.write(flow, machine.judge(flow));
        }
        if (writer.finish())
            state.SkipWithError("chunk files could not be written");
        bytes += writer.bytes();
    }
    count(state, way.flows.packets(), 0);
    state.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}

BENCHMARK(read)->Unit(benchmark::kMillisecond);
BENCHMARK(inflate)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(tokenize, plain, DelimiterIndex::Method::Plain)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(tokenize, vector, DelimiterIndex::Method::Vector)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(tokenize, wide_vector, DelimiterIndex::Method::WideVector)->Unit(benchmark::kMillisecond);
BENCHMARK(tokenizeWithCare)->Unit(benchmark::kMillisecond);
BENCHMARK(parse)->Unit(benchmark::kMillisecond);
BENCHMARK(resolve)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(matchRows, addr_and_port, "addr == 10.0.0.0/8 and port == 443")
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(matchRows, flags, "tcp.flags.syn == 1 && tcp.flags.ack == 0")
    ->Unit(benchmark::kMillisecond);
BENCHMARK(track)->Unit(benchmark::kMillisecond);
BENCHMARK(runMachine)->Unit(benchmark::kMillisecond);
BENCHMARK(formatCsv)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(formatFlows, indented, JsonStyle::Indented)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(formatFlows, compact, JsonStyle::Compact)->Unit(benchmark::kMillisecond);
BENCHMARK(writeFlows)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
