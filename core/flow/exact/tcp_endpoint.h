// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/serial_number.h"
#include "core/flow/exact/stream_coverage.h"

#include <cstdint>

namespace packetloom {

/// One side of a TCP connection: its state by the flags that it sent, and its numbers. Kept by
/// TcpConnection; the rules are Zeek's (docs/exact-engine.md).
struct TcpEndpoint
{
    enum class State : std::uint8_t {
        Inactive,   ///< it sent nothing
        SynSent,    ///< a SYN
        SynAckSent, ///< a SYN+ACK, and it seems to be the originator
        Partial,    ///< something, but no SYN
        Established,
        Closed, ///< a FIN
        Reset,  ///< a RST
    };
    /// A number that goes round, and how often it did.
    struct Counter
    {
        std::uint32_t number = 0, rounds = 0;

        void begin(std::uint32_t first, std::uint32_t of = 0) { number = first, rounds = of; }
        void moveTo(std::uint32_t next)
        {
            rounds += next < number ? 1 : 0;
            number = next;
        }
        [[nodiscard]] std::uint64_t full() const { return std::uint64_t{rounds} << 32 | number; }
    };
    /// How often something happened that the history tells at its 1st, 10th, 100th, ... time.
    using Repeated = std::uint32_t;

    State state = State::Inactive, before = State::Inactive;
    bool numbered = false;   ///< `first` is known, maybe from what the other side acknowledged
    bool closed = false;     ///< it was noted that it closed or was reset
    std::uint32_t first = 0; ///< the ISN, or what it would have been
    Counter last;            ///< behind the last byte that it sent
    Counter acked;           ///< behind the last byte that was acknowledged
    std::uint32_t fins = 0;
    std::uint64_t finEnd = 0;                            ///< relative: behind the FIN
    std::uint64_t lastSyn = 0, lastFin = 0, lastRst = 0; ///< relative numbers, for the history
    Repeated retransmissions = 0, zeroWindows = 0, gaps = 0, badChecksums = 0;
    StreamCoverage coverage;
    std::uint64_t missed = 0; ///< bytes of gaps

    void begin(std::uint32_t number, std::uint32_t end)
    {
        first = number;
        numbered = true;
        acked.begin(number);
        last.begin(end, end < number ? 1 : 0);
    }
    /// Relative to the first number, of one near to `counter`. `early`: it lies before the first one.
    [[nodiscard]] std::uint64_t relative(std::uint32_t number, const Counter& counter, bool& early) const;
    /// At most the SYN was acknowledged.
    [[nodiscard]] bool nothingAcknowledged() const;
    /// Bytes of its stream.
    [[nodiscard]] std::uint64_t size(const TcpEndpoint& other) const;
    /// Whether some of what it sent was neither captured nor acknowledged.
    [[nodiscard]] bool isPending(const TcpEndpoint& other) const;
    /// Established, or closed after that.
    [[nodiscard]] bool isClean() const
    {
        return state == State::Established || (state == State::Closed && before == State::Established);
    }
    [[nodiscard]] bool isOpening() const
    {
        return state == State::Inactive || state == State::SynSent || state == State::SynAckSent;
    }
};

} // namespace packetloom
