// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// How long questions about packets take with very many of them, without a window: which flow each belongs to,
// which ones a narrowing leaves, a page of them from anywhere. The capture is a shape of
// shapes.py. Prints a table of medians in milliseconds.
//
//   packetloom-packet-bench [--rows N] [--runs N] [--shape NAME]      (default: 10000000 rows of campus, 5
//   runs)

#include "core/analysis/analyze.h"
#include "core/analysis/packet_query.h"
#include "core/filter/filter_parser.h"
#include "tests/support/generator/generator.h"
#include "tests/support/generator/shapes.h"
#include "tests/support/test_folder.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <functional>
#include <random>
#include <string_view>

using namespace packetloom;
using namespace packetloom::test;

namespace {

double millisecondsOf(const std::function<void()>& work)
{
    const auto begin = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

void report(const char* what, int runs, const std::function<void()>& once)
{
    std::vector<double> times;
    for (int i = 0; i < runs; ++i)
        times.push_back(millisecondsOf(once));
    std::sort(times.begin(), times.end());
    std::printf("%-56s %9.2f ms  (worst %.2f)\n", what, times[times.size() / 2], times.back());
    std::fflush(stdout);
}

std::shared_ptr<const Analysis> analyzed(const Options& options)
{
    auto made = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    if (!made) {
        std::fprintf(stderr, "the capture cannot be analyzed\n");
        std::exit(1);
    }
    return *made;
}

template <class T>
T valueOf(Result<T> result)
{
    if (!result) {
        std::fprintf(stderr, "error %d: %s\n", int(result.error().code), result.error().detail.c_str());
        std::exit(1);
    }
    return *std::move(result);
}

Narrowing filtered(std::string_view text)
{
    auto parsed = parseFilter(text, FilterSubject::Packets);
    if (std::holds_alternative<FilterProblem>(parsed)) {
        std::fprintf(stderr, "no filter: %s\n", std::string(text).c_str());
        std::exit(1);
    }
    return {.filter = std::get<0>(std::move(parsed)), .interval = {}};
}

} // namespace

int main(int argc, char** argv)
{
    std::uint64_t rows = 10'000'000;
    int runs = 5;
    std::string_view shape = "campus";
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i], value = argv[i + 1];
        if (name == "--rows")
            std::from_chars(value.data(), value.data() + value.size(), rows);
        else if (name == "--shape")
            shape = value;
        else if (name == "--runs")
            std::from_chars(value.data(), value.data() + value.size(), runs);
    }
    if (rows == 0 || runs < 1)
        return 2;

    auto wanted = generator::shapeOptions(shape);
    if (!wanted)
        return 1;
    wanted->rows = rows;
    const TestFolder folder;
    Options options;
    options.inputs = {folder / "in.csv"};
    options.ipMap = folder / "map.json";
    options.temporaryFolder = folder.path();
    if (!generator::generateFiles(*wanted, options.inputs.front(), options.ipMap).error.empty())
        return 1;

    std::shared_ptr<const Analysis> analysis;
    report("analyze", 1, [&] { analysis = analyzed(options); });
    std::printf("%llu rows, %zu flows, %.1f bytes a row in the spool; median of %d\n",
                static_cast<unsigned long long>(analysis->spool.packets()), analysis->flows.size(),
                double(analysis->spool.bytes()) / double(analysis->spool.packets()), runs);

    RowFlowsPtr flows;
    report("flow of each row", 1, [&] { flows = valueOf(rowFlowsOf(*analysis)); });
    report("read all blocks, all columns, one thread", runs, [&] {
        PacketSpool::Reader reader(analysis->spool);
        for (std::size_t i = 0; i < analysis->spool.blocks(); ++i)
            static_cast<void>(reader.load(i));
    });
    report("read all blocks, times alone, one thread", runs, [&] {
        PacketSpool::Reader reader(analysis->spool);
        for (std::size_t i = 0; i < analysis->spool.blocks(); ++i)
            static_cast<void>(reader.load(i, PacketSpool::Time));
    });

    PacketRows some;
    report("everything", runs, [&] { some = valueOf(selectPackets(*analysis, {})); });
    const std::int64_t start = analysis->totals.firstTimestamp,
                       length = analysis->totals.lastTimestamp - start;
    Narrowing middle;
    middle.interval = std::pair(start + length / 3, start + length / 2);
    report("an interval, a sixth of the time", runs,
           [&] { some = valueOf(selectPackets(*analysis, middle)); });

    for (const auto* const text :
         {"port == 443", "src == 17 or dst == 4711", "10.0.0.0/8 and :443 and not flags.syn",
          "len > 1000 and tcp", "flags.rst == 1", "seq > 2000000000", "graceful",
          "bytes > 1M and dport in {80 443 8000..8100}"}) {
        const auto narrowing = filtered(text);
        report(("filter " + std::string(text)).c_str(), runs,
               [&] { some = valueOf(selectPackets(*analysis, narrowing)); });
    }

    PacketPages pages(*analysis);
    std::mt19937_64 random(1);
    const auto all = PacketRows::all(analysis->spool.packets());
    report("a page of 256 rows anywhere", std::max(runs, 200),
           [&] { static_cast<void>(valueOf(pages.read(all, random() % all.size(), 256, flows.get()))); });
    report("a page of 256 chosen rows anywhere", std::max(runs, 200), [&] {
        static_cast<void>(
            valueOf(pages.read(some, random() % std::max<std::uint64_t>(some.size(), 1), 256, flows.get())));
    });
    report("the row of a time", std::max(runs, 50), [&] {
        static_cast<void>(valueOf(pages.placeOfTime(
            all, start + std::int64_t(random() % std::uint64_t(std::max<std::int64_t>(length, 1))))));
    });
    return 0;
}
