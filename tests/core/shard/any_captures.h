// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/frame_bytes.h"

#include <array>
#include <random>
#include <string>

namespace packetloom::test {

/// Random packet captures of everything that is read in a way of its own: byte orders, fractions, link
/// layers, sections, interfaces, tunnels, fragments, frames that are none, and files that end too early.
class AnyCaptures
{
public:
    explicit AnyCaptures(std::mt19937_64& random) : random_(random) {}

    /// pcap or pcapng, whole or not.
    std::string any(unsigned frames)
    {
        std::string bytes = below(2) == 0 ? pcap(frames) : pcapng(frames);
        if (below(4) == 0) // in a packet, or behind one
            bytes.resize(
                std::max<std::size_t>(40, bytes.size() - std::min<std::size_t>(bytes.size(), below(60))));
        return bytes;
    }

    std::string pcap(unsigned frames)
    {
        const bool nano = below(2) == 0;
        const unsigned linkType = pick<unsigned>({1, 1, 1, 12, 113, 147});
        PcapFile file(linkType, endian(), nano ? PcapFile::Fraction::Nano : PcapFile::Fraction::Micro,
                      pick<std::uint32_t>({0, 96, 65535, 262144}));
        std::uint64_t time = start;
        const unsigned bad = below(5) == 0 ? below(frames + 1) : frames;
        for (unsigned i = 0; i < frames; ++i) {
            if (i == bad)
                file.addRaw(std::string(8, '\0') + "\x7f\x7f\x7f\x7f" + "\x7f\x7f\x7f\x7f");
            time += step();
            const auto packet = linkType == 1    ? frame()
                                : linkType == 12 ? ip()
                                                 : zeros(14) + "\x08" + zeros(1) + ip();
            const auto micro = static_cast<std::uint32_t>(time % 1'000'000);
            file.add(static_cast<std::uint32_t>(time / 1'000'000), nano ? micro * 1000 + 7 : micro, packet,
                     below(4) == 0 ? static_cast<std::uint32_t>(packet.size() + below(900)) : 0);
        }
        return file.bytes();
    }

    std::string pcapng(unsigned frames)
    {
        PcapngFile file(endian());
        std::uint64_t time = start;
        std::array<std::uint64_t, 4> factors{}; // units of each interface a microsecond
        unsigned interfaces = 0;
        const auto interface = [&] {
            if (interfaces == factors.size())
                return;
            const bool nano = below(2) == 0;
            factors[interfaces++] = nano ? 1000 : 1;
            file.interface(pick<unsigned>({1, 1, 12}), pick<std::uint32_t>({0, 96, 262144}),
                           nano ? file.option(9, "\x09") + (below(2) == 0 ? file.option(14, file.u64(0)) : "")
                                : file.option(2, "an interface"));
        };
        if (below(8) != 0)
            interface();
        for (unsigned i = 0; i < frames; ++i) {
            switch (below(24)) {
            case 0:
                file.section(endian());
                interfaces = 0;
                if (below(8) != 0)
                    interface();
                break;
            case 1:
                interface();
                break;
            case 2:
                file.block(4, zeros(4 * below(20))); // names
                break;
            case 3:
                file.block(0x80000bad, zeros(4 * below(200)));
                break;
            case 4:
                if (below(12) == 0)
                    file.addRaw(zeros(12)); // a block of no bytes
                break;
            default:
                break;
            }
            time += step();
            const auto at = static_cast<std::uint32_t>(interfaces == 0 ? 0 : below(interfaces));
            const auto units = time * (interfaces == 0 ? 1 : factors[at]);
            const auto packet = frame();
            const auto wire = below(4) == 0 ? static_cast<std::uint32_t>(packet.size() + below(900)) : 0;
            switch (below(12)) {
            case 0:
                file.simple(packet, static_cast<std::uint32_t>(packet.size()));
                break;
            case 1:
                file.obsolete(at, units, packet);
                break;
            case 2:
                file.enhanced(at + static_cast<std::uint32_t>(below(2)), units, packet, wire);
                break;
            default:
                file.enhanced(at, units, packet, wire);
            }
        }
        return file.bytes();
    }

    unsigned below(std::uint64_t most) { return static_cast<unsigned>(random_() % most); }

    static constexpr std::uint64_t start = 1'257'254'615'000'000; ///< microseconds since the epoch

private:
    template <class T>
    T pick(std::initializer_list<T> list)
    {
        return *(list.begin() + below(list.size()));
    }
    Endian endian() { return below(2) == 0 ? Endian::Big : Endian::Little; }
    std::uint64_t step() { return below(20) == 0 ? below(400'000'000) : below(2'000'000); }

    std::string transport(unsigned& protocol)
    {
        if (below(6) == 0) {
            protocol = 17;
            return udp(below(4), 53, zeros(below(30)));
        }
        protocol = 6;
        return tcp({.sourcePort = 40000 + below(4),
                    .destinationPort = 80 + below(2),
                    .sequence = 1000 + below(5),
                    .acknowledgment = 2000 + below(5),
                    .flags = pick<unsigned>({2, 0x12, 0x10, 0x18, 0x11, 4, 0x14, 0})},
                   zeros(below(40)));
    }
    std::string ip()
    {
        unsigned protocol = 6;
        const auto payload = transport(protocol);
        if (below(8) == 0)
            return ipv6({.source = "2001:db8::" + std::to_string(1 + below(3)),
                         .destination = "2001:db8::" + std::to_string(1 + below(3)),
                         .protocol = protocol},
                        payload);
        Ip header{.source = "10.0.0." + std::to_string(1 + below(4)),
                  .destination = "10.0.0." + std::to_string(1 + below(4)),
                  .protocol = protocol,
                  .fragment = below(10) == 0 ? pick<unsigned>({0x2000, 1, 0x2001}) : 0,
                  .identification = below(3)};
        auto packet = ipv4(header, payload);
        while (below(8) == 0) // in a tunnel
            packet = ipv4({.source = "10.9.0." + std::to_string(1 + below(2)),
                           .destination = "10.9.0.3",
                           .protocol = static_cast<unsigned>(packet.front()) >> 4 == 6 ? 41U : 4U},
                          packet);
        return packet;
    }
    std::string frame()
    {
        switch (below(16)) {
        case 0:
            return ethernet(0x0806, zeros(28));
        case 1:
            return ethernet(0x0800, "\x45");
        case 2:
            return ethernet(0x0800, ip()).substr(0, 14 + below(40)); // cut in a header
        case 3:
            return below(20) == 0 ? ethernet(0x0800, ip()) + zeros(140'000) : std::string();
        default: {
            const auto packet = ip();
            const bool six = static_cast<unsigned char>(packet.front()) >> 4 == 6;
            return ethernet(six ? 0x86dd : 0x0800, packet);
        }
        }
    }

    std::mt19937_64& random_;
};

} // namespace packetloom::test
