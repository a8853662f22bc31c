// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/convert.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <map>
#include <string>

namespace packetloom::test {

// What the tests of conversions of packet captures share.

inline bool goOn(const Progress&)
{
    return true;
}

struct Converted
{
    RunTotals totals;
    std::string packets; ///< packets.csv without its header
    std::map<std::string, std::string> dataset;
};

inline Converted convertAll(Options options, const TestFolder& folder)
{
    const auto summary = convert(options, folder / "out", goOn);
    if (!summary)
        qFatal("the conversion fails");
    Converted converted{summary->totals, contentOf(folder / "out" / "packets.csv"),
                        datasetContent(folder / "out")};
    converted.packets.erase(0, converted.packets.find('\n') + 1);
    return converted;
}

inline Converted convertOne(const std::string& bytes, Options options = {})
{
    const TestFolder folder;
    options.inputs = {folder.write("in.pcap", bytes)};
    return convertAll(std::move(options), folder);
}

/// A whole connection, a hundred microseconds between packets.
inline void addConversation(PcapFile& file, unsigned port, std::uint32_t second,
                            const std::string& server = "10.9.0.1")
{
    const auto add = [&](std::uint32_t at, bool back, unsigned flags, std::uint32_t sequence,
                         std::uint32_t ack) {
        Tcp header{.sourcePort = port,
                   .destinationPort = 80,
                   .sequence = sequence,
                   .acknowledgment = ack,
                   .flags = flags};
        Ip ip{.source = "10.0.0.7", .destination = server, .options = {}};
        if (back) {
            std::swap(header.sourcePort, header.destinationPort);
            std::swap(ip.source, ip.destination);
        }
        file.add(second, at * 100, ethernet(0x0800, ipv4(ip, tcp(header))));
    };
    add(0, false, 0x02, 1000, 0);
    add(1, true, 0x12, 5000, 1001);
    add(2, false, 0x10, 1001, 5001);
    add(3, false, 0x11, 1001, 5001);
    add(4, true, 0x11, 5001, 1002);
    add(5, false, 0x10, 1002, 5002);
}

/// Some of everything: connections, ARP, broken packets, UDP, other link layers in a second file.
inline PcapFile mixedCapture(int conversationCount)
{
    PcapFile file;
    for (int i = 0; i < conversationCount; ++i) {
        const auto second = static_cast<std::uint32_t>(100 + i);
        addConversation(file, static_cast<unsigned>(40000 + i), second,
                        "10.9.0." + std::to_string(1 + i % 5));
        file.add(second, 1000, ethernet(0x0806, zeros(28)));
        file.add(second, 1001, ethernet(0x0800, "\x45"));
        file.add(second, 1002, ethernet(0x86dd, ipv6(udp(53, 53), 17)));
    }
    return file;
}

} // namespace packetloom::test
