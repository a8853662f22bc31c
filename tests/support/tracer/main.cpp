// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// packetloom-trace: what the charts of a flow's detail show, as text. For the scripts in tests/golden, and to
// measure how long a flow of very many packets takes to open.

#include "core/analysis/analyze.h"
#include "core/support/process_memory.h"
#include "tests/support/tracer/graph_lines.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>

namespace {

using namespace packetloom;
using Clock = std::chrono::steady_clock;

struct Arguments
{
    std::string capture;
    std::string tunnels = "each";
    std::int64_t flow = -1;
    std::size_t most = TraceQuery().mostPackets;
    double stopAt = 2; // a part of 1
    bool measure = false;
};

double secondsSince(Clock::time_point begin)
{
    return std::chrono::duration<double>(Clock::now() - begin).count();
}

int fail(const char* what, const Error& error)
{
    std::fprintf(stderr, "%s: error %d: %s\n", what, static_cast<int>(error.code), error.detail.c_str());
    return 1;
}

/// Prints how long the trace took, how much memory, and how often it asked whether to go on.
int measure(const Analysis& analysis, const TraceQuery& query, double stopAt)
{
    const std::uint64_t before = residentBytes();
    std::uint64_t most = before, beats = 0;
    double longest = 0, part = 0;
    const auto begin = Clock::now();
    auto last = begin;
    const auto trace = traceFlow(analysis, query, [&](double done) {
        most = std::max(most, residentBytes());
        longest = std::max(longest, secondsSince(last));
        last = Clock::now();
        part = done;
        ++beats;
        return done < stopAt;
    });
    const double seconds = secondsSince(begin);
    if (!trace && trace.error().code != Errc::Cancelled)
        return fail("the flow cannot be traced", trace.error());
    std::printf("%s after %.1f s, at %.4f; asked %llu times, at most %.3f s apart\n",
                trace ? "traced" : "stopped", seconds, part, static_cast<unsigned long long>(beats), longest);
    std::printf("resident %.1f MB before, %.1f MB at most\n", static_cast<double>(before) / 1e6,
                static_cast<double>(most) / 1e6);
    if (trace) {
        std::printf("%llu packets: %zu kept, %zu stretches folded; %zu and %zu slices; %zu sentences\n",
                    static_cast<unsigned long long>(trace->packetCount), trace->packets.size(),
                    trace->folded.size(), trace->slices[0].size(), trace->slices[1].size(),
                    trace->story.size());
    }
    return 0;
}

int traceAll(const Arguments& arguments)
{
    Options options;
    options.inputs = {arguments.capture};
    options.flowsBy = FlowsBy::Exact;
    options.reading.tunnels = arguments.tunnels == "each" ? Tunnels::Each : Tunnels::Inner;
    const auto begin = Clock::now();
    const auto made = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    if (!made)
        return fail("the capture cannot be analyzed", made.error());
    const Analysis& analysis = **made;
    if (arguments.measure)
        std::printf("analyzed in %.1f s, resident %.1f MB\n", secondsSince(begin),
                    static_cast<double>(residentBytes()) / 1e6);
    for (std::size_t i = 0; i < analysis.flows.size(); ++i) {
        if (arguments.flow >= 0 && i != static_cast<std::size_t>(arguments.flow))
            continue;
        if ((*made)->exact->flow(i).protocol != protocolTcp)
            continue;
        TraceQuery query;
        query.flow = i;
        query.mostPackets = arguments.most;
        if (arguments.measure) {
            if (const int status = measure(analysis, query, arguments.stopAt); status != 0)
                return status;
            continue;
        }
        const auto trace = traceFlow(analysis, query);
        if (!trace)
            return fail("a flow cannot be traced", trace.error());
        const std::string line = tracer::graphLine(analysis, *trace);
        std::fwrite(line.data(), 1, line.size(), stdout);
    }
    return std::fflush(stdout) == 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv)
{
    CLI::App app("Prints the time-sequence graphs of the exact engine's TCP flows, a line of JSON each.");
    Arguments arguments;
    app.add_option("CAPTURE", arguments.capture, "The capture")->required();
    app.add_option("--tunnels", arguments.tunnels, "As for packetloom-cli")
        ->check(CLI::IsMember({"inner", "each"}));
    app.add_option("--flow", arguments.flow, "Only this one, from 0");
    app.add_option("--most", arguments.most,
                   "Packets to keep one by one; of a flow with more there are no points");
    app.add_flag("--measure", arguments.measure, "Time and memory instead of points");
    app.add_option("--stop-at", arguments.stopAt, "With --measure: stop once this part of 1 is read");
    CLI11_PARSE(app, argc, argv);
    try {
        return traceAll(arguments);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "packetloom-trace: %s\n", error.what());
        return 1;
    }
}
