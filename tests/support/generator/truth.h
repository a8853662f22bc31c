// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/generator.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace packetloom::generator {

/// What was made of one flow, counted packet by packet as they go into the capture. Who knows both hosts
/// knows more than the capture shows; that comes with the marks of the packets. Microseconds, bytes.
class TrueFlow
{
public:
    /// What only the maker of a TCP flow knows of a packet: offsets from the initial sequence numbers.
    struct Stream
    {
        std::uint32_t fresh = 0;        ///< bytes that the capture sees for the first time
        std::uint32_t acknowledged = 0; ///< offset, 0 without an ACK
        std::uint32_t end = 0;          ///< offset behind what it carries
    };

    /// `originator`: index of the host, with its port.
    TrueFlow(std::string_view kind, std::uint32_t originator, std::uint16_t port)
        : kind_(kind), originator_(originator), port_(port)
    {
    }

    void add(const Packet& packet, const Stream* stream = nullptr);
    /// Its maker ended it; else the end of the capture did.
    void finished() { cut_ = false; }
    /// What was meant to become of it: words for people and scripts.
    void describe(std::string_view opening, std::string_view ending, std::string_view hidden, bool reused);
    void lose(const std::array<std::uint32_t, 2>& segments) { lost_ = segments; }

    [[nodiscard]] bool empty() const { return sides_[0].packets + sides_[1].packets == 0; }
    /// It has these ends and protocol.
    [[nodiscard]] bool holds(const Packet& packet) const;
    /// One line of JSON, with its newline. Names and meanings: docs in tests/bench/README.md.
    [[nodiscard]] std::string json(const HostPool& hosts, Format format) const;

private:
    struct Side
    {
        std::uint64_t packets = 0, payload = 0, fresh = 0, dataPackets = 0;
        std::uint32_t acknowledged = 0, finEnd = 0; // what the other side acknowledged of its stream
        std::array<std::uint64_t, 16> marks{};      // by bit
        bool syn = false, synAck = false, fin = false, rst = false;
        std::int64_t isn = -1;
    };

    [[nodiscard]] std::string_view close() const;
    void side(std::string& json, std::string_view name, std::size_t side) const;

    std::string_view kind_, opening_ = "", ending_ = "", hidden_ = "";
    std::uint32_t originator_, other_ = 0;
    std::uint16_t port_, otherPort_ = 0;
    std::uint8_t protocol_ = 0, icmpType_ = 0;
    bool cut_ = true, reused_ = false, ipv6_ = false;
    std::array<Side, 2> sides_;
    std::array<std::uint32_t, 2> lost_{};
    std::uint64_t first_ = 0, last_ = 0;
    int resetBy_ = -1;
    // Of the handshake: the last SYN before the first SYN+ACK, and so on.
    std::optional<std::uint64_t> syn_, synAck_, lastSynAck_, ack_;
    std::uint64_t closedAt_ = 0; // when the second FIN or the first RST was seen
};

/// Writes flows as they come to their end.
class TruthWriter
{
public:
    /// Both must outlive it.
    TruthWriter(const TextConsumer& consumer, const HostPool& hosts, Format format)
        : buffer_(consumer), hosts_(hosts), format_(format)
    {
    }
    void write(const TrueFlow& flow)
    {
        if (!flow.empty())
            buffer_.write(flow.json(hosts_, format_));
    }
    void flush() { buffer_.flush(); }

private:
    BlockBuffer buffer_;
    const HostPool& hosts_;
    Format format_;
};

} // namespace packetloom::generator
