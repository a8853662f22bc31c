// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/generator.h"

#include "tests/support/generator/capture_writer.h"
#include "tests/support/generator/colliding_rows.h"
#include "tests/support/generator/csv_writer.h"
#include "tests/support/generator/late_rows.h"
#include "tests/support/generator/output_file.h"
#include "tests/support/generator/traffic.h"
#include "tests/support/generator/truth.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace packetloom::generator {
namespace {

constexpr std::uint64_t mostRows = 1'000'000'000'000;
constexpr std::uint64_t mostShuffled = 1U << 30;
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
void writePacket(const Packet& packet, Writer& writer, GeneratorSummary& summary)
{
    writer.write(packet);
    summary.firstTime = summary.rows == 0 ? packet.time : std::min(summary.firstTime, packet.time);
    summary.lastTime = std::max(summary.lastTime, packet.time);
    ++summary.rows;
}

/// All rows in an order that is drawn (Fisher and Yates).
template <class Writer>
void writeShuffled(LateRows& rows, const GeneratorOptions& options, Writer& writer, GeneratorSummary& summary)
{
    constexpr std::uint64_t seedOfOrder = 0x6F72646572; // independent of the traffic's, which has the same
    std::vector<Packet> packets;
    for (Packet packet; packets.size() < options.rows && rows.next(packet);)
        packets.push_back(packet);
    Random random(options.seed ^ seedOfOrder);
    for (std::size_t left = packets.size(); left > 0 && !writer.stopped(); --left) {
        const std::size_t drawn = random.below(static_cast<std::uint32_t>(left));
        writePacket(packets[drawn], writer, summary);
        packets[drawn] = packets[left - 1];
    }
}

template <class Writer>
GeneratorResult writeTraffic(const GeneratorOptions& options, HostPool& hosts, Random& random,
                             const TextConsumer& truth, Writer writer)
{
    std::optional<TruthWriter> truths;
    if (truth)
        truths.emplace(truth, hosts, options.format);
    Traffic traffic(options, hosts, random, truths ? &*truths : nullptr);
    LateRows rows(traffic, options);
    GeneratorResult result;
    GeneratorSummary& summary = result.summary;
    if (options.shuffle)
        writeShuffled(rows, options, writer, summary);
    else
        for (Packet packet; summary.rows < options.rows && !writer.stopped() && rows.next(packet);)
            writePacket(packet, writer, summary);
    writer.flush();
    if (truths) {
        traffic.tellRest();
        truths->flush();
    }
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
    if (o.shuffle && o.rows > mostShuffled && o.flows == 0)
        return outside("rows that are shuffled", 0, mostShuffled);
    const double flows[]{o.scanShare, o.refusedShare,  o.resetShare,    o.oneWayShare,
                         o.udpShare,  o.synFloodShare, o.ongoingShare,  o.badHandshakeShare,
                         o.longShare, o.sweepShare,    o.simulatedShare};
    double sum = 0;
    for (const double share : flows) {
        if (!(share >= 0 && share <= 1))
            return "a share must be from 0 to 1";
        sum += share;
    }
    for (const double share :
         {o.outOfOrderShare, o.duplicateShare, o.ipv6Share, o.spoofedShare, o.lateShare, o.troubleShare}) {
        if (!(share >= 0 && share <= 1))
            return "a share must be from 0 to 1";
    }
    if (sum > 1 + 1e-9) // ten tenths are a little more than 1
        return "the shares of the kinds of flows add up to more than 1 (those not given keep their defaults)";
    return {};
}

GeneratorResult generate(const GeneratorOptions& options, const TextConsumer& consumer,
                         const TextConsumer& ipMap, const TextConsumer& truth)
{
    if (options.collisions > 0)
        return generateCollisions(options, consumer, ipMap);
    Random random(options.seed);
    HostPool hosts(hostOptions(options), random);
    if (ipMap)
        hosts.writeIpMap(ipMap);
    switch (options.format) {
    case Format::Pcap:
        return writeTraffic(options, hosts, random, truth,
                            CaptureWriter(CaptureWriter::Format::Pcap, options.snapLength, consumer, hosts));
    case Format::Pcapng:
        return writeTraffic(
            options, hosts, random, truth,
            CaptureWriter(CaptureWriter::Format::Pcapng, options.snapLength, consumer, hosts));
    case Format::Csv:
        break;
    }
    return writeTraffic(options, hosts, random, truth, CsvWriter(consumer, &hosts));
}

GeneratorResult generateFiles(const GeneratorOptions& options, const std::filesystem::path& output,
                              const std::filesystem::path& ipMap, const std::filesystem::path& truth)
{
    OutputFile capture(output);
    std::optional<OutputFile> map, truths;
    const auto into = [](std::optional<OutputFile>& file, const std::filesystem::path& path) {
        if (path.empty())
            return TextConsumer();
        file.emplace(path);
        return TextConsumer([&file](std::string_view piece) { return file->write(piece); });
    };
    const TextConsumer toMap = into(map, ipMap), toTruth = into(truths, truth);
    auto result = generate(
        options, [&](std::string_view block) { return capture.write(block); }, toMap, toTruth);
    if (auto error = capture.close(); !error.empty())
        result.error = std::move(error);
    for (auto* file : {&map, &truths}) {
        if (!*file)
            continue;
        if (auto error = (*file)->close(); result.error.empty())
            result.error = std::move(error);
    }
    return result;
}

std::string_view kindName(Kind kind)
{
    constexpr std::array<std::string_view, kindCount> names{
        "web",           "long", "refused",   "reset", "one-way",     "ongoing",
        "bad handshake", "scan", "SYN flood", "UDP",   "sweep probe", "simulated"};
    return names.at(static_cast<std::size_t>(kind));
}

} // namespace packetloom::generator
