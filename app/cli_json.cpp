// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_json_parts.h"
#include "app/cli_messages.h"
#include "app/cli_report.h"
#include "core/analysis/flow_table_analysis.h"
#include "core/model/link_type.h"
#include "core/output/timearcs_v2/json_parts.h"
#include "core/support/path_text.h"

#include <array>
#include <utility>

namespace packetloom {
namespace {

using Paths = std::vector<std::filesystem::path>;
using Json = JsonWriter<TextBuffer>;

constexpr std::size_t topListed = 20;

void writeRejectedBy(Json& json, const std::array<std::uint64_t, rejectReasonCount>& rejectedBy)
{
    json.key("rejected_by").beginObject();
    for (std::size_t i = 0; i < rejectReasonCount; ++i) {
        if (rejectedBy[i] > 0)
            json.member(rejectReasonKey(static_cast<RejectReason>(i)), rejectedBy[i]);
    }
    json.endObject();
}

// Of captures in CSV there are none, and then nothing is said.
void writeNotIpBy(Json& json, const NotIpCounts& notIpBy)
{
    if (sumOf(notIpBy) == 0)
        return;
    json.key("not_ip_by").beginObject();
    for (std::size_t i = 0; i < notIpCount; ++i) {
        if (notIpBy[i] > 0)
            json.member(notIpKey(static_cast<NotIp>(i)), notIpBy[i]);
    }
    json.endObject();
}

void writeChecksums(Json& json, const FrameCounts& counts)
{
    const auto write = [&](std::string_view name, FrameMark checked, FrameMark wrong, FrameMark unset) {
        json.key(name).beginObject();
        json.member("checked", counts[checked]);
        json.member("wrong", counts[wrong]);
        json.member("unset", counts[unset]);
        if (checked == FrameMark::UdpChecked)
            json.member("without", counts[FrameMark::UdpWithout]);
        json.endObject();
    };
    json.key("checksums").beginObject();
    write("ipv4", FrameMark::Ipv4Checked, FrameMark::Ipv4Wrong, FrameMark::Ipv4Unset);
    write("tcp", FrameMark::TcpChecked, FrameMark::TcpWrong, FrameMark::TcpUnset);
    write("udp", FrameMark::UdpChecked, FrameMark::UdpWrong, FrameMark::UdpUnset);
    json.endObject();
}

// Of packet captures alone.
void writeFrames(Json& json, const FrameTotals& frames)
{
    if (frames.linkTypes().empty())
        return;
    const FrameCounts& counts = frames.counts();
    json.key("frames").beginObject();
    json.key("link_types").beginObject();
    for (const auto& [type, count] : frames.linkTypes()) {
        const auto key = linkTypeKey(type);
        json.member(key.empty() ? std::to_string(type) : std::string(key), count);
    }
    json.endObject();
    json.member("cut", counts[FrameMark::Cut]);
    json.member("cut_in_header", counts[FrameMark::HeaderCut]);
    json.member("first_fragments", counts[FrameMark::FirstFragment]);
    json.member("later_fragments", counts[FrameMark::LaterFragment]);
    json.member("seen_again", frames.seenAgain());
    json.key("tunnels").beginObject();
    for (std::size_t i = 0; i < tunnelCount; ++i) {
        if (counts.tunnels[i] > 0)
            json.member(tunnelKey(static_cast<Tunnel>(i)), counts.tunnels[i]);
    }
    json.endObject();
    if (frames.checksumsVerified())
        writeChecksums(json, counts);
    json.endObject();
}

// What is known of each input by itself; a time that no packet has is null.
void writeQuality(Json& json, const RunTotals& totals, const Paths& inputs)
{
    json.key("quality").beginArray();
    for (std::size_t i = 0; i < totals.inputs.size(); ++i) {
        const InputTotals& input = totals.inputs[i];
        const PacketOrder& order = input.order;
        json.beginObject();
        json.member("file", pathText(inputs[i]));
        writeRowCounts(json.key("rows"), input.rows);
        writeRejectedBy(json, input.rejectedBy);
        writeNotIpBy(json, input.notIpBy);
        for (const auto& [name, time] :
             {std::pair("first_ts", order.earliest()), std::pair("last_ts", order.latest()),
              std::pair("step_forward_at", order.gapStart())}) {
            json.key(name);
            if (order.packets() > 0)
                json.value(time);
            else
                json.null();
        }
        json.member("largest_step_forward", order.largestGap());
        json.member("out_of_order", order.outOfOrder());
        json.member("largest_step_back", order.largestStepBack());
        json.member("repeated", order.repeated());
        writeFrames(json, input.frames);
        json.endObject();
    }
    json.endArray();
}

// Which inputs are not all in, why, and how many rows of them are.
void writeIncomplete(Json& json, const RunTotals& totals, const Paths& inputs)
{
    json.key("incomplete_inputs").beginArray();
    for (std::size_t i = 0; i < totals.inputs.size(); ++i) {
        const InputTotals& input = totals.inputs[i];
        if (!input.incomplete)
            continue;
        Error reason = *input.incomplete;
        reason.file.clear();
        json.beginObject();
        json.member("file", pathText(inputs[i]));
        json.member("left_out", input.leftOut);
        json.member("reason", errorText(reason));
        json.member("rows_kept", input.rows.kept);
        json.endObject();
    }
    json.endArray();
}

void writeRejected(Json& json, const RunTotals& totals, const Paths& inputs)
{
    writeRejectedBy(json, totals.rejectedBy);
    writeNotIpBy(json, totals.notIpBy);
    json.key("rejected_rows").beginArray();
    for (const auto& row : totals.firstRejected) {
        json.beginObject();
        json.member("file", pathText(inputs[row.input]));
        json.member(row.unit == RowUnit::Packet ? "packet" : "line", row.line);
        json.member("reason", rejectReasonKey(row.reason));
        json.key("column");
        if (row.column.empty())
            json.null();
        else
            json.value(row.column);
        json.member("text", row.raw);
        json.endObject();
    }
    json.endArray();
}

void writeTotals(Json& json, const RunTotals& totals, const FlowTally& tally, std::uint64_t packets,
                 const Paths& inputs)
{
    writeReading(json, totals, packets, inputs);
    json.member("total_flows", totals.flows);
    json.key("close_types").beginObject();
    for (std::size_t i = 1; i < closeTypeCount; ++i)
        json.member(closeTypeName(static_cast<CloseType>(i)), tally.closeTypes[i]);
    json.member("none", tally.closeTypes[0]);
    json.endObject();
    json.key("invalid_reasons").beginObject();
    for (std::size_t i = 1; i < invalidReasonCount; ++i)
        json.member(invalidReasonName(static_cast<InvalidReason>(i)), tally.invalidReasons[i]);
    json.endObject();
    json.member("completed_by_timeout", tally.byTimeout);
}

void writeAddresses(Json& json, const CountedPackets& analysis)
{
    json.key("top_addresses").beginArray();
    for (const auto id : busiestAddresses(analysis, topListed)) {
        json.beginObject();
        json.member("address", analysis.addresses.text(id));
        writeCounters(json, analysis.addressStats.counters(id));
        json.endObject();
    }
    json.endArray();
    json.key("top_pairs").beginArray();
    for (const auto& pair : busiestPairs(analysis, topListed)) {
        json.beginObject();
        json.member("a", analysis.addresses.text(pair.a));
        json.member("b", analysis.addresses.text(pair.b));
        json.member("a_to_b_packets", pair.packetsFromA);
        json.member("b_to_a_packets", pair.packetsFromB);
        json.member("a_to_b_bytes", pair.bytesFromA);
        json.member("b_to_a_bytes", pair.bytesFromB);
        json.member("first_ts", pair.firstTimestamp);
        json.member("last_ts", pair.lastTimestamp);
        json.endObject();
    }
    json.endArray();
}

void writeServices(Json& json, const FlowTableAnalysis& table)
{
    json.key("services").beginArray();
    for (const ServiceCount& service : table.services) {
        json.beginObject();
        json.member("service", service.name);
        json.member("flows", service.flows);
        json.member("packets", service.packets);
        json.endObject();
    }
    json.endArray();
}

} // namespace

void writeInputs(Json& json, const Paths& inputs)
{
    json.key("inputs").beginArray();
    for (const auto& input : inputs)
        json.value(pathText(input));
    json.endArray();
}

void writeReading(Json& json, const RunTotals& totals, std::uint64_t packets, const Paths& inputs)
{
    writeInputs(json, inputs);
    writeRowCounts(json.key("rows"), totals.rows);
    writeRejected(json, totals, inputs);
    writeQuality(json, totals, inputs);
    writeIncomplete(json, totals, inputs);
    json.member("total_packets", packets);
    json.member("tcp_packets", totals.tcpPackets);
    json.member("unique_ips", totals.uniqueAddresses);
    json.key("time_range").beginObject();
    json.member("start", totals.firstTimestamp);
    json.member("end", totals.lastTimestamp);
    json.endObject();
}

void writeWarnings(Json& json, const std::vector<Warning>& warnings)
{
    json.key("warnings").beginArray();
    for (const auto& warning : warnings)
        json.value(warningText(warning));
    json.endArray();
}

void writeProblems(Json& json, const std::vector<FileProblem>& problems)
{
    json.key("problems").beginArray();
    for (const auto& [file, problem] : problems) {
        json.beginObject();
        json.member("file", pathText(file));
        json.member("code", problemKey(problem.code));
        json.member("text", problemText(problem));
        json.member("cure", problemCure(problem));
        json.endObject();
    }
    json.endArray();
}

std::string conversionJson(const ConversionSummary& summary, const Paths& inputs, double seconds,
                           const std::vector<FileProblem>& problems, std::string_view filter)
{
    TextBuffer out;
    Json json(out);
    json.beginObject();
    json.member("output_dir", pathText(summary.folder));
    if (!filter.empty())
        json.member("filter", filter);
    writeTotals(json, summary.totals, summary.tally, summary.totals.rows.kept, inputs);
    writeFlagCounts(json.key("flags"), summary.flags);
    json.member("total_chunks", summary.chunks);
    json.member("files", summary.files);
    json.member("bytes", summary.bytes);
    json.key("seconds").decimal(seconds);
    writeWarnings(json, summary.totals.warnings);
    writeProblems(json, problems);
    json.endObject();
    return std::string(out.text()) + '\n';
}

std::string previewJson(const Analysis& analysis, const Paths& inputs, double seconds,
                        const std::vector<FileProblem>& problems, std::string_view filter)
{
    TextBuffer out;
    Json json(out);
    json.beginObject();
    json.member("preview", true);
    if (const auto* const table = analysis.flowTable())
        json.member("flow_table", table->format->id);
    else if (!filter.empty())
        json.member("filter", filter);
    writeTotals(json, analysis.totals, analysis.tally, analysis.packets(), inputs);
    writeFlagCounts(json.key("flags"), analysis.flags.counts());
    if (const auto* const table = analysis.flowTable())
        writeServices(json, *table);
    writeAddresses(json, analysis);
    writeBins(json.key("bins"), analysis.bins);
    json.key("seconds").decimal(seconds);
    writeWarnings(json, analysis.totals.warnings);
    writeProblems(json, problems);
    json.endObject();
    return std::string(out.text()) + '\n';
}

} // namespace packetloom
