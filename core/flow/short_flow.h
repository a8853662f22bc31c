// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow.h"

#include <array>
#include <cstdint>
#include <limits>
#include <span>

namespace packetloom {

/// An open flow of one or two packets in a cache line: of the millions of a flood or a scan few get more.
/// Holds what nearly all captures hold (ports of 16 bits, sequence numbers of 32); what does not fit needs
/// another place, as does a third packet.
class alignas(64) ShortFlow
{
public:
    static constexpr std::size_t mostPackets = 2;
    using Packets = std::array<FlowPacket, mostPackets>;

    /// Begins a flow with its first packet. False, and nothing done, when that does not fit.
    bool begin(const FlowKey& key, const FlowPacket& packet, std::uint64_t row)
    {
        if (!fits<std::uint16_t>(key.low.port) || !fits<std::uint16_t>(key.high.port) ||
            !fits<std::uint32_t>(row))
            return false;
        firstTimestamp_ = packet.timestamp;
        count_ = 0;
        if (!add(packet, row))
            return false;
        low_ = key.low.address;
        high_ = key.high.address;
        lowPort_ = static_cast<std::uint16_t>(key.low.port);
        highPort_ = static_cast<std::uint16_t>(key.high.port);
        firstRow_ = static_cast<std::uint32_t>(row);
        number_ = 0;
        return true;
    }
    /// False, and nothing done, when it does not fit, or is earlier than the packet before it.
    bool add(const FlowPacket& packet, std::uint64_t row)
    {
        const std::uint64_t later =
            static_cast<std::uint64_t>(packet.timestamp) - static_cast<std::uint64_t>(firstTimestamp_);
        if (count_ >= mostPackets || packet.timestamp < firstTimestamp_ || later >> 32 != 0 ||
            !fits<std::uint32_t>(row) || !fits<std::uint32_t>(packet.sequence) ||
            !fits<std::uint32_t>(packet.acknowledgment) || !fits<std::uint16_t>(packet.length) ||
            !fits<std::uint8_t>(packet.flags.bits))
            return false;
        later_ = static_cast<std::uint32_t>(later);
        lastRow_ = static_cast<std::uint32_t>(row);
        Small& to = count_ == 0 ? packets_.front() : packets_.back();
        to.sequence = static_cast<std::uint32_t>(packet.sequence);
        to.acknowledgment = static_cast<std::uint32_t>(packet.acknowledgment);
        to.length = static_cast<std::uint16_t>(packet.length);
        to.flags = static_cast<std::uint16_t>(static_cast<unsigned>(packet.flags.bits) |
                                              static_cast<unsigned>(packet.flags.origin) << originShift |
                                              (packet.fromHigh ? fromHighBit : 0u));
        ++count_;
        return true;
    }

    [[nodiscard]] FlowKey key() const { return {{low_, lowPort_}, {high_, highPort_}}; }
    [[nodiscard]] bool has(const FlowKey& key) const
    {
        return low_ == key.low.address && high_ == key.high.address && lowPort_ == key.low.port &&
               highPort_ == key.high.port;
    }
    /// Where the flow is when it is not here.
    [[nodiscard]] std::uint32_t longFlow() const { return number_; }
    void setLongFlow(std::uint32_t where)
    {
        number_ = where;
        place = Place::Long;
    }
    [[nodiscard]] std::uint64_t firstRow() const { return firstRow_; }
    [[nodiscard]] std::uint64_t lastRow() const { return lastRow_; }
    [[nodiscard]] std::uint64_t number() const { return number_; }
    /// False when it does not fit.
    bool setNumber(std::uint64_t number)
    {
        number_ = static_cast<std::uint32_t>(number);
        return number_ == number;
    }
    [[nodiscard]] std::int64_t lastTimestamp() const
    {
        return static_cast<std::int64_t>(static_cast<std::uint64_t>(firstTimestamp_) +
                                         (count_ == mostPackets ? later_ : 0));
    }
    /// In the order in which they came, which is that of their timestamps.
    std::span<const FlowPacket> packets(Packets& out) const
    {
        const std::size_t count = count_ < mostPackets ? count_ : mostPackets; // the compiler has to be told
        for (std::size_t i = 0; i < count; ++i) {
            const Small& from = packets_[i];
            out[i] = {
                .timestamp = i == 0 ? firstTimestamp_ : lastTimestamp(),
                .sequence = from.sequence,
                .acknowledgment = from.acknowledgment,
                .length = from.length,
                .flags = {.bits = from.flags & flagsMask,
                          .origin = static_cast<TcpFlags::Origin>(from.flags >> originShift & originMask)},
                .fromHigh = (from.flags & fromHighBit) != 0};
        }
        return std::span(out).first(count);
    }

private:
    struct Small
    {
        std::uint32_t sequence, acknowledgment;
        std::uint16_t length;
        std::uint16_t flags; ///< of the packet, and what follows
    };
    static constexpr unsigned flagsMask = 0xff, originShift = 8, originMask = 3, fromHighBit = 0x400;

    template <class Narrow, class Number>
    static bool fits(Number number)
    {
        return static_cast<std::uint64_t>(number) <= std::numeric_limits<Narrow>::max();
    }

    std::int64_t firstTimestamp_; // nothing is initialised: what begin() sets is read
    AddressId low_, high_;
    std::uint16_t lowPort_, highPort_;
    std::uint32_t firstRow_, lastRow_;
    std::uint32_t number_;
    std::uint32_t later_; ///< of the last packet than the first
    std::array<Small, mostPackets> packets_;
    std::uint8_t count_;

public:
    // What the table of connections notes of it, in the room that is left.
    enum class Place : std::uint8_t { Free, Short, Long };
    Place place;
    bool ended; ///< a FIN or RST was seen
    bool timedOut;
};
static_assert(sizeof(ShortFlow) == 64);

} // namespace packetloom
