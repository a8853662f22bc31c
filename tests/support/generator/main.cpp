// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// packetloom-generate: synthetic captures for tests, measurements and the sample.

#include "tests/support/generator/shapes.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

namespace {

using namespace packetloom::generator;

struct Arguments
{
    GeneratorOptions options;
    std::string addresses = "ids";
    std::string format = "csv";
    std::string shape = "default";
    std::string output, ipMap, truth;
    std::uint32_t shuffleWithin = 0; // milliseconds; 0: not
};

Arguments startingWith(const std::string& shape)
{
    Arguments arguments;
    arguments.shape = shape;
    arguments.options = shapeOptions(shape).value_or(GeneratorOptions{});
    arguments.addresses = arguments.options.addresses == Addresses::Text ? "text" : "ids";
    return arguments;
}

std::string joined(const std::vector<std::string>& names)
{
    std::string all;
    for (const auto& name : names)
        all += (all.empty() ? "" : "|") + name;
    return all;
}

void addOptions(CLI::App& app, Arguments& arguments)
{
    GeneratorOptions& o = arguments.options;
    app.option_defaults()->always_capture_default();
    app.add_option("--shape", arguments.shape, "A preset of the options below; those given besides win")
        ->check(CLI::IsMember(shapeNames()).description(""))
        ->type_name(joined(shapeNames()));
    app.add_option("--rows,--packets", o.rows, "Packets to generate");
    app.add_option("--hosts", o.hosts, "Addresses in the pool");
    app.add_option("--packets-per-second", o.packetsPerSecond, "Mean rate to aim at");
    app.add_option("--concurrency", o.concurrency, "Conversations open at a time");
    app.add_option("--seed", o.seed, "The same seed and options give the same capture");
    app.add_option("--start-time", o.startTime, "First timestamp, in microseconds since the epoch");
    app.add_option("--addresses", arguments.addresses, "Addresses as ids of the IP map or as text")
        ->check(CLI::IsMember({"ids", "text"}).description(""))
        ->type_name("ids|text");
    app.add_flag("--random-interfaces", o.randomInterfaces,
                 "IPv6 addresses with random interface ids, which are longer");

    const auto share = [&app](const char* name, double& value, const char* group, const char* help) {
        app.add_option(name, value, help)
            ->check(CLI::Range(0.0, 1.0).description(""))
            ->type_name("SHARE")
            ->group(group);
    };
    const char* const flows = "Shares of the flows, together at most 1; the rest are web sessions";
    share("--scan-share", o.scanShare, flows, "Probes of port scans");
    share("--refused-share", o.refusedShare, flows, "SYNs answered by a reset");
    share("--reset-share", o.resetShare, flows, "Connections that end in a reset");
    share("--one-way-share", o.oneWayShare, flows, "Connections captured in one direction only");
    share("--udp-share", o.udpShare, flows, "UDP");
    share("--syn-flood-share", o.synFloodShare, flows, "SYNs of floods from spoofed sources");
    share("--ongoing-share", o.ongoingShare, flows, "Connections whose begin or end is not captured");
    share("--bad-handshake-share", o.badHandshakeShare, flows,
          "Handshakes with wrong numbers or no last step");
    share("--long-share", o.longShare, flows, "Transfers of hundreds to thousands of segments");
    share("--sweep-share", o.sweepShare, flows, "SYNs of one host to every port of all others");
    share("--simulated-share", o.simulatedShare, flows,
          "Flows that are played between two hosts with windows and timers");
    share("--trouble-share", o.troubleShare, flows,
          "Of the simulated connections, not of the sum: with losses, reordering, stalls");
    app.add_option("--flows", o.flows, "End after so many conversations; 0: after the packets")->group(flows);
    app.add_option("--long-transfers", o.longTransfers, "Transfers in a long connection")->group(flows);
    const char* const segments = "Shares of the data segments";
    share("--out-of-order-share", o.outOfOrderShare, segments, "Segments overtaken by the next");
    share("--duplicate-share", o.duplicateShare, segments, "Segments seen twice");

    const char* const others = "Other shares";
    share("--ipv6-share", o.ipv6Share, others, "Hosts with an IPv6 address");
    share("--spoofed-share", o.spoofedShare, others,
          "Different sources of SYN floods by row; 0 takes them from an eighth of the hosts");
    share("--late-share", o.lateShare, others, "Rows that come later than their time says");
    app.add_option("--late-micros", o.lateMicros, "Microseconds by which they do, at most")->group(others);

    app.add_flag("--shuffle", o.shuffle, "All rows in no order, kept in memory for that")->group(others);
    app.add_option("--shuffle-within", arguments.shuffleWithin,
                   "Every row comes up to so many milliseconds late, in place of --late-share; 0: not")
        ->check(CLI::Range(0U, 1'000'000U).description(""))
        ->group(others);

    const char* const hostile = "Instead of traffic";
    app.add_option("--collide", o.collisions,
                   "So many address texts and flows whose hashes are all alike under each of two hash "
                   "functions without a seed")
        ->group(hostile);
    app.add_flag("--harmless", o.harmless, "Keys of that make that do not collide, to compare with")
        ->group(hostile);

    const char* const files = "Files";
    app.add_option("--format", arguments.format,
                   "What the capture is; frames of Ethernet have addresses, never ids")
        ->check(CLI::IsMember({"csv", "pcap", "pcapng"}).description(""))
        ->type_name("csv|pcap|pcapng")
        ->group(files);
    app.add_option("--snap-length", o.snapLength, "Bytes of each frame in a capture that is no CSV")
        ->group(files);
    app.add_option("--output", arguments.output, "The capture; - is the standard output, .gz compresses")
        ->group(files)
        ->type_name("FILE")
        ->required();
    app.add_option("--ip-map", arguments.ipMap, "Write the addresses and their ids as JSON")
        ->group(files)
        ->type_name("FILE");
    app.add_option("--truth", arguments.truth, "Write what was made of every flow, a line of JSON each")
        ->group(files)
        ->type_name("FILE");
}

int run(int argc, char** argv)
{
    Arguments arguments;
    // Twice: the first time for the shape, the second time for what is changed in it.
    for (int time = 0; time < 2; ++time) {
        arguments = startingWith(arguments.shape);
        CLI::App app("Generates synthetic packet captures.", "packetloom-generate");
        app.get_formatter()->column_width(36);
        addOptions(app, arguments);
        try {
            app.parse(argc, argv);
        } catch (const CLI::ParseError& error) {
            return app.exit(error) == 0 ? 0 : 2;
        }
    }
    arguments.options.addresses = arguments.addresses == "text" ? Addresses::Text : Addresses::Ids;
    arguments.options.format = arguments.format == "pcap"     ? Format::Pcap
                               : arguments.format == "pcapng" ? Format::Pcapng
                                                              : Format::Csv;
    if (arguments.shuffleWithin > 0) {
        arguments.options.lateShare = 1;
        arguments.options.lateMicros = arguments.shuffleWithin * 1000;
    }
    if (arguments.options.collisions > 0 && !arguments.truth.empty()) {
        std::fprintf(stderr, "packetloom-generate: rows that collide are no flows: they have no truth\n");
        return 2;
    }
    if (const auto invalid = invalidOption(arguments.options); !invalid.empty()) {
        std::fprintf(stderr, "packetloom-generate: %s\n", invalid.c_str());
        return 2;
    }
    const auto result = generateFiles(arguments.options, arguments.output, arguments.ipMap, arguments.truth);
    if (!result.error.empty()) {
        std::fprintf(stderr, "packetloom-generate: %s\n", result.error.c_str());
        return 1;
    }
    const GeneratorSummary& s = result.summary;
    std::fprintf(stderr, "%llu rows, %llu bytes, %.3f s of traffic\n",
                 static_cast<unsigned long long>(s.rows), static_cast<unsigned long long>(s.bytes),
                 static_cast<double>(s.lastTime - s.firstTime) / 1e6);
    if (arguments.options.collisions > 0)
        return 0;
    for (std::size_t i = 0; i < kindCount; ++i) {
        if (static_cast<Kind>(i) < Kind::Simulated || s.conversations[i] > 0)
            std::fprintf(stderr, "%12llu %s\n", static_cast<unsigned long long>(s.conversations[i]),
                         std::string(kindName(static_cast<Kind>(i))).c_str());
    }
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "packetloom-generate: %s\n", error.what());
        return 1;
    }
}
