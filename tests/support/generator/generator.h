// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/host_pool.h"

#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace packetloom::generator {

/// The kinds of conversations, in the order of GeneratorOptions and GeneratorSummary.
enum class Kind : std::uint8_t {
    Web,
    Long,
    Refused,
    Reset,
    OneWay,
    Ongoing,
    BadHandshake,
    Scan,
    SynFlood,
    Udp,
    Sweep,
    Simulated
};
constexpr std::size_t kindCount = 12;
/// What it is called: "web", "long", ...
std::string_view kindName(Kind kind);

enum class Format : std::uint8_t { Csv, Pcap, Pcapng };

/// What to generate. The same options give the same rows on every platform.
struct GeneratorOptions
{
    std::uint64_t rows = 1'000'000;
    std::uint32_t hosts = 1000;
    /// The mean rate aimed at. With too few flows for it, round trips keep the rate lower.
    std::uint64_t packetsPerSecond = 5000;
    /// Conversations open at a time; a scan or a flood counts as one.
    std::uint32_t concurrency = 200;
    std::uint64_t seed = 1;
    std::uint64_t startTime = 1'735'689'600'000'000; ///< microseconds since the epoch
    Addresses addresses = Addresses::Ids;
    double ipv6Share = 0.1;        ///< of the hosts, 0..1
    bool randomInterfaces = false; ///< IPv6 addresses with random last halves (RFC 8981): longer texts

    /// Shares of the flows begun, each 0..1 and together at most 1; what is left are web sessions. Every
    /// probe of a scan and every SYN of a flood counts as a flow.
    double scanShare = 0.06;
    double refusedShare = 0.04;
    double resetShare = 0.06;
    double oneWayShare = 0.03;
    double udpShare = 0.12;
    double synFloodShare = 0.06;
    double ongoingShare = 0.04;
    double badHandshakeShare = 0.03;
    double longShare = 0.01;
    double sweepShare = 0; ///< probes of one host, which tries every port of all others
    /// Flows that are played between two hosts, with windows, timers and all (see SimulatedFlow).
    double simulatedShare = 0;

    /// Share of the simulated connections in which segments are lost, overtaken and so on, 0..1.
    double troubleShare = 0.6;
    /// Above 0, no more conversations are begun after so many, and the capture ends with the last of them
    /// (or after so many rows).
    std::uint64_t flows = 0;

    /// Transfers in a long connection, one after the other.
    std::uint32_t longTransfers = 1;
    /// Different sources of SYN floods, as a share of the rows; 0 takes them from an eighth of the hosts.
    double spoofedShare = 0;

    /// Shares of the data segments, each 0..1.
    double outOfOrderShare = 0.005;
    double duplicateShare = 0.005;

    /// Share of the rows that come later than their time says, and by how many microseconds at most.
    double lateShare = 0;
    std::uint32_t lateMicros = 2'000'000;
    /// All rows are in no order at all. They are kept in memory for that: 72 bytes each.
    bool shuffle = false;

    Format format = Format::Csv;
    /// Of each frame so many bytes are in a capture that is no CSV.
    std::uint32_t snapLength = 96;

    /// Above 0, the capture is no traffic but rows that collide (see CollidingRows): so many different texts
    /// and flows for each hash function. Of the others only rows, seed and startTime count then. CSV alone
    /// can hold them.
    std::uint32_t collisions = 0;
    /// The same rows with keys that do not collide, to compare with.
    bool harmless = false;
};

struct GeneratorSummary
{
    std::uint64_t rows = 0;
    std::uint64_t bytes = 0;                              ///< before compression
    std::uint64_t firstTime = 0, lastTime = 0;            ///< microseconds since the epoch; 0 without rows
    std::array<std::uint64_t, kindCount> conversations{}; ///< begun, by Kind
};

struct GeneratorResult
{
    GeneratorSummary summary;
    std::string error; ///< empty when all went well
};

/// A sentence on the first value that is out of its range; empty when there is none.
std::string invalidOption(const GeneratorOptions& options);

/// Generates a capture for `consumer`, block by block (about a megabyte each), and gives the IP map's JSON to
/// `ipMap`, unless that is empty, before. `truth`, unless that is empty, gets a line of JSON for every flow
/// that was made, in the order of their ends (tests/bench/README.md). Memory depends on hosts and
/// concurrency, not on rows. `options` must be valid. The capture is the same with and without a truth.
GeneratorResult generate(const GeneratorOptions& options, const TextConsumer& consumer,
                         const TextConsumer& ipMap = {}, const TextConsumer& truth = {});

/// The same into files. `output`: `-` is the standard output, a name that ends in .gz is compressed. `ipMap`
/// and `truth`: empty for none. Existing files are replaced.
GeneratorResult generateFiles(const GeneratorOptions& options, const std::filesystem::path& output,
                              const std::filesystem::path& ipMap, const std::filesystem::path& truth = {});

} // namespace packetloom::generator
