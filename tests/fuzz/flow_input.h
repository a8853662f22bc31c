// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"
#include "core/support/utf8.h"
#include "tests/fuzz/fuzz_input.h"

#include <array>
#include <cstdint>
#include <string>
#include <utility>

namespace packetloom::test {

/// Makes packets out of an input: most of them those of TCP conversations between few ends, some with numbers
/// from anywhere in 64 bits.
class FlowInput
{
public:
    FlowInput(const std::uint8_t* data, std::size_t size) : input_(data, size)
    {
        timeoutSeconds = input_.byte() % 8;
        spillBytes = input_.byte();
        std::string text(input_.text(input_.byte() % 16));
        if (!isUtf8(text))
            text = "10.0.0.1";
        for (const auto& address :
             {text, std::string("10.0.0.2"), std::string("a\"\\\x01"), std::string("\xF0\x9F\x98\x80:1")})
            clients_.at(clientCount_++) = addresses.intern(address);
        server_ = addresses.intern("10.9.0.1");
    }

    AddressTable addresses;
    std::int64_t timeoutSeconds = 0;
    std::size_t spillBytes = 0;

    [[nodiscard]] bool ended() const { return input_.empty(); }
    /// Whether all times are so far from the ends of 64 bits that differences are numbers too.
    [[nodiscard]] bool moderateTimes() const { return moderateTimes_; }
    /// Whether a chunk of reading ends behind the packet that next() gave last.
    [[nodiscard]] bool endsReadChunk() const { return endsReadChunk_; }

    Packet next()
    {
        const unsigned ends = input_.byte(), kind = input_.byte();
        Packet packet;
        const bool fromServer = ends & 1u;
        const std::size_t client = ends >> 1 & 3u;
        packet.timestamp = nextTime(ends);
        packet.source = clients_.at(client);
        packet.destination = server_;
        packet.sourcePort = 40000 + (kind & 1u);
        packet.destinationPort = 80;
        packet.hasProtocol = true;
        packet.protocol = (kind & 2u) && (kind & 4u) ? protocolUdp : protocolTcp;
        if ((kind & 2u) && !(kind & 4u)) { // one that belongs to no flow, or to itself
            packet.destination = ends & 8u ? emptyAddress : packet.source;
            packet.destinationPort = ends & 16u ? 0 : packet.sourcePort;
        }
        packet.flags.bits = kind & 8u ? input_.word() : input_.byte();
        if ((kind & 16u) && !(kind & 8u)) // only a value has bits
            packet.flags = {0, packet.flags.bits & 1 ? TcpFlags::Origin::Missing : TcpFlags::Origin::Column};
        auto& own = lastSequence_.at(2 * client + (fromServer ? 1 : 0));
        const auto other = lastSequence_.at(2 * client + (fromServer ? 0 : 1));
        if (kind & 32u)
            own = input_.word();
        packet.sequence = own;
        // What a receiver would say, unless it says anything.
        packet.acknowledgment =
            kind & 64u ? input_.byte() : static_cast<std::int64_t>(static_cast<std::uint64_t>(other) + 1);
        packet.length = kind & 128u ? input_.word() : 60;
        if (fromServer) {
            std::swap(packet.source, packet.destination);
            std::swap(packet.sourcePort, packet.destinationPort);
        }
        endsReadChunk_ = ends & 128u;
        return packet;
    }

private:
    std::int64_t nextTime(unsigned ends)
    {
        if (ends & 64u) {
            time_ = input_.word();
            constexpr std::int64_t far = std::int64_t{1} << 61;
            moderateTimes_ = moderateTimes_ && -far < time_ && time_ < far;
        } else if (ends & 32u) {
            const std::int64_t step = (std::int64_t{input_.byte()} - 64) * 100'000;
            time_ = static_cast<std::int64_t>(static_cast<std::uint64_t>(time_) +
                                              static_cast<std::uint64_t>(step));
        }
        return time_;
    }

    FuzzInput input_;
    std::array<AddressId, 4> clients_{};
    std::size_t clientCount_ = 0;
    AddressId server_{};
    std::array<std::int64_t, 8> lastSequence_{};
    std::int64_t time_ = 1'257'254'615'000'000;
    bool moderateTimes_ = true;
    bool endsReadChunk_ = false;
};

} // namespace packetloom::test
