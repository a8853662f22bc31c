// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_key.h"
#include "core/model/tcp_flags.h"
#include "core/support/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace packetloom {

/// A packet as its flow keeps it: what differs from packet to packet of one connection.
struct FlowPacket
{
    std::int64_t timestamp = 0; ///< microseconds since the epoch
    std::int64_t sequence = 0;
    std::int64_t acknowledgment = 0;
    std::int64_t length = 0; ///< bytes
    TcpFlags flags;
    bool fromHigh = false; ///< sent by FlowKey::high

    static FlowPacket of(const Packet& packet)
    {
        return {.timestamp = packet.timestamp,
                .sequence = packet.sequence,
                .acknowledgment = packet.acknowledgment,
                .length = packet.length,
                .flags = packet.flags,
                .fromHigh = FlowKey::isTurned(packet)};
    }
    friend bool operator==(const FlowPacket&, const FlowPacket&) = default;
};

/// The packets of a flow that has too many to be held at once, in order of time. Read as often as wanted; a
/// read that fails shows as fewer packets, and in failure().
class PacketRun
{
public:
    PacketRun() = default;
    PacketRun(const PacketRun&) = delete;
    PacketRun& operator=(const PacketRun&) = delete;
    virtual ~PacketRun() = default;

    using Visit = std::function<bool(std::span<const FlowPacket>)>; ///< false ends the reading
    virtual void read(const Visit& visit) = 0;
    [[nodiscard]] virtual std::uint64_t size() const = 0;
    [[nodiscard]] virtual const FlowPacket& first() const = 0;
    [[nodiscard]] virtual const FlowPacket& last() const = 0;
    [[nodiscard]] virtual const std::optional<Error>& failure() const = 0;
};

/// A flow's packets in order of time, whether they are in memory or not.
class FlowPackets
{
public:
    FlowPackets() = default;
    FlowPackets(std::span<const FlowPacket> all) : all_(all) {}
    FlowPackets(const std::vector<FlowPacket>& all) : all_(all) {}
    explicit FlowPackets(PacketRun& run) : run_(&run) {}

    /// Nearly always. Then all() has them.
    [[nodiscard]] bool inMemory() const { return run_ == nullptr; }
    [[nodiscard]] std::span<const FlowPacket> all() const { return all_; }
    [[nodiscard]] std::size_t size() const
    {
        return run_ ? static_cast<std::size_t>(run_->size()) : all_.size();
    }
    [[nodiscard]] const FlowPacket& front() const { return run_ ? run_->first() : all_.front(); }
    [[nodiscard]] const FlowPacket& back() const { return run_ ? run_->last() : all_.back(); }
    /// Of packets that are not in memory it reads all before it.
    [[nodiscard]] FlowPacket operator[](std::size_t i) const;
    /// visit(index, packet), in order.
    template <class Visit>
    void forEach(const Visit& visit) const
    {
        std::size_t i = 0;
        if (!run_) {
            for (const FlowPacket& packet : all_)
                visit(i++, packet);
            return;
        }
        run_->read([&](std::span<const FlowPacket> batch) {
            for (const FlowPacket& packet : batch)
                visit(i++, packet);
            return true;
        });
    }
    [[nodiscard]] std::optional<Error> failure() const { return run_ ? run_->failure() : std::nullopt; }

private:
    std::span<const FlowPacket> all_;
    PacketRun* run_ = nullptr;
};

/// A flow that will get no more packets, before the state machine looked at it.
struct CompletedFlow
{
    std::uint64_t number = 0; ///< from 1, in order of first packet; the N of "flow_N"
    FlowKey key;
    /// By timestamp, file order where equal; never empty. Valid for as long as the giver says.
    FlowPackets packets;
    bool byTimeout = false;     ///< by inactivity alone, without FIN or RST
    bool openedByHigh = false;  ///< FlowPacket::fromHigh of the first packet in file order
    std::uint64_t firstRow = 0; ///< numbers that FlowTracker::add() got with the first packet in file order
    std::uint64_t lastRow = 0;  ///< and with the last

    [[nodiscard]] const Endpoint& source(const FlowPacket& p) const
    {
        return p.fromHigh ? key.high : key.low;
    }
    [[nodiscard]] const Endpoint& destination(const FlowPacket& p) const
    {
        return p.fromHigh ? key.low : key.high;
    }
};

} // namespace packetloom
