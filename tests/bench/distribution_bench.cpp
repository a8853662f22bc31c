// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// How long the histograms of a million flows take that the exact engine tells of, with nothing narrowed away:
// what a choice on the page Distributions costs. Each flow has a handshake and data, every fourth sends data
// again; the capture is a pcap file in the temporary folder.
//
//   packetloom-distribution-bench [--benchmark_filter=REGEX ...]      (PACKETLOOM_BENCH_FLOWS=N: another
//   number)

#include "core/analysis/analyze.h"
#include "core/analysis/distribution_query.h"
#include "core/run/options.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr unsigned syn = 2, ack = 16, push = 8;

std::uint32_t wantedFlows()
{
    const char* const asked = std::getenv("PACKETLOOM_BENCH_FLOWS");
    return asked ? static_cast<std::uint32_t>(std::strtoul(asked, nullptr, 10)) : 1'000'000;
}

/// A flow begins each millisecond; its packets follow at once, or a second flow would have to be mixed in.
class FlowWriter
{
public:
    explicit FlowWriter(const std::filesystem::path& path) : file_(path, std::ios::binary)
    {
        file_ << PcapFile().bytes();
    }

    void add(std::uint32_t number)
    {
        time_ = std::uint64_t{number} * 1000;
        client_ = "10." + std::to_string(number >> 14 & 255) + '.' + std::to_string(number >> 6 & 255) + '.' +
                  std::to_string(number & 63);
        server_ = "192.168.0." + std::to_string(upTo(200));
        const unsigned from = 1024 + number % 60'000, to = upTo(10) < 8 ? 443 : upTo(1024);
        const std::uint32_t half = 2U << upTo(8);
        const std::string data(1 + upTo(40), 'x');
        const Tcp question{.sourcePort = from, .destinationPort = to, .sequence = 1001, .flags = ack | push};
        send(
            client_, server_,
            {.sourcePort = from, .destinationPort = to, .sequence = 1000, .acknowledgment = 0, .flags = syn});
        time_ += half;
        send(server_, client_,
             {.sourcePort = to,
              .destinationPort = from,
              .sequence = 1999,
              .acknowledgment = 1001,
              .flags = syn | ack});
        time_ += half;
        send(client_, server_,
             {.sourcePort = from,
              .destinationPort = to,
              .sequence = 1001,
              .acknowledgment = 2000,
              .flags = ack});
        send(client_, server_, question, data);
        if (number % 4 == 0) {
            time_ += half;
            send(client_, server_, question, data);
        }
    }

    bool finish() { return static_cast<bool>(file_.flush()); }

private:
    std::uint32_t upTo(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

    void send(const std::string& from, const std::string& to, const Tcp& header, const std::string& data = {})
    {
        constexpr std::uint32_t epoch = 1'735'689'600;
        const auto frame = ethernet(0x0800, ipv4({.source = from, .destination = to}, tcp(header, data)));
        const auto length = le32(static_cast<std::uint32_t>(frame.size()));
        file_ << le32(epoch + static_cast<std::uint32_t>(time_ / 1'000'000))
              << le32(static_cast<std::uint32_t>(time_ % 1'000'000)) << length << length << frame;
        ++time_;
    }

    std::ofstream file_;
    std::mt19937 random_{5};
    std::string client_, server_;
    std::uint64_t time_ = 0; ///< microseconds
};

const Analysis& sample()
{
    static const TestFolder folder;
    static const auto made = []() -> std::shared_ptr<const Analysis> {
        Options options;
        options.inputs = {folder / "flows.pcap"};
        options.temporaryFolder = folder.path();
        options.flowsBy = FlowsBy::Exact;
        FlowWriter writer(options.inputs.front());
        for (std::uint32_t i = 0; i < wantedFlows(); ++i)
            writer.add(i);
        const bool written = writer.finish();
        const auto analysis = analyze(
            options, [](const Progress&) { return true; }, Depth::Flows);
        if (!written || !analysis || (*analysis)->flows.size() != wantedFlows()) {
            std::fprintf(stderr, "the capture was not analyzed as it should be\n");
            std::exit(1);
        }
        return *analysis;
    }();
    return *made;
}

void distribute(benchmark::State& state, const DistributionQuery& query)
{
    const Analysis& analysis = sample();
    std::size_t bins = 0, known = 0;
    for (auto _ : state) {
        const auto distribution = *distributionOf(analysis, query);
        bins = distribution->bins.size();
        known = distribution->all.known;
    }
    state.counters["bins"] = static_cast<double>(bins);
    state.counters["known"] = static_cast<double>(known);
}

void addAll()
{
    constexpr std::array quantities{FilterField::Duration, FilterField::Bytes, FilterField::Packets,
                                    fieldOf(FlowFigure::HandshakeTime),
                                    fieldOf(FlowFigure::RetransmissionShare)};
    for (const auto quantity : quantities) {
        for (const auto& [scale, name] :
             {std::pair(BinScale::Logarithmic, "log"), std::pair(BinScale::Linear, "linear")}) {
            for (const auto by : {std::optional<GroupKey>(), std::optional(GroupKey::Service),
                                  std::optional(GroupKey::Source), std::optional(GroupKey::Address)}) {
                const auto full = "distribution/" + std::string(nameOf(quantity)) + '/' + name +
                                  (by ? '/' + std::string(groupKeyName(*by)) : std::string());
                const DistributionQuery query{.quantity = quantity, .scale = scale, .by = by};
                benchmark::RegisterBenchmark(full.c_str(), [=](benchmark::State& state) {
                    distribute(state, query);
                })->Unit(benchmark::kMillisecond);
            }
        }
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
