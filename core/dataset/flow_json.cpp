// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/dataset/flow_json.h"

#include "core/dataset/json_writer.h"

#include <algorithm>
#include <limits>

namespace packetloom {
namespace {

std::string padded(std::uint64_t number, std::size_t width)
{
    auto digits = std::to_string(number);
    if (digits.size() < width)
        digits.insert(0, width - digits.size(), '0');
    return digits;
}

std::string quotedJson(std::string_view text)
{
    std::string quoted = "\"";
    escapeJson(text, quoted);
    quoted += '"';
    return quoted;
}

void appendWordOrNull(std::string_view word, BufferedWriter& out)
{
    if (word.empty())
        return out.append("null");
    out.append('"');
    out.append(word);
    out.append('"');
}

std::string_view boolean(bool yes)
{
    return yes ? "true" : "false";
}

// seq + 1 in integers of any size.
void appendNextOrNull(std::optional<std::size_t> packet, const CompletedFlow& flow, BufferedWriter& out)
{
    if (packet)
        appendDecimal(out, WideSum(flow.packets[*packet].sequence) += 1);
    else
        out.append("null");
}

} // namespace

// Python orders by code point, which is the same for UTF-8.
std::string flowKeyText(const AddressTable& addresses, const FlowKey& key)
{
    const auto end = [&](const Endpoint& e) {
        return std::string(addresses.text(e.address)) + ':' + std::to_string(e.port);
    };
    const auto low = end(key.low), high = end(key.high);
    return std::min(low + '-' + high, high + '-' + low);
}

FlowJson::PacketLayout::PacketLayout(std::size_t depth) : indent(depth, ' ')
{
    beforeTime = "{\n" + indent + "\"timestamp\": ";
    beforeFlags = ",\n" + indent + "\"flags\": ";
    beforeType = ",\n" + indent + "\"flag_type\": \"";
    beforeSequence = "\",\n" + indent + "\"seq_num\": ";
    beforeAcknowledgment = ",\n" + indent + "\"ack_num\": ";
    beforeLength = ",\n" + indent + "\"length\": ";
    afterLength = ",\n" + indent + "\"protocol\": 6\n" + indent.substr(2) + '}'; // only TCP rows make flows
}

FlowJson::FlowJson(const AddressTable& addresses) : addresses_(addresses) {}

std::string FlowJson::quoted(AddressId id) const
{
    return quotedJson(addresses_.text(id));
}

void FlowJson::prepare(const CompletedFlow& flow)
{
    id_ = "\"flow_" + padded(flow.number, 6) + '"';
    key_ = quotedJson(flowKeyText(addresses_, flow.key));
    address_ = {quoted(flow.key.low.address), quoted(flow.key.high.address)};
    const std::array<std::string, 2> port{std::to_string(flow.key.low.port),
                                          std::to_string(flow.key.high.port)};
    for (PacketLayout* layout : {&inFlow_, &inList_, &inPhase_}) {
        for (std::size_t from = 0; from < 2; ++from) {
            auto& text = layout->ends[from];
            text.clear();
            const auto member = [&](const char* name, const std::string& value) {
                text.append(",\n").append(layout->indent).append(name).append(value);
            };
            member("\"src_ip\": ", address_[from]);
            member("\"dst_ip\": ", address_[1 - from]);
            member("\"src_port\": ", port[from]);
            member("\"dst_port\": ", port[1 - from]);
            text.append(layout->beforeFlags);
        }
    }
}

void FlowJson::writePacket(const FlowPacket& packet, const PacketLayout& layout, BufferedWriter& out)
{
    out.append(layout.beforeTime);
    out.append(packet.timestamp);
    out.append(layout.ends[packet.fromHigh ? 1 : 0]);
    out.append(packet.flags.bits);
    out.append(layout.beforeType);
    out.append(FlagTypeName(packet.flags).text());
    out.append(layout.beforeSequence);
    out.append(packet.sequence);
    out.append(layout.beforeAcknowledgment);
    out.append(packet.acknowledgment);
    out.append(layout.beforeLength);
    out.append(packet.length);
    out.append(layout.afterLength);
}

void FlowJson::writePhase(std::string_view name, const std::vector<PhasePacket>& phase,
                          const CompletedFlow& flow, BufferedWriter& out)
{
    out.append("      \"");
    out.append(name);
    out.append("\": [");
    for (std::size_t i = 0; i < phase.size(); ++i) {
        out.append(i == 0 ? "\n        {\n          \"packet\": " : ",\n        {\n          \"packet\": ");
        writePacket(flow.packets[phase[i].packet], inPhase_, out);
        out.append(",\n          \"phase\": \"");
        out.append(roleName(phase[i].role));
        out.append("\",\n          \"description\": \"");
        out.append(roleDescription(phase[i].role));
        out.append("\"\n        }");
    }
    out.append(phase.empty() ? "]" : "\n      ]");
}

void FlowJson::writePacketOrNull(std::string_view key, std::optional<std::size_t> packet,
                                 const CompletedFlow& flow, BufferedWriter& out)
{
    out.append(",\n    \"");
    out.append(key);
    out.append("\": ");
    if (packet)
        writePacket(flow.packets[*packet], inFlow_, out);
    else
        out.append("null");
}

// id ... state, which a flow and its index entry have in common.
void FlowJson::writeIdentity(const CompletedFlow& flow, const FlowLife& life, std::string_view indent,
                             BufferedWriter& out)
{
    const auto member = [&](std::string_view name, std::string_view value) {
        out.append(indent);
        out.append(name);
        out.append(value);
        out.append(",\n");
    };
    std::string_view initiator = "null", responder = "null";
    std::string initiatorPort = "null", responderPort = "null";
    if (life.syn) {
        const std::size_t from = flow.packets[*life.syn].fromHigh ? 1 : 0;
        initiator = address_[from];
        responder = address_[1 - from];
        initiatorPort = std::to_string(flow.source(flow.packets[*life.syn]).port);
        responderPort = std::to_string(flow.destination(flow.packets[*life.syn]).port);
    }
    member("\"id\": ", id_);
    member("\"key\": ", key_);
    member("\"initiator\": ", initiator);
    member("\"responder\": ", responder);
    member("\"initiatorPort\": ", initiatorPort);
    member("\"responderPort\": ", responderPort);
    out.append(indent);
    out.append("\"state\": \"");
    out.append(stateName(life.state));
    out.append("\",\n");
}

void FlowJson::writeFlow(const CompletedFlow& flow, const FlowLife& life, BufferedWriter& out)
{
    prepare(flow);
    out.append("  {\n");
    writeIdentity(flow, life, "    ", out);
    out.append("    \"phases\": {\n");
    writePhase("establishment", life.establishment, flow, out);
    out.append(",\n");
    writePhase("dataTransfer", life.dataTransfer, flow, out);
    out.append(",\n");
    writePhase("closing", life.closing, flow, out);
    out.append("\n    },\n    \"establishmentComplete\": ");
    out.append(boolean(life.establishmentComplete));
    out.append(",\n    \"dataTransferStarted\": ");
    out.append(boolean(life.dataTransferStarted));
    out.append(",\n    \"closingStarted\": ");
    out.append(boolean(life.closingStarted));
    out.append(",\n    \"closeType\": ");
    appendWordOrNull(closeTypeName(life.closeType), out);
    out.append(",\n    \"startTime\": ");
    out.append(flow.packets.front().timestamp);
    out.append(",\n    \"endTime\": ");
    out.append(flow.packets.back().timestamp);
    out.append(",\n    \"totalPackets\": ");
    out.append(flow.packets.size());
    out.append(",\n    \"totalBytes\": ");
    appendDecimal(out, life.totalBytes);
    out.append(",\n    \"invalidReason\": ");
    appendWordOrNull(invalidReasonName(life.invalidReason), out);
    out.append(",\n    \"expectedSeqNum\": ");
    appendNextOrNull(life.expectedSequenceFrom, flow, out);
    out.append(",\n    \"expectedAckNum\": ");
    appendNextOrNull(life.syn, flow, out);
    writePacketOrNull("invalidPacket", life.invalidPacket, flow, out);
    writePacketOrNull("synPacket", life.syn, flow, out);
    writePacketOrNull("synAckPacket", life.synAck, flow, out);
    out.append(",\n    \"packets\": [");
    for (std::size_t i = 0; i < life.listedPackets; ++i) {
        out.append(i == 0 ? "\n      " : ",\n      ");
        writePacket(flow.packets[i], inList_, out);
    }
    out.append("\n    ]");
    if (life.ongoing)
        out.append(",\n    \"ongoing\": true");
    if (flow.byTimeout)
        out.append(",\n    \"completed_by_timeout\": true");
    out.append("\n  }");
}

void FlowJson::writeIndexEntry(const CompletedFlow& flow, const FlowLife& life, const FlowPlace& place,
                               BufferedWriter& out)
{
    out.append("  {\n");
    writeIdentity(flow, life, "    ", out);
    out.append("    \"closeType\": ");
    appendWordOrNull(closeTypeName(life.closeType), out);
    out.append(",\n    \"startTime\": ");
    out.append(flow.packets.front().timestamp);
    out.append(",\n    \"endTime\": ");
    out.append(flow.packets.back().timestamp);
    out.append(",\n    \"totalPackets\": ");
    out.append(flow.packets.size());
    out.append(",\n    \"totalBytes\": ");
    appendDecimal(out, life.totalBytes);
    out.append(",\n    \"establishmentComplete\": ");
    out.append(boolean(life.establishmentComplete));
    out.append(",\n    \"dataTransferStarted\": ");
    out.append(boolean(life.dataTransferStarted));
    out.append(",\n    \"closingStarted\": ");
    out.append(boolean(life.closingStarted));
    out.append(",\n    \"invalidReason\": ");
    appendWordOrNull(invalidReasonName(life.invalidReason), out);
    out.append(",\n    \"ongoing\": ");
    out.append(boolean(life.ongoing));
    out.append(",\n    \"establishment_packets\": ");
    out.append(life.establishment.size());
    out.append(",\n    \"data_transfer_packets\": ");
    out.append(life.dataTransfer.size());
    out.append(",\n    \"closing_packets\": ");
    out.append(life.closing.size());
    out.append(",\n    \"chunk_file\": \"");
    out.append(place.chunkFile);
    out.append("\",\n    \"chunk_index\": ");
    out.append(place.indexInChunk);
    out.append("\n  }");
}

} // namespace packetloom
