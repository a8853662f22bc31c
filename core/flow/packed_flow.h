// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/packet_codec.h"
#include "core/model/flow.h"
#include "core/support/file.h"

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace packetloom {

/// Packets of one flow that were moved out of memory, in the order in which they came: pieces of one file
/// that many flows share.
struct SpilledPackets
{
    struct Piece
    {
        std::uint64_t offset = 0;
        std::uint64_t bytes = 0;
    };
    std::shared_ptr<File> file;
    std::vector<Piece> pieces; ///< together one stream of encodePacket(), which the flow's bytes go on with
};

/// A flow that will get no more packets, as the tracker kept it.
struct PackedFlow
{
    std::uint64_t number = 0;
    FlowKey key;
    std::uint64_t firstRow = 0;
    std::uint64_t lastRow = 0;
    std::uint64_t packets = 0;
    bool byTimeout = false;
    bool openedByHigh = false;
    bool inOrder = true; ///< no packet has an earlier timestamp than the one before it
    /// encodePacket() one after the other in file order, with codecSlack bytes behind them.
    std::span<const std::uint8_t> bytes;
    std::shared_ptr<const SpilledPackets> spilled; ///< what came before `bytes`; nearly always null
    std::span<const FlowPacket> plain;             ///< not empty: all packets, in order, instead of `bytes`
};

/// Receives flows in the order in which they complete.
class FlowSink
{
public:
    FlowSink() = default;
    FlowSink(const FlowSink&) = delete;
    FlowSink& operator=(const FlowSink&) = delete;
    virtual ~FlowSink() = default;
    /// `flow.bytes` and `flow.plain` are valid during the call. False stops the run.
    virtual bool take(const PackedFlow& flow) = 0;
};

/// Flows to be looked at by another thread.
class FlowBatch
{
public:
    void add(const PackedFlow& flow);
    [[nodiscard]] std::size_t size() const { return flows_.size(); }
    [[nodiscard]] std::size_t bytes() const { return ends_.empty() ? 0 : ends_.back().bytes; }
    [[nodiscard]] std::uint64_t packets() const { return packets_; }
    [[nodiscard]] PackedFlow flow(std::size_t i) const;
    /// Keeps the memory.
    void clear();

private:
    struct End
    {
        std::size_t bytes = 0, plain = 0;
    };
    std::vector<PackedFlow> flows_;   ///< without their packets
    std::vector<End> ends_;           ///< of the packets of each
    std::vector<std::uint8_t> bytes_; ///< and codecSlack
    std::vector<FlowPacket> plain_;
    std::uint64_t packets_ = 0;
};

/// Makes completed flows of packed ones. Reused from flow to flow.
class FlowUnpacker
{
public:
    /// `folder` is where packets are sorted that are too many to be held.
    explicit FlowUnpacker(std::filesystem::path folder) : folder_(std::move(folder)) {}

    /// Asked now and then while packets are read that are not in memory; false ends that with Cancelled.
    using GoOn = std::function<bool()>;

    /// The flow is valid until the next call, and as long as what it was given. When its packets cannot be
    /// read, FlowPackets::failure() says so.
    CompletedFlow unpack(const PackedFlow& flow, const GoOn& goOn = nullptr);

private:
    std::filesystem::path folder_;
    std::vector<FlowPacket> packets_;
    std::unique_ptr<PacketRun> run_;
};

} // namespace packetloom
