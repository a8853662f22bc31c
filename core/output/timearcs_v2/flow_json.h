// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/flow_engine.h"
#include "core/model/address_table.h"
#include "core/model/flow.h"
#include "core/model/flow_life.h"
#include "core/support/buffered_writer.h"
#include "core/support/json_style.h"
#include "core/support/text_buffer.h"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

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
    /// `addresses` must outlive the writer; it may grow meanwhile. `engine` is the one that judges the flows.
    explicit FlowJson(const AddressTable& addresses, JsonStyle style = JsonStyle::Indented,
                      const FlowEngine& engine = defaultFlowEngine());

    void writeFlow(const CompletedFlow& flow, const FlowLife& life, BufferedWriter& out);
    /// For the flow that writeFlow() wrote last. `Out` is a BufferedWriter or a TextBuffer.
    template <class Out>
    void writeIndexEntry(const CompletedFlow& flow, const FlowLife& life, const FlowPlace& place, Out& out);

private:
    /// The constant texts of a packet object whose members stand at one level.
    struct PacketLayout
    {
        PacketLayout(JsonStyle style, std::size_t level);
        std::string beforeTime, beforeFlags, beforeType, beforeSequence, beforeAcknowledgment, beforeLength,
            afterLength;
        std::array<std::string, 4> endKeys; ///< src_ip, dst_ip, src_port, dst_port
        std::array<std::string, 2>
            ends; ///< addresses and ports, by FlowPacket::fromHigh; made anew for each flow
    };

    template <class Out>
    class Members;

    void prepare(const CompletedFlow& flow);
    template <class Out>
    void writeIdentity(const CompletedFlow& flow, const FlowLife& life, Members<Out>& members);
    void writePhases(const CompletedFlow& flow, const FlowLife& life, BufferedWriter& out);
    void writePhaseStep(bool first, const FlowPacket& packet, PacketRole role, BufferedWriter& out);
    static void writePacket(const FlowPacket& packet, const PacketLayout& layout, BufferedWriter& out);
    [[nodiscard]] std::string quoted(AddressId id) const;

    const AddressTable& addresses_;
    JsonStyle style_;
    const FlowEngine& engine_;                               ///< that judged the flows
    PacketLayout inFlow_;                                    ///< synPacket and its like
    PacketLayout inList_;                                    ///< packets
    PacketLayout inPhase_;                                   ///< phases
    std::array<std::string, packetRoleCount> phaseStepEnds_; ///< what follows the packet, by PacketRole
    std::string phaseStepBegin_;
    std::string id_, key_;               ///< of the flow at hand, quoted
    std::array<std::string, 2> address_; ///< low and high, quoted
};

} // namespace packetloom
