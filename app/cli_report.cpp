// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_report.h"

#include "app/cli_messages.h"
#include "app/cli_report_parts.h"
#include "app/cli_row_messages.h"
#include "app/text_table.h"
#include "core/analysis/address_query.h"
#include "core/analysis/flow_table_analysis.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <ranges>
#include <sstream>
#include <utility>

namespace packetloom {
namespace {

using Paths = std::vector<std::filesystem::path>;
using Align = TextTable::Align;

constexpr std::size_t rejectedRowsShown = 5;
constexpr std::size_t topShown = 10;

// Equal ones stay in order of first appearance, so that a report is the same every time.
template <class Range, class Larger>
auto largest(const Range& all, std::size_t most, const Larger& larger)
{
    std::vector<std::ranges::range_value_t<Range>> best;
    for (const auto& one : all) {
        if (best.size() == most) {
            if (!larger(one, best.back()))
                continue;
            best.pop_back();
        }
        best.insert(std::upper_bound(best.begin(), best.end(), one, larger), one);
    }
    return best;
}

void rejectedRows(std::ostream& out, const RunTotals& totals, const Paths& inputs)
{
    if (totals.rows.rejected == 0)
        return;
    TextTable reasons({Align::Right, Align::Left});
    for (std::size_t i = 0; i < rejectReasonCount; ++i) {
        if (totals.rejectedBy[i] > 0)
            reasons.add({grouped(totals.rejectedBy[i]), rejectReasonText(static_cast<RejectReason>(i))});
    }
    out << "\nRejected rows\n" << reasons.text("  ");
    const auto shown = std::min(rejectedRowsShown, totals.firstRejected.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const RejectedRow& row = totals.firstRejected[i];
        out << "  " << printable(pathText(inputs[row.input]))
            << (row.unit == RowUnit::Packet ? ", packet " : ":") << row.line << ": "
            << rejectReasonText(row.reason);
        if (!row.column.empty())
            out << " (" << row.column << ')';
        out << ": " << printable(std::string_view(row.raw).substr(0, 100)) << '\n';
    }
    if (totals.rows.rejected > shown)
        out << "  ... (--json lists the first " << grouped(keptRejectedRows) << ")\n";
}

void incompleteInputs(std::ostream& out, const RunTotals& totals)
{
    bool said = false;
    for (const InputTotals& input : totals.inputs) {
        if (!input.incomplete)
            continue;
        out << (std::exchange(said, true) ? "" : "\nInputs that are not all in\n") << "  "
            << (input.leftOut ? "left out" : grouped(input.rows.kept) + " rows kept") << ": "
            << errorText(*input.incomplete) << '\n';
    }
}

void framesWithoutIp(std::ostream& out, const RunTotals& totals)
{
    if (totals.rows.notIp == 0)
        return;
    TextTable kinds({Align::Right, Align::Left});
    for (std::size_t i = 0; i < notIpCount; ++i) {
        if (totals.notIpBy[i] > 0)
            kinds.add({grouped(totals.notIpBy[i]), notIpText(static_cast<NotIp>(i))});
    }
    out << "\nFrames without an IP packet\n" << kinds.text("  ");
}

// Of the captures of which that was asked.
void checksumsText(std::ostream& out, const RunTotals& totals)
{
    FrameCounts counts;
    bool verified = false;
    for (const InputTotals& input : totals.inputs) {
        verified = verified || input.frames.checksumsVerified();
        counts.add(input.frames.counts());
    }
    if (!verified)
        return;
    out << "\nChecksums\n";
    const auto line = [&](const char* name, FrameMark checked, FrameMark wrong, FrameMark unset) {
        out << "  " << name << grouped(counts[checked]) << " compared, " << grouped(counts[wrong])
            << " wrong";
        if (counts[unset] > 0)
            out << ", of them " << grouped(counts[unset]) << " as left for the card to fill in";
        out << '\n';
    };
    line("IPv4  ", FrameMark::Ipv4Checked, FrameMark::Ipv4Wrong, FrameMark::Ipv4Unset);
    line("TCP   ", FrameMark::TcpChecked, FrameMark::TcpWrong, FrameMark::TcpUnset);
    line("UDP   ", FrameMark::UdpChecked, FrameMark::UdpWrong, FrameMark::UdpUnset);
}

void totalsText(std::ostream& out, const RunTotals& totals, const FlowTally& tally, std::uint64_t packets,
                std::string_view filter, bool table = false)
{
    readText(out, totals, packets, filter);
    out << "  flows       " << grouped(totals.flows) << '\n';
    TextTable kinds({Align::Right, Align::Left});
    const auto kind = [&](std::uint64_t count, std::string_view name) {
        if (count > 0)
            kinds.add({grouped(count), std::string(name)});
    };
    for (std::size_t i = 1; i < closeTypeCount; ++i) {
        const auto type = static_cast<CloseType>(i);
        kind(tally.closeTypes[i], closeTypeName(type));
        for (std::size_t r = 1; type == CloseType::Invalid && r < invalidReasonCount; ++r)
            kind(tally.invalidReasons[r],
                 "  " + std::string(invalidReasonName(static_cast<InvalidReason>(r))));
    }
    kind(tally.closeTypes[0], table ? "neither opened nor closed, as far as the table tells"
                                    : "neither opened nor closed in the capture");
    kind(tally.byTimeout, "ended by inactivity (any of the above)");
    out << kinds.text("              ");
}

// One character a bin, its height by the square root so that quiet times stay visible beside a burst.
std::string sparkline(const std::vector<TimeBin>& bins)
{
    constexpr std::array heights{" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    std::uint64_t most = 1;
    for (const auto& bin : bins)
        most = std::max(most, bin.packets);
    std::string text;
    for (const auto& bin : bins) {
        const double share = std::sqrt(static_cast<double>(bin.packets) / static_cast<double>(most));
        const auto height =
            static_cast<std::size_t>(std::ceil(share * static_cast<double>(heights.size() - 1)));
        text += heights[height];
    }
    return text;
}

std::string shownAddress(std::string_view text)
{
    return text.empty() ? std::string("(no address)") : printable(text);
}

void flagsText(std::ostream& out, const CountedPackets& analysis)
{
    if (analysis.flags.counts().empty())
        return;
    TextTable table({Align::Right, Align::Right, Align::Left});
    for (const auto& count : largest(analysis.flags.counts(), topShown,
                                     [](const auto&a, const auto&b) { return a.packets > b.packets; }))
        table.add({grouped(count.packets), percent(count.packets, analysis.totals.tcpPackets), count.name});
    out << "\nTCP flags\n" << table.text("  ");
    if (analysis.flags.counts().size() > topShown)
        out << "  ... (--json lists all " << grouped(analysis.flags.counts().size()) << ")\n";
}

void addressesText(std::ostream& out, const CountedPackets& analysis, std::string_view counted)
{
    const auto addresses = busiestAddresses(analysis, topShown);
    if (addresses.empty())
        return;
    TextTable table({Align::Left, Align::Right, Align::Right, Align::Right, Align::Right});
    table.add({"address", "bytes sent", "received", "packets sent", "received"});
    for (const auto id : addresses) {
        const auto& c = analysis.addressStats.counters(id);
        table.add({shownAddress(analysis.addresses.text(id)), grouped(c.sentBytes), grouped(c.receivedBytes),
                   grouped(c.sentPackets), grouped(c.receivedPackets)});
    }
    out << "\nBusiest addresses (" << counted << ")\n" << table.text("  ");
}

void pairsText(std::ostream& out, const CountedPackets& analysis, std::string_view counted)
{
    const auto pairs = busiestPairs(analysis, topShown);
    if (pairs.empty())
        return;
    TextTable table({Align::Left, Align::Left, Align::Right, Align::Right, Align::Right, Align::Right});
    table.add({"a", "b", "bytes a to b", "b to a", "packets a to b", "b to a"});
    for (const auto& pair : pairs)
        table.add({shownAddress(analysis.addresses.text(pair.a)),
                   shownAddress(analysis.addresses.text(pair.b)), grouped(pair.bytesFromA),
                   grouped(pair.bytesFromB), grouped(pair.packetsFromA), grouped(pair.packetsFromB)});
    out << "\nBusiest pairs (" << counted << ")\n" << table.text("  ");
}

void servicesText(std::ostream& out, const FlowTableAnalysis& analysis)
{
    if (analysis.services.empty())
        return;
    TextTable table({Align::Right, Align::Right, Align::Right, Align::Left});
    table.add({"flows", "", "packets", "service"});
    const auto shown = std::min(topShown, analysis.services.size());
    for (std::size_t i = 0; i < shown; ++i) {
        const ServiceCount& service = analysis.services[i];
        table.add({grouped(service.flows), percent(service.flows, analysis.totals.flows),
                   grouped(service.packets),
                   service.name.empty() ? std::string("(unknown)") : printable(service.name)});
    }
    out << "\nServices\n" << table.text("  ");
    if (analysis.services.size() > shown)
        out << "  ... (--json lists all " << grouped(analysis.services.size()) << ")\n";
}

} // namespace

void readText(std::ostream& out, const RunTotals& totals, std::uint64_t packets, std::string_view filter)
{
    const RowCounts& rows = totals.rows;
    if (!filter.empty())
        out << "  filter      " << printable(filter) << '\n';
    out << "  rows        " << grouped(rows.read) << " read = " << grouped(rows.kept) << " kept + "
        << grouped(rows.filtered) << " filtered + " << grouped(rows.rejected) << " rejected"
        << (rows.notIp > 0 ? " + " + grouped(rows.notIp) + " not IP" : std::string()) << '\n';
    out << "  packets     " << grouped(packets) << ", of them " << grouped(totals.tcpPackets) << " TCP\n";
    out << "  addresses   " << grouped(totals.uniqueAddresses) << '\n';
    if (rows.kept > 0) {
        const auto span = static_cast<std::uint64_t>(totals.lastTimestamp) -
                          static_cast<std::uint64_t>(totals.firstTimestamp);
        out << "  time        " << utcTime(totals.firstTimestamp) << " to " << utcTime(totals.lastTimestamp)
            << " (" << duration(span) << ")\n";
    }
}

void inputsText(std::ostream& out, const RunTotals& totals, const Paths& inputs)
{
    incompleteInputs(out, totals);
    checksumsText(out, totals);
    framesWithoutIp(out, totals);
    rejectedRows(out, totals, inputs);
}

std::vector<AddressId> busiestAddresses(const CountedPackets& analysis, std::size_t most)
{
    const auto bytes = [&](AddressId id) { return totalBytes(analysis.addressStats.counters(id)); };
    return largest(analysis.addressStats.inOrder(), most,
                   [&](AddressId a, AddressId b) { return bytes(b) < bytes(a); });
}

std::vector<AddressPair> busiestPairs(const CountedPackets& analysis, std::size_t most)
{
    return largest(analysis.pairs.pairs(), most,
                   [](const AddressPair& a, const AddressPair& b) { return totalBytes(b) < totalBytes(a); });
}

std::string conversionText(const ConversionSummary& summary, const Paths& inputs, double seconds,
                           std::string_view filter)
{
    std::ostringstream out;
    out << "Dataset " << printable(pathText(summary.folder)) << '\n';
    totalsText(out, summary.totals, summary.tally, summary.totals.rows.kept, filter);
    out << "  written     " << grouped(summary.files) << " files (" << grouped(summary.chunks)
        << (summary.chunks == 1 ? " chunk), " : " chunks), ") << humanBytes(summary.bytes) << ", in "
        << duration(static_cast<std::uint64_t>(seconds * 1e6)) << '\n';
    inputsText(out, summary.totals, inputs);
    return out.str();
}

std::string previewText(const Analysis& analysis, const Paths& inputs, double seconds,
                        std::string_view filter)
{
    std::ostringstream out;
    const auto* const table = analysis.flowTable();
    if (table)
        out << "Table of flows: " << table->format->name << " (it has no packets: nothing is judged)\n";
    else
        out << "Preview (nothing was written)\n";
    totalsText(out, analysis.totals, analysis.tally, analysis.packets(), table ? std::string_view() : filter,
               table != nullptr);
    out << "  analyzed    in " << duration(static_cast<std::uint64_t>(seconds * 1e6)) << '\n';
    if (!analysis.bins.empty())
        out << "\nPackets over time\n  |" << sparkline(analysis.bins) << "|\n";
    flagsText(out, analysis);
    if (table)
        servicesText(out, *table);
    addressesText(out, analysis, table ? "all protocols" : "TCP");
    pairsText(out, analysis, table ? "all protocols" : "TCP");
    inputsText(out, analysis.totals, inputs);
    return out.str();
}

} // namespace packetloom
