// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/flow_json.h"

#include "core/input/dataset/flow_words.h"
#include "core/output/timearcs_v2/json_writer.h"

#include <algorithm>
#include <limits>

namespace packetloom {
namespace {

// How deep the members of an object stand.
constexpr std::size_t flowLevel = 2, phaseLevel = 3, packetInFlow = 3, packetInList = 4, phaseStepLevel = 5,
                      packetInPhase = 6;

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

std::string keyText(JsonStyle style, std::size_t level, std::string_view name)
{
    std::string text(lineBreak(style, level));
    text.append("\"").append(name).append("\"").append(afterKey(style));
    return text;
}

constexpr std::array<std::string_view, flowPhaseCount> phaseNames{"establishment", "dataTransfer", "closing"};

} // namespace

/// The members of an object that is written one after the other.
template <class Out>
class FlowJson::Members
{
public:
    Members(Out& out, JsonStyle style, std::size_t level)
        : out_(out), break_(lineBreak(style, level)), colon_(afterKey(style))
    {
    }

    Members& key(std::string_view name)
    {
        if (!first_)
            out_.append(',');
        first_ = false;
        out_.append(break_);
        out_.append('"');
        out_.append(name);
        out_.append('"');
        out_.append(colon_);
        return *this;
    }
    /// As it stands: a number, or text that has its quotes.
    void raw(std::string_view name, std::string_view value) { key(name).out_.append(value); }
    void boolean(std::string_view name, bool yes) { raw(name, yes ? "true" : "false"); }
    void word(std::string_view name, std::string_view value)
    {
        key(name).out_.append('"');
        out_.append(value);
        out_.append('"');
    }
    void wordOrNull(std::string_view name, std::string_view value)
    {
        if (value.empty())
            raw(name, "null");
        else
            word(name, value);
    }
    template <std::integral Number>
    void number(std::string_view name, Number value)
    {
        key(name).out_.append(value);
    }
    void number(std::string_view name, const WideSum& value)
    {
        key(name);
        appendDecimal(out_, value);
    }
    Out& out() { return out_; }

private:
    Out& out_;
    std::string_view break_, colon_;
    bool first_ = true;
};

FlowJson::PacketLayout::PacketLayout(JsonStyle style, std::size_t level)
{
    const auto key = [&](std::string_view name) { return keyText(style, level, name); };
    beforeTime = '{' + key("timestamp");
    endKeys = {',' + key("src_ip"), ',' + key("dst_ip"), ',' + key("src_port"), ',' + key("dst_port")};
    beforeFlags = ',' + key("flags");
    beforeType = ',' + key("flag_type") + '"';
    beforeSequence = "\"," + key("seq_num");
    beforeAcknowledgment = ',' + key("ack_num");
    beforeLength = ',' + key("length");
    afterLength = ',' + key("protocol") + '6'; // only TCP rows make flows
    afterLength.append(lineBreak(style, level - 1)).append("}");
}

FlowJson::FlowJson(const AddressTable& addresses, JsonStyle style, const FlowEngine& engine)
    : addresses_(addresses),
      style_(style),
      engine_(engine),
      inFlow_(style, packetInFlow),
      inList_(style, packetInList),
      inPhase_(style, packetInPhase)
{
    phaseStepBegin_ = ',' + std::string(lineBreak(style, phaseStepLevel - 1)) + '{' +
                      keyText(style, phaseStepLevel, "packet");
    for (std::size_t i = 0; i < packetRoleCount; ++i) {
        const auto role = static_cast<PacketRole>(i);
        const auto member = [&](std::string_view name, std::string_view word) {
            return ',' + keyText(style, phaseStepLevel, name) + '"' + std::string(word) + '"';
        };
        phaseStepEnds_[i] = member("phase", roleName(role)) + member("description", roleDescription(role)) +
                            std::string(lineBreak(style, phaseStepLevel - 1)) + '}';
    }
}

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
            text.assign(layout->endKeys[0]).append(address_[from]);
            text.append(layout->endKeys[1]).append(address_[1 - from]);
            text.append(layout->endKeys[2]).append(port[from]);
            text.append(layout->endKeys[3]).append(port[1 - from]);
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

void FlowJson::writePhaseStep(bool first, const FlowPacket& packet, PacketRole role, BufferedWriter& out)
{
    out.append(std::string_view(phaseStepBegin_).substr(first ? 1 : 0)); // without the comma
    writePacket(packet, inPhase_, out);
    out.append(phaseStepEnds_[static_cast<std::size_t>(role)]);
}

void FlowJson::writePhases(const CompletedFlow& flow, const FlowLife& life, BufferedWriter& out)
{
    out.append('{');
    Members phases(out, style_, phaseLevel);
    const std::array lists{&life.establishment, &life.dataTransfer, &life.closing};
    for (std::size_t phase = 0; phase < flowPhaseCount; ++phase) {
        phases.key(phaseNames[phase]);
        out.append('[');
        if (flow.packets.inMemory()) {
            const auto& steps = *lists[phase];
            for (const PhasePacket& step : steps)
                writePhaseStep(&step == steps.data(), flow.packets.all()[step.packet], step.role, out);
        } else { // judged once more for each phase, so that nothing is held for each packet
            bool first = true;
            engine_.makeJudge()->judge(flow, [&](std::size_t, const FlowPacket& packet, PacketRole role) {
                if (phaseOf(role) != static_cast<FlowPhase>(phase))
                    return;
                writePhaseStep(first, packet, role, out);
                first = false;
            });
        }
        if (life.phasePackets[phase] > 0)
            out.append(lineBreak(style_, phaseLevel));
        out.append(']');
    }
    out.append(lineBreak(style_, flowLevel));
    out.append('}');
}

// id ... state, which a flow and its index entry have in common.
template <class Out>
void FlowJson::writeIdentity(const CompletedFlow& flow, const FlowLife& life, Members<Out>& members)
{
    members.raw("id", id_);
    members.raw("key", key_);
    if (life.syn) {
        const bool fromHigh = flow.packets[*life.syn].fromHigh;
        const std::size_t from = fromHigh ? 1 : 0;
        members.raw("initiator", address_[from]);
        members.raw("responder", address_[1 - from]);
        members.number("initiatorPort", (fromHigh ? flow.key.high : flow.key.low).port);
        members.number("responderPort", (fromHigh ? flow.key.low : flow.key.high).port);
    } else {
        for (const char* name : {"initiator", "responder", "initiatorPort", "responderPort"})
            members.raw(name, "null");
    }
    members.word("state", stateName(life.state));
}

void FlowJson::writeFlow(const CompletedFlow& flow, const FlowLife& life, BufferedWriter& out)
{
    prepare(flow);
    out.append(lineBreak(style_, flowLevel - 1).substr(style_ == JsonStyle::Compact ? 0 : 1));
    out.append('{');
    Members members(out, style_, flowLevel);
    writeIdentity(flow, life, members);
    members.key("phases");
    writePhases(flow, life, out);
    members.boolean("establishmentComplete", life.establishmentComplete);
    members.boolean("dataTransferStarted", life.dataTransferStarted);
    members.boolean("closingStarted", life.closingStarted);
    members.wordOrNull("closeType", closeTypeName(life.closeType));
    members.number("startTime", flow.packets.front().timestamp);
    members.number("endTime", flow.packets.back().timestamp);
    members.number("totalPackets", flow.packets.size());
    members.number("totalBytes", life.totalBytes);
    members.wordOrNull("invalidReason", invalidReasonName(life.invalidReason));
    const auto next = [&](std::string_view name, std::optional<std::size_t> packet) {
        if (packet)
            members.number(name, WideSum(flow.packets[*packet].sequence) += 1); // in integers of any size
        else
            members.raw(name, "null");
    };
    next("expectedSeqNum", life.expectedSequenceFrom);
    next("expectedAckNum", life.syn);
    const auto packetOrNull = [&](std::string_view name, std::optional<std::size_t> packet) {
        if (packet) {
            members.key(name);
            writePacket(flow.packets[*packet], inFlow_, out);
        } else {
            members.raw(name, "null");
        }
    };
    packetOrNull("invalidPacket", life.invalidPacket);
    packetOrNull("synPacket", life.syn);
    packetOrNull("synAckPacket", life.synAck);
    members.key("packets");
    const std::string beforePacket = ',' + std::string(lineBreak(style_, packetInList - 1));
    out.append('[');
    flow.packets.forEach([&](std::size_t i, const FlowPacket& packet) {
        if (i >= life.listedPackets)
            return;
        out.append(std::string_view(beforePacket).substr(i == 0 ? 1 : 0));
        writePacket(packet, inList_, out);
    });
    out.append(lineBreak(style_, flowLevel));
    out.append(']');
    if (life.ongoing)
        members.boolean("ongoing", true);
    if (flow.byTimeout)
        members.boolean("completed_by_timeout", true);
    out.append(lineBreak(style_, flowLevel - 1));
    out.append('}');
}

template <class Out>
void FlowJson::writeIndexEntry(const CompletedFlow& flow, const FlowLife& life, const FlowPlace& place,
                               Out& out)
{
    out.append(lineBreak(style_, flowLevel - 1).substr(style_ == JsonStyle::Compact ? 0 : 1));
    out.append('{');
    Members members(out, style_, flowLevel);
    writeIdentity(flow, life, members);
    members.wordOrNull("closeType", closeTypeName(life.closeType));
    members.number("startTime", flow.packets.front().timestamp);
    members.number("endTime", flow.packets.back().timestamp);
    members.number("totalPackets", flow.packets.size());
    members.number("totalBytes", life.totalBytes);
    members.boolean("establishmentComplete", life.establishmentComplete);
    members.boolean("dataTransferStarted", life.dataTransferStarted);
    members.boolean("closingStarted", life.closingStarted);
    members.wordOrNull("invalidReason", invalidReasonName(life.invalidReason));
    members.boolean("ongoing", life.ongoing);
    members.number("establishment_packets", life.phasePackets[0]);
    members.number("data_transfer_packets", life.phasePackets[1]);
    members.number("closing_packets", life.phasePackets[2]);
    members.word("chunk_file", place.chunkFile);
    members.number("chunk_index", place.indexInChunk);
    out.append(lineBreak(style_, flowLevel - 1));
    out.append('}');
}

template void FlowJson::writeIndexEntry(const CompletedFlow&, const FlowLife&, const FlowPlace&,
                                        BufferedWriter&);
template void FlowJson::writeIndexEntry(const CompletedFlow&, const FlowLife&, const FlowPlace&, TextBuffer&);

} // namespace packetloom
