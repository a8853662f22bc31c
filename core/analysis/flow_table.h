// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow.h"
#include "core/model/flow_life.h"
#include "core/model/packet_class.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace packetloom {

/// Every flow of a capture, one vector a column, in the order of completion (which is that of the dataset).
/// Times in microseconds since the epoch.
class FlowTable
{
public:
    /// Facts that a flow has or has not.
    enum Mark : std::uint8_t {
        InitiatorKnown = 1, ///< there was a SYN; else source and destination are those of the first packet
        Established = 2,
        DataTransferred = 4,
        Closing = 8,
        Ongoing = 16,
        ByTimeout = 32, ///< complete by inactivity alone
    };

    /// What the index of a dataset says of a flow.
    struct Recorded
    {
        std::uint64_t number = 0;
        Endpoint source, destination; ///< only with the mark InitiatorKnown
        FlowState state{};
        CloseType closeType{};
        InvalidReason invalidReason{};
        std::uint8_t marks = 0; ///< never ByTimeout: only the flow's chunk file knows
        std::int64_t start = 0, end = 0;
        std::uint64_t packets = 0;
        std::int64_t bytes = 0;
        /// What the source sent of them; of a dataset only its packets know: setSent().
        std::uint64_t sentPackets = 0;
        std::int64_t sentBytes = 0;
    };

    void add(const CompletedFlow& flow, const FlowLife& life);
    /// The flows of some tables behind those of this one, by number, as they are within each.
    void appendByNumber(std::span<const FlowTable* const> parts);
    /// A flow of another table, whose addresses have other numbers here.
    void add(const FlowTable& other, std::size_t i, AddressId source, AddressId destination);
    /// Keeps the memory.
    void clear();
    /// A flow without its packets, which tell the rest: setEnds() for one without an initiator, setSent(),
    /// setFirstRow() and setLastRow() for every one.
    void add(const Recorded& flow);
    void setEnds(std::size_t i, const Endpoint& source, const Endpoint& destination);
    void setSent(std::size_t i, std::uint64_t packets, std::int64_t bytes)
    {
        sentPackets_[i] = packets;
        sentBytes_[i] = bytes;
    }
    void setFirstRow(std::size_t i, std::uint64_t row) { firstRow_[i] = row; }
    void setLastRow(std::size_t i, std::uint64_t row) { lastRow_[i] = row; }
    [[nodiscard]] std::size_t size() const { return number_.size(); }
    /// See growthOf().
    [[nodiscard]] std::uint64_t growth(std::size_t more) const;

    /// The N of "flow_N".
    [[nodiscard]] std::uint64_t number(std::size_t i) const { return number_[i]; }
    [[nodiscard]] AddressId source(std::size_t i) const { return source_[i]; } ///< the initiator
    [[nodiscard]] AddressId destination(std::size_t i) const { return destination_[i]; }
    [[nodiscard]] Endpoint sourceEnd(std::size_t i) const { return {source_[i], sourcePort_[i]}; }
    [[nodiscard]] std::int64_t sourcePort(std::size_t i) const { return sourcePort_[i]; }
    [[nodiscard]] std::int64_t destinationPort(std::size_t i) const { return destinationPort_[i]; }
    [[nodiscard]] FlowState state(std::size_t i) const { return state_[i]; }
    [[nodiscard]] CloseType closeType(std::size_t i) const { return closeType_[i]; }
    [[nodiscard]] InvalidReason invalidReason(std::size_t i) const { return invalidReason_[i]; }
    [[nodiscard]] FlowOutcome outcome(std::size_t i) const
    {
        return outcomeOf(closeType_[i], invalidReason_[i]);
    }
    [[nodiscard]] bool has(std::size_t i, Mark mark) const { return (marks_[i] & mark) != 0; }
    [[nodiscard]] std::int64_t start(std::size_t i) const { return start_[i]; }
    [[nodiscard]] std::int64_t end(std::size_t i) const { return end_[i]; }
    [[nodiscard]] std::uint64_t packets(std::size_t i) const { return packets_[i]; }
    /// The sum of the lengths, negative ones included; cut to 64 bits.
    [[nodiscard]] std::int64_t bytes(std::size_t i) const { return bytes_[i]; }
    /// What the source sent of both; the other end sent the rest. Of a table of flows 0 where it does not
    /// say.
    [[nodiscard]] std::uint64_t sentPackets(std::size_t i) const { return sentPackets_[i]; }
    [[nodiscard]] std::int64_t sentBytes(std::size_t i) const { return sentBytes_[i]; }
    /// Numbers of its first and last packet among the kept rows; between them every packet with the flow's
    /// key belongs to it.
    [[nodiscard]] std::uint64_t firstRow(std::size_t i) const { return firstRow_[i]; }
    [[nodiscard]] std::uint64_t lastRow(std::size_t i) const { return lastRow_[i]; }
    [[nodiscard]] FlowKey key(std::size_t i) const;

private:
    /// visit(column) of each column's member.
    template <class Visit>
    static void forEachColumn(const Visit& visit);

    std::vector<std::uint64_t> number_;
    std::vector<AddressId> source_, destination_;
    std::vector<std::int64_t> sourcePort_, destinationPort_;
    std::vector<FlowState> state_;
    std::vector<CloseType> closeType_;
    std::vector<InvalidReason> invalidReason_;
    std::vector<std::uint8_t> marks_;
    std::vector<std::int64_t> start_, end_;
    std::vector<std::uint64_t> packets_;
    std::vector<std::int64_t> bytes_;
    std::vector<std::uint64_t> sentPackets_;
    std::vector<std::int64_t> sentBytes_;
    std::vector<std::uint64_t> firstRow_, lastRow_;
};

} // namespace packetloom
