// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/frame_bytes.h"

#include <cstdint>
#include <string>
#include <utility>

namespace packetloom::test {

/// Two hosts, times in microseconds since the first packet.
class Talk
{
public:
    static constexpr std::uint32_t begin = 1'700'000'000; ///< seconds
    static constexpr unsigned syn = 2, ack = 16, fin = 1, psh = 8;

    Talk& client(std::uint32_t at, unsigned flags, std::uint32_t sequence, std::uint32_t acknowledged,
                 std::size_t payload = 0, unsigned window = 1000)
    {
        return add(at, true, flags, 1'000'000 + sequence, acknowledged == 0 ? 0 : 7'000'000 + acknowledged,
                   payload, window);
    }
    Talk& server(std::uint32_t at, unsigned flags, std::uint32_t sequence, std::uint32_t acknowledged,
                 std::size_t payload = 0, unsigned window = 2000)
    {
        return add(at, false, flags, 7'000'000 + sequence, acknowledged == 0 ? 0 : 1'000'000 + acknowledged,
                   payload, window);
    }
    [[nodiscard]] const std::string& bytes() const { return file_.bytes(); }

private:
    Talk& add(std::uint32_t at, bool fromClient, unsigned flags, std::uint32_t sequence,
              std::uint32_t acknowledgment, std::size_t payload, unsigned window)
    {
        Ip ip;
        Tcp segment;
        if (!fromClient) {
            std::swap(ip.source, ip.destination);
            std::swap(segment.sourcePort, segment.destinationPort);
        }
        segment.sequence = sequence;
        segment.acknowledgment = acknowledgment;
        segment.flags = flags;
        segment.window = window;
        file_.add(begin + at / 1'000'000, at % 1'000'000,
                  ethernet(0x0800, ipv4(ip, tcp(segment, zeros(payload)))));
        return *this;
    }

    PcapFile file_;
};

/// A handshake of 20 ms, 300 bytes each acknowledged 10 ms later but for the second, which is sent again
/// after 200 ms, a window that closes, and a graceful end.
inline Talk lossyTalk()
{
    constexpr unsigned syn = Talk::syn, ack = Talk::ack, fin = Talk::fin, psh = Talk::psh;
    Talk talk;
    talk.client(0, syn, 0, 0).server(20'000, syn | ack, 0, 1).client(20'100, ack, 1, 1);
    talk.client(30'000, ack | psh, 1, 1, 300).server(40'000, ack, 1, 301);
    talk.client(41'000, ack | psh, 301, 1, 300);
    talk.client(42'000, ack | psh, 601, 1, 300).server(52'000, ack, 1, 301);
    talk.client(241'000, ack | psh, 301, 1, 300).server(251'000, ack, 1, 901, 0, 0);
    talk.server(300'000, ack, 1, 901, 0, 3000);
    talk.client(310'000, ack | fin, 901, 1).server(320'000, ack | fin, 1, 902).client(330'000, ack, 902, 2);
    return talk;
}

inline constexpr int largeTalkPackets = 70'000;

/// One side sends segments of 10 bytes, 100 us apart, and nobody answers.
inline Talk largeTalk()
{
    constexpr unsigned syn = Talk::syn, ack = Talk::ack;
    Talk talk;
    talk.client(0, syn, 0, 0).server(20'000, syn | ack, 0, 1).client(20'100, ack, 1, 1);
    for (std::uint32_t i = 0; i < largeTalkPackets; ++i)
        talk.client(30'000 + i * 100, ack, 1 + i * 10, 1, 10);
    return talk;
}

} // namespace packetloom::test
