// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/generator.h"

#include "tests/support/generator/capture_writer.h"
#include "tests/support/generator/colliding_rows.h"
#include "tests/support/generator/csv_writer.h"
#include "tests/support/generator/late_rows.h"
#include "tests/support/generator/output_file.h"
#include "tests/support/generator/traffic.h"

#include <algorithm>
#include <optional>

namespace packetloom::generator {
namespace {

constexpr std::uint64_t mostRows = 1'000'000'000'000;
constexpr std::uint32_t mostLateMicros = 1'000'000'000;
constexpr std::uint32_t mostConcurrency = 1'000'000;
constexpr std::uint64_t mostPacketsPerSecond = 1'000'000'000;
// Leaves room for any capture's duration below 2^63.
constexpr std::uint64_t latestStart = std::uint64_t{1} << 62;

std::string outside(const std::string& name, std::uint64_t low, std::uint64_t high)
{
    return name + " must be from " + std::to_string(low) + " to " + std::to_string(high);
}

HostOptions hostOptions(const GeneratorOptions& options)
{
    HostOptions hosts;
    hosts.count = options.hosts;
    hosts.addresses = options.addresses;
    hosts.ipv6PerMillion = perMillion(options.ipv6Share);
    hosts.randomInterfaces = options.randomInterfaces;
    if (options.spoofedShare > 0) {
        const double wanted = static_cast<double>(options.rows) * options.spoofedShare;
        hosts.spoofed = static_cast<std::uint32_t>(std::clamp(wanted, 1.0, 1.0 * HostPool::mostSpoofed));
    }
    return hosts;
}

GeneratorResult generateCollisions(const GeneratorOptions& options, const TextConsumer& consumer,
                                   const TextConsumer& ipMap)
{
    GeneratorResult result;
    if (ipMap)
        ipMap("{}\n");
    CollidingRows rows(options.collisions, options.harmless, options.startTime, options.seed);
    CsvWriter writer(consumer);
    GeneratorSummary& summary = result.summary;
    for (; summary.rows < options.rows && !writer.stopped(); ++summary.rows)
        writer.write(rows.next());
    writer.flush();
    if (summary.rows > 0) {
        summary.firstTime = options.startTime;
        summary.lastTime = rows.time();
    }
    summary.bytes = writer.bytes();
    if (writer.stopped())
        result.error = "stopped by the consumer";
    return result;
}

std::string stopReason(const CsvWriter&)
{
    return "stopped by the consumer";
}

std::string stopReason(const CaptureWriter& writer)
{
    return writer.tooLate() ? "the capture's format cannot hold times as late as this"
                            : "stopped by the consumer";
}

template <class Writer>
GeneratorResult writeTraffic(const GeneratorOptions& options, HostPool& hosts, Random& random, Writer writer)
{
    Traffic traffic(options, hosts, random);
    LateRows rows(traffic, options);
    GeneratorResult result;
    Packet packet;
    GeneratorSummary& summary = result.summary;
    for (; summary.rows < options.rows && !writer.stopped(); ++summary.rows) {
        rows.next(packet);
        writer.write(packet);
        summary.firstTime = summary.rows == 0 ? packet.time : std::min(summary.firstTime, packet.time);
        summary.lastTime = std::max(summary.lastTime, packet.time);
    }
    writer.flush();
    summary.bytes = writer.bytes();
    summary.conversations = traffic.begun();
    if (writer.stopped())
        result.error = stopReason(writer);
    return result;
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
    if (o.longTransfers < 1)
        return "long-transfers must be at least 1";
    if (o.lateMicros < 1 || o.lateMicros > mostLateMicros)
        return outside("late-micros", 1, mostLateMicros);
    if (o.snapLength < 1 || o.snapLength > CaptureWriter::longestSnap)
        return outside("snap-length", 1, CaptureWriter::longestSnap);
    if (o.collisions > CollidingRows::most)
        return outside("collisions", 0, CollidingRows::most);
    if (o.collisions > 0 && o.format != Format::Csv)
        return "rows that collide have no frames: their format must be csv";
    const double flows[]{o.scanShare,     o.refusedShare, o.resetShare,        o.oneWayShare, o.udpShare,
                         o.synFloodShare, o.ongoingShare, o.badHandshakeShare, o.longShare,   o.sweepShare};
    double sum = 0;
    for (const double share : flows) {
        if (!(share >= 0 && share <= 1))
            return "a share must be from 0 to 1";
        sum += share;
    }
    for (const double share :
         {o.outOfOrderShare, o.duplicateShare, o.ipv6Share, o.spoofedShare, o.lateShare}) {
        if (!(share >= 0 && share <= 1))
            return "a share must be from 0 to 1";
    }
    if (sum > 1 + 1e-9) // ten tenths are a little more than 1
        return "the shares of the kinds of flows add up to more than 1 (those not given keep their defaults)";
    return {};
}

GeneratorResult generate(const GeneratorOptions& options, const TextConsumer& consumer,
                         const TextConsumer& ipMap)
{
    if (options.collisions > 0)
        return generateCollisions(options, consumer, ipMap);
    Random random(options.seed);
    HostPool hosts(hostOptions(options), random);
    if (ipMap)
        hosts.writeIpMap(ipMap);
    switch (options.format) {
    case Format::Pcap:
        return writeTraffic(options, hosts, random,
                            CaptureWriter(CaptureWriter::Format::Pcap, options.snapLength, consumer, hosts));
    case Format::Pcapng:
        return writeTraffic(
            options, hosts, random,
            CaptureWriter(CaptureWriter::Format::Pcapng, options.snapLength, consumer, hosts));
    case Format::Csv:
        break;
    }
    return writeTraffic(options, hosts, random, CsvWriter(consumer, &hosts));
}

GeneratorResult generateFiles(const GeneratorOptions& options, const std::filesystem::path& output,
                              const std::filesystem::path& ipMap)
{
    OutputFile capture(output);
    std::optional<OutputFile> map;
    TextConsumer toMap;
    if (!ipMap.empty()) {
        map.emplace(ipMap);
        toMap = [&](std::string_view piece) { return map->write(piece); };
    }
    auto result = generate(
        options, [&](std::string_view block) { return capture.write(block); }, toMap);
    if (auto error = capture.close(); !error.empty())
        result.error = std::move(error);
    if (map) {
        if (auto error = map->close(); result.error.empty())
            result.error = std::move(error);
    }
    return result;
}

} // namespace packetloom::generator
