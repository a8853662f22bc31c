// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/wide_sum.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace packetloom {

/// What went in two directions: between the ends of a pair, or from an address and to it.
struct Traffic
{
    std::array<std::uint64_t, 2> packets{};
    std::array<WideSum, 2> bytes; ///< never below 0
    std::int64_t firstTimestamp = 0, lastTimestamp = 0;

    /// Some more. It has packets, but for flows that a table tells without them.
    void add(const Traffic& more)
    {
        const bool first = packets[0] + packets[1] == 0 && firstTimestamp == 0 && lastTimestamp == 0;
        firstTimestamp = first ? more.firstTimestamp : std::min(firstTimestamp, more.firstTimestamp);
        lastTimestamp = first ? more.lastTimestamp : std::max(lastTimestamp, more.lastTimestamp);
        for (std::size_t i = 0; i < packets.size(); ++i) {
            packets[i] += more.packets[i];
            bytes[i] += more.bytes[i];
        }
    }
    [[nodiscard]] Traffic turned() const
    {
        return {{packets[1], packets[0]}, {bytes[1], bytes[0]}, firstTimestamp, lastTimestamp};
    }
};

/// Traffic in 20 bytes, which is enough for nearly all of the millions of pairs and addresses of a scan or a
/// flood; of one that it is not enough for, where the owner has it.
class TrafficRecord
{
public:
    [[nodiscard]] bool isWide() const { return part(packetsAt, 2 * packetsBits) == 0 && head() == wideHead; }
    [[nodiscard]] std::uint32_t wide() const { return words_[durationWord]; }
    void setWide(std::uint32_t where) { set(0, where, std::uint64_t{wideHead}); }

    /// False, and nothing done, when it does not fit.
    bool put(const Traffic& traffic)
    {
        const auto duration = static_cast<std::uint64_t>(traffic.lastTimestamp) -
                              static_cast<std::uint64_t>(traffic.firstTimestamp);
        std::uint64_t bits = duration >> 32, all = bits >> headBits;
        for (std::size_t i = 0; i < 2; ++i) {
            const WideSum& sum = traffic.bytes[i];
            const auto bytes = sum.fits64() ? static_cast<std::uint64_t>(sum.clamped()) : ~std::uint64_t{0};
            all |= traffic.packets[i] >> packetsBits | bytes >> bytesBits;
            bits |= traffic.packets[i] << (packetsAt + i * packetsBits) | bytes << (bytesAt + i * bytesBits);
        }
        // Without packets a long duration would look like a wide one.
        if (all != 0 || (bits & ((1u << bytesAt) - 1)) == wideHead)
            return false;
        set(static_cast<std::uint64_t>(traffic.firstTimestamp), static_cast<std::uint32_t>(duration), bits);
        return true;
    }
    /// Of one that is not wide. What was never put has no packets.
    [[nodiscard]] Traffic get() const
    {
        Traffic traffic;
        const std::uint64_t first = std::uint64_t{words_[1]} << 32 | words_[0];
        traffic.firstTimestamp = static_cast<std::int64_t>(first);
        traffic.lastTimestamp =
            static_cast<std::int64_t>(first + (std::uint64_t{head()} << 32 | words_[durationWord]));
        for (unsigned i = 0; i < 2; ++i) {
            traffic.packets[i] = part(packetsAt + i * packetsBits, packetsBits);
            traffic.bytes[i] = WideSum(static_cast<std::int64_t>(part(bytesAt + i * bytesBits, bytesBits)));
        }
        return traffic;
    }

private:
    // Bits of the last two words: the high part of the duration, packets, bytes.
    static constexpr unsigned headBits = 4, packetsBits = 10, bytesBits = 20;
    static constexpr unsigned packetsAt = headBits, bytesAt = packetsAt + 2 * packetsBits;
    static constexpr std::uint32_t wideHead = (1u << headBits) - 1; // of no packets at all
    static constexpr std::size_t durationWord = 2;

    void set(std::uint64_t first, std::uint32_t duration, std::uint64_t bits)
    {
        words_ = {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(first >> 32), duration,
                  static_cast<std::uint32_t>(bits), static_cast<std::uint32_t>(bits >> 32)};
    }
    [[nodiscard]] std::uint64_t bits() const { return std::uint64_t{words_[4]} << 32 | words_[3]; }
    [[nodiscard]] std::uint64_t part(unsigned at, unsigned count) const
    {
        return bits() >> at & ((std::uint64_t{1} << count) - 1);
    }
    [[nodiscard]] std::uint32_t head() const { return static_cast<std::uint32_t>(part(0, headBits)); }

    std::array<std::uint32_t, 5> words_{}; // of four bytes, so that it packs with what is beside it
};

} // namespace packetloom
