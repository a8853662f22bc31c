// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/conn_log/conn_json.h"

#include "core/model/packet.h"
#include "core/output/conn_log/conn_fields.h"
#include "core/output/timearcs_v2/json_writer.h"

#include <array>
#include <string>

namespace packetloom {
namespace {

using Json = JsonWriter<TextBuffer>;

/// A line's members; what is none is left out.
class Members
{
public:
    explicit Members(TextBuffer& out) : json_(out, JsonStyle::Compact) { json_.beginObject(); }
    void finish() { json_.endObject(); }

    template <class T>
    void add(std::string_view name, const T& value)
    {
        json_.member(name, value);
    }
    template <class T>
    void add(std::string_view name, const std::optional<T>& value)
    {
        if (value)
            json_.member(name, *value);
    }
    void seconds(std::string_view name, const std::optional<std::int64_t>& microseconds)
    {
        if (microseconds)
            json_.key(name).seconds(*microseconds);
    }

private:
    Json json_;
};

void addSide(Members& members, std::string_view who, const FlowSide& side, const RoundTrips& trips)
{
    std::string name(who);
    const auto called = [&](std::string_view what) -> std::string_view {
        name.resize(who.size());
        return name += what;
    };
    members.add(called("_payload"), side.payload);
    members.add(called("_goodput"), side.goodput);
    members.add(called("_missed_bytes"), side.missedBytes);
    members.add(called("_data_pkts"), side.dataPackets);
    members.add(called("_retransmissions"), side.retransmissions);
    members.add(called("_fast_retransmissions"), side.fastRetransmissions);
    members.add(called("_spurious_retransmissions"), side.spuriousRetransmissions);
    members.add(called("_out_of_order"), side.outOfOrder);
    members.add(called("_gaps"), side.gaps);
    members.add(called("_duplicate_acks"), side.duplicateAcks);
    members.add(called("_zero_windows"), side.zeroWindows);
    members.add(called("_window_full"), side.windowFull);
    members.add(called("_keep_alives"), side.keepAlives);
    if (side.firstSequence >= 0)
        members.add(called("_first_sequence"), side.firstSequence);
    if (trips.samples == 0)
        return;
    members.add(called("_rtt_samples"), trips.samples);
    members.seconds(called("_rtt_min"), trips.least);
    members.seconds(called("_rtt_median"), trips.median);
    members.seconds(called("_rtt_max"), trips.most);
}

void addZeeks(Members& members, const FlowLine& told)
{
    constexpr std::size_t originator = ExactFlow::originator, responder = ExactFlow::responder;
    const ExactFlow& flow = told.flow;
    members.seconds("ts", flow.start);
    members.add("uid", told.uid);
    members.add("id.orig_h", told.originator);
    members.add("id.orig_p", flow.originatorEnd().port);
    members.add("id.resp_h", told.responder);
    members.add("id.resp_p", flow.responderEnd().port);
    members.add("proto", connProtocol(flow.protocol));
    members.seconds("duration", connDuration(flow));
    members.add("orig_bytes", connBytes(flow, originator));
    members.add("resp_bytes", connBytes(flow, responder));
    members.add("conn_state", connStateName(flow.state));
    members.add("local_orig", told.originatorLocal);
    members.add("local_resp", told.responderLocal);
    members.add("missed_bytes", connMissedBytes(flow));
    if (!flow.history.empty())
        members.add("history", flow.history);
    members.add("orig_pkts", flow.sides[originator].packets);
    members.add("orig_ip_bytes", flow.sides[originator].ipBytes);
    members.add("resp_pkts", flow.sides[responder].packets);
    members.add("resp_ip_bytes", flow.sides[responder].ipBytes);
    if (flow.protocol >= 0)
        members.add("ip_proto", flow.protocol);
}

void appendLine(TextBuffer& out, const FlowLine& told)
{
    const ExactFlow& flow = told.flow;
    Members members(out);
    addZeeks(members, told);
    members.add("end_reason", endReasonName(flow.ending));
    if (flow.protocol == protocolTcp)
        members.add("completeness", int{flow.completeness});
    members.seconds("last_packet", flow.lastPacket);
    members.seconds("syn_to_synack", flow.synToSynAck);
    members.seconds("synack_to_ack", flow.synAckToAck);
    members.seconds("first_response", flow.firstResponse);
    members.seconds("longest_silence", flow.longestSilence);
    members.add("one_sided", flow.oneSided());
    members.add("estimated", flow.estimated);
    members.add("wire_bytes", flow.wireBytes);
    members.add("first_row", flow.firstRow);
    members.add("last_row", flow.lastRow);
    addSide(members, "orig", flow.sides[ExactFlow::originator], flow.roundTrips[ExactFlow::originator]);
    addSide(members, "resp", flow.sides[ExactFlow::responder], flow.roundTrips[ExactFlow::responder]);
    members.finish();
    out.append('\n');
}

void appendNothing(TextBuffer&, std::int64_t) {}

} // namespace

const FlowLinesFormat connJson{appendNothing, appendLine, appendNothing};

} // namespace packetloom
