// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/generator.h"

#include "tests/support/generator/csv_writer.h"
#include "tests/support/generator/output_file.h"
#include "tests/support/generator/traffic.h"

namespace packetloom::generator {
namespace {

constexpr std::uint64_t mostRows = 1'000'000'000'000;
constexpr std::uint32_t mostConcurrency = 1'000'000;
constexpr std::uint64_t mostPacketsPerSecond = 1'000'000'000;
// Leaves room for any capture's duration below 2^63.
constexpr std::uint64_t latestStart = std::uint64_t{1} << 62;

std::string outside(const std::string& name, std::uint64_t low, std::uint64_t high)
{
    return name + " must be from " + std::to_string(low) + " to " + std::to_string(high);
}

} // namespace

std::string invalidOption(const GeneratorOptions& o)
{
    if (o.rows > mostRows)
        return outside("rows", 0, mostRows);
    if (o.hosts < HostPool::smallest || o.hosts > HostPool::largest)
        return outside("hosts", HostPool::smallest, HostPool::largest);
    if (o.packetsPerSecond < 1 || o.packetsPerSecond > mostPacketsPerSecond)
        return outside("packets-per-second", 1, mostPacketsPerSecond);
    if (o.concurrency < 1 || o.concurrency > mostConcurrency)
        return outside("concurrency", 1, mostConcurrency);
    if (o.startTime > latestStart)
        return outside("start-time", 0, latestStart);
    const double flows[]{o.scanShare,     o.refusedShare, o.resetShare,        o.oneWayShare, o.udpShare,
                         o.synFloodShare, o.ongoingShare, o.badHandshakeShare, o.longShare};
    double sum = 0;
    for (const double share : flows) {
        if (!(share >= 0 && share <= 1))
            return "a share must be from 0 to 1";
        sum += share;
    }
    for (const double share : {o.outOfOrderShare, o.duplicateShare}) {
        if (!(share >= 0 && share <= 1))
            return "a share must be from 0 to 1";
    }
    if (sum > 1 + 1e-9) // ten tenths are a little more than 1
        return "the shares of the kinds of flows add up to more than 1 (those not given keep their defaults)";
    return {};
}

GeneratorResult generate(const GeneratorOptions& options, const CsvConsumer& consumer, std::string* ipMap)
{
    Random random(options.seed);
    HostPool hosts(options.hosts, options.addresses, random);
    if (ipMap != nullptr)
        *ipMap = hosts.ipMap();
    Traffic traffic(options, hosts, random);
    CsvWriter writer(consumer, hosts);

    GeneratorResult result;
    Packet packet;
    GeneratorSummary& summary = result.summary;
    for (; summary.rows < options.rows && !writer.stopped(); ++summary.rows) {
        traffic.next(packet);
        writer.write(packet);
        if (summary.rows == 0)
            summary.firstTime = packet.time;
    }
    writer.flush();
    summary.lastTime = packet.time;
    summary.bytes = writer.bytes();
    summary.conversations = traffic.begun();
    if (writer.stopped())
        result.error = "stopped by the consumer";
    return result;
}

GeneratorResult generateFiles(const GeneratorOptions& options, const std::filesystem::path& output,
                              const std::filesystem::path& ipMap)
{
    OutputFile capture(output);
    std::string map;
    auto result = generate(
        options, [&](std::string_view block) { return capture.write(block); },
        ipMap.empty() ? nullptr : &map);
    if (auto error = capture.close(); !error.empty())
        result.error = std::move(error);
    if (result.error.empty() && !ipMap.empty()) {
        OutputFile file(ipMap);
        file.write(map);
        result.error = file.close();
    }
    return result;
}

} // namespace packetloom::generator
