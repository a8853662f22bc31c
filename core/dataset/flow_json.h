// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/reference_machine.h"
#include "core/support/buffered_writer.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// The "key" of a flow: "ip:port-ip:port", the two ends in the order whose text is the smaller one by bytes.
std::string flowKeyText(const AddressTable& addresses, const FlowKey& key);

/// Where a flow was put, for its entry in the index.
struct FlowPlace
{
    std::string_view chunkFile;
    std::uint64_t indexInChunk = 0;
};

/// Writes flows as the elements of a chunk file's array and of the index's array (the commas and brackets
/// between them are the caller's). Texts that all packets of a flow share are made once a flow.
class FlowJson
{
public:
    /// `addresses` must outlive the writer.
    explicit FlowJson(const AddressTable& addresses);

    void writeFlow(const CompletedFlow& flow, const FlowLife& life, BufferedWriter& out);
    /// For the flow that writeFlow() wrote last.
    void writeIndexEntry(const CompletedFlow& flow, const FlowLife& life, const FlowPlace& place,
                         BufferedWriter& out);

private:
    /// The constant texts of a packet object whose members stand at one depth.
    struct PacketLayout
    {
        explicit PacketLayout(std::size_t depth);
        std::string indent; ///< of the members
        std::string beforeTime, beforeFlags, beforeType, beforeSequence, beforeAcknowledgment, beforeLength,
            afterLength;
        std::array<std::string, 2>
            ends; ///< addresses and ports, by FlowPacket::fromHigh; made anew for each flow
    };

    void prepare(const CompletedFlow& flow);
    void writeIdentity(const CompletedFlow& flow, const FlowLife& life, std::string_view indent,
                       BufferedWriter& out);
    void writePhase(std::string_view name, const std::vector<PhasePacket>& phase, const CompletedFlow& flow,
                    BufferedWriter& out);
    void writePacketOrNull(std::string_view key, std::optional<std::size_t> packet, const CompletedFlow& flow,
                           BufferedWriter& out);
    static void writePacket(const FlowPacket& packet, const PacketLayout& layout, BufferedWriter& out);
    [[nodiscard]] std::string quoted(AddressId id) const;

    const AddressTable& addresses_;
    PacketLayout inFlow_{6};             ///< synPacket and its like
    PacketLayout inList_{8};             ///< packets
    PacketLayout inPhase_{12};           ///< phases
    std::string id_, key_;               ///< of the flow at hand, quoted
    std::array<std::string, 2> address_; ///< low and high, quoted
};

} // namespace packetloom
