// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// How long it takes to put a million flows into groups, by each key, with nothing narrowed away: what a click
// in the window costs. Shapes: everyday traffic (few servers, many clients), a scan (few sources, all ports),
// and the worst (every address and port its own).
//
//   packetloom-group-bench [--benchmark_filter=REGEX ...]

#include "core/analysis/group_query.h"

#include <benchmark/benchmark.h>
#include <memory>
#include <random>
#include <string>

using namespace packetloom;

namespace {

constexpr std::size_t flowCount = 1'000'000;

enum class Shape : std::uint8_t { Everyday, Scan, Worst };

std::string addressText(std::uint32_t number)
{
    return std::to_string(10 + (number >> 24)) + '.' + std::to_string(number >> 16 & 255) + '.' +
           std::to_string(number >> 8 & 255) + '.' + std::to_string(number & 255);
}

std::shared_ptr<CaptureAnalysis> made(Shape shape)
{
    auto analysis = std::make_shared<CaptureAnalysis>(Options(), std::filesystem::path());
    std::mt19937 random(5);
    const auto upTo = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    std::vector<AddressId> addresses;
    for (std::uint32_t i = 0; i < flowCount; ++i)
        addresses.push_back(analysis->addresses.intern(addressText(i)));
    for (std::uint32_t i = 0; i < flowCount; ++i) {
        FlowTable::Recorded flow;
        flow.number = i + 1;
        switch (shape) {
        case Shape::Everyday:
            flow.source = {addresses[upTo(20'000)], 32768 + upTo(28'000)};
            flow.destination = {addresses[20'000 + upTo(500)], upTo(10) < 8 ? 443 : upTo(1024)};
            break;
        case Shape::Scan:
            flow.source = {addresses[upTo(5)], 32768 + upTo(28'000)};
            flow.destination = {addresses[5 + upTo(65'536)], upTo(65'536)};
            break;
        case Shape::Worst:
            flow.source = {addresses[i], upTo(65'536)};
            flow.destination = {addresses[upTo(flowCount)], upTo(65'536)};
            break;
        }
        flow.closeType = static_cast<CloseType>(upTo(closeTypeCount));
        flow.start = std::int64_t{i} * 1000 + upTo(100'000);
        flow.end = flow.start + upTo(1'000'000);
        flow.packets = 1 + upTo(20);
        flow.sentPackets = upTo(static_cast<std::uint32_t>(flow.packets) + 1);
        flow.bytes = upTo(30'000);
        flow.sentBytes = flow.bytes / 2;
        analysis->flows.add(flow);
    }
    return analysis;
}

const Analysis& sample(Shape shape)
{
    static std::shared_ptr<CaptureAnalysis> last;
    static Shape of{};
    if (!last || of != shape)
        last = made(shape);
    of = shape;
    return *last;
}

void group(benchmark::State& state, Shape shape, const GroupQuery& query, const GroupOrder& order)
{
    const Analysis& analysis = sample(shape);
    std::size_t groups = 0;
    for (auto _ : state) {
        const auto table = *groupFlows(analysis, query);
        benchmark::DoNotOptimize(sortedGroups(*table, analysis.addresses, order));
        groups = table->size();
    }
    state.counters["groups"] = static_cast<double>(groups);
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * std::int64_t{flowCount});
}

void addAll()
{
    using enum GroupKey;
    for (const auto& [name, shape] : {std::pair("everyday", Shape::Everyday), std::pair("scan", Shape::Scan),
                                      std::pair("worst", Shape::Worst)}) {
        const auto add = [&, name = std::string(name), shape = shape](GroupKey by,
                                                                      std::optional<GroupKey> thenBy = {}) {
            const auto full = "group/" + name + '/' + std::string(groupKeyName(by)) +
                              (thenBy ? ',' + std::string(groupKeyName(*thenBy)) : std::string());
            GroupQuery query;
            query.by = by;
            query.thenBy = thenBy;
            benchmark::RegisterBenchmark(full.c_str(), [=](benchmark::State& state) {
                group(state, shape, query, {GroupColumn::Bytes, true});
            })->Unit(benchmark::kMillisecond);
        };
        for (std::size_t i = 0; i < groupKeyCount; ++i) {
            if (static_cast<GroupKey>(i) != Flags)
                add(static_cast<GroupKey>(i));
        }
        add(Source, DestinationPort);
        add(DestinationPort, Source);
        add(Address, Port);
    }
}

} // namespace

int main(int argc, char** argv)
{
    addAll();
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    return 0;
}
