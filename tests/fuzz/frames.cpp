// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/analyze.h"
#include "core/input/inspect.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/test_folder.h"

#include <array>
#include <numeric>
#include <string>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr std::array<std::size_t, 6> blockSizes{1, 7, 64, 300, 4096, 65536};

/// A pcap file's header in front of frames of a link type, or nothing: then the input has its own.
std::string headerOf(std::uint8_t choice, std::uint8_t linkType)
{
    if ((choice & 1u) == 0)
        return {};
    std::string header =
        choice & 2u ? std::string("\x4d\x3c\xb2\xa1", 4) : std::string("\xd4\xc3\xb2\xa1", 4);
    header += std::string("\x02\0\x04\0\0\0\0\0\0\0\0\0\xff\xff\0\0", 16);
    header += static_cast<char>(linkType);
    return header + std::string(3, '\0');
}

struct Seen
{
    bool read = false;
    RowCounts rows;
    std::uint64_t flows = 0, tcp = 0, addresses = 0;
    std::size_t warnings = 0;
    FrameCounts frames;
    std::uint64_t seenAgain = 0;

    friend bool operator==(const Seen&, const Seen&) = default;
};

Seen seen(Options options, std::size_t blockSize, unsigned threads)
{
    options.blockSize = blockSize;
    options.threads = threads;
    const auto analysis = analyze(options, [](const Progress&) { return true; });
    if (!analysis)
        return {};
    const RunTotals& totals = (*analysis)->totals;
    const auto notIp = std::accumulate(totals.notIpBy.begin(), totals.notIpBy.end(), std::uint64_t{0});
    require(notIp == totals.rows.notIp, "kinds add up");
    require(totals.rows.read == totals.rows.kept + totals.rows.filtered + totals.rows.rejected + notIp,
            "every frame has one fate");
    const FrameTotals& frames = totals.inputs.front().frames;
    const auto& links = frames.linkTypes();
    require(std::accumulate(links.begin(), links.end(), std::uint64_t{0},
                            [](std::uint64_t sum, const auto& link) { return sum + link.second; }) <=
                totals.rows.read,
            "a frame has one link type at most");
    return {true,
            totals.rows,
            totals.flows,
            totals.tcpPackets,
            totals.uniqueAddresses,
            totals.warnings.size(),
            frames.counts(),
            frames.seenAgain()};
}

} // namespace

/// A packet capture of any content is inspected and read to the same, wherever blocks end.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const TestFolder folder;
    FuzzInput input(data, size);
    const auto choice = input.byte(), linkType = input.byte();
    std::string bytes = headerOf(choice, linkType);
    bytes += input.text();
    Options options;
    options.inputs = {folder.write("in.pcap", bytes)};
    options.temporaryFolder = folder.path();
    options.reading.verifyChecksums = true;
    options.reading.tunnels = static_cast<Tunnels>((choice & 4u) != 0 ? 1 + linkType % 2 : 0);
    InputSpec spec = options.reading;
    spec.file = options.inputs.front();
    const auto facts = inspectCapture(spec);
    if (!facts || facts->format != captureFormatId)
        return 0;
    const auto whole = seen(options, blockSizes.back(), 1);
    const auto cut = seen(options, blockSizes[(choice >> 3) % blockSizes.size()], 2);
    require(whole == cut, "blocks and threads change nothing");
    return 0;
}
