// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/analysis_text.h"

#include <algorithm>

namespace packetloom::test {
namespace {

QString text(std::string_view bytes)
{
    return QString::fromUtf8(bytes.data(), qsizetype(bytes.size()));
}

template <class... Values>
QString line(const char* what, const Values&... values)
{
    QStringList words{QLatin1String(what)};
    const auto add = [&](const auto& value) {
        if constexpr (std::is_convertible_v<decltype(value), QString>)
            words << value;
        else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, WideSum>)
            words << text(value.decimal());
        else if constexpr (std::is_enum_v<std::decay_t<decltype(value)>>)
            words << QString::number(static_cast<int>(value));
        else
            words << QString::number(value);
    };
    (add(values), ...);
    return words.join(QLatin1Char(' '));
}

QString optionalText(const std::optional<std::size_t>& number)
{
    return number ? QString::number(*number) : QStringLiteral("-");
}

QStringList timelineText(const char* name, const Timeline& timeline)
{
    QStringList lines{line(name, timeline.bins(), timeline.shift())};
    for (std::size_t bin = 0; bin < timeline.bins(); ++bin) {
        for (std::size_t category = 0; category < timeline.categories(); ++category) {
            const auto& cell = timeline.cell(bin, category);
            if (cell.packets > 0)
                lines << line(name, timeline.start(bin), category, cell.packets, cell.bytes);
        }
    }
    return lines;
}

// What a dataset tells of the options of its run.
template <class Told>
QString toldLine(const Told& told, std::int64_t flowsPerChunk)
{
    return line("options", text(told.addressFilter), flowsPerChunk, text(told.attackContext),
                told.window.start.value_or(-1), told.window.end.value_or(-1));
}

QString optionsLine(const Analysis& a)
{
    if (const auto* const capture = a.capture())
        return toldLine(capture->options, capture->options.flowsPerChunk);
    const Manifest& manifest = a.dataset()->source.manifest;
    return toldLine(manifest, static_cast<std::int64_t>(manifest.flowsPerChunk));
}

} // namespace

QStringList analysisText(const Analysis& a)
{
    const auto address = [&](AddressId id) { return '<' + text(a.addresses.text(id)) + '>'; };
    const RunTotals& totals = a.totals;
    QStringList lines{line("totals", totals.rows.kept, totals.tcpPackets, totals.uniqueAddresses,
                           totals.flows, totals.firstTimestamp, totals.lastTimestamp),
                      optionsLine(a)};
    for (const auto count : a.tally.closeTypes)
        lines << line("close type", count);
    for (const auto count : a.tally.invalidReasons)
        lines << line("reason", count);
    for (const auto id : a.addressStats.inOrder()) {
        const auto& c = a.addressStats.counters(id);
        lines << line("address", address(id), c.sentPackets, c.receivedPackets, c.sentBytes, c.receivedBytes,
                      c.firstTimestamp, c.lastTimestamp);
    }
    QStringList unique;
    for (const auto id : a.addressStats.unique())
        unique << address(id);
    unique.sort();
    lines << line("unique", unique.join(QLatin1Char(' ')));
    for (const auto& count : a.flags.counts())
        lines << line("flags", text(count.name), count.packets);
    for (const auto& bin : a.bins)
        lines << line("bin", bin.start, bin.end, bin.packets);
    for (const auto& pair : a.pairs.pairs()) {
        lines << line("pair", address(pair.a), pair.packetsFromA, pair.bytesFromA, address(pair.b),
                      pair.packetsFromB, pair.bytesFromB, pair.firstTimestamp, pair.lastTimestamp);
    }
    for (std::size_t i = 0; i < a.flows.size(); ++i) {
        const FlowTable& f = a.flows;
        int marks = 0;
        for (const auto mark : {FlowTable::InitiatorKnown, FlowTable::Established, FlowTable::DataTransferred,
                                FlowTable::Closing, FlowTable::Ongoing})
            marks |= f.has(i, mark) ? mark : 0;
        lines << line("flow", f.number(i), address(f.source(i)), f.sourcePort(i), address(f.destination(i)),
                      f.destinationPort(i), f.state(i), f.closeType(i), f.invalidReason(i), marks, f.start(i),
                      f.end(i), f.packets(i), f.bytes(i), f.sentPackets(i), f.sentBytes(i), f.firstRow(i),
                      f.lastRow(i));
    }
    for (const auto& row : a.firstRows) {
        const Packet& p = row.packet;
        lines << line("row", p.timestamp, address(p.source), p.sourcePort, address(p.destination),
                      p.destinationPort, p.flags.bits, p.flags.origin, p.sequence, p.acknowledgment, p.length,
                      p.hasProtocol ? p.protocol : -1);
    }
    return lines << timelineText("class", a.byClass) << timelineText("outcome", a.byOutcome);
}

QStringList flowText(const Analysis& analysis, const FlowDetail& detail)
{
    const FlowLife& life = detail.life;
    QStringList lines{line("life", life.state, life.closeType, life.invalidReason, optionalText(life.syn),
                           optionalText(life.synAck), optionalText(life.expectedSequenceFrom),
                           optionalText(life.invalidPacket), life.establishmentComplete,
                           life.dataTransferStarted, life.closingStarted, life.ongoing, life.listedPackets,
                           life.totalBytes, detail.byTimeout)};
    for (const auto* phase : {&life.establishment, &life.dataTransfer, &life.closing}) {
        lines << line("phase", phase->size());
        for (const auto& step : *phase)
            lines << line("step", step.packet, step.role);
    }
    for (std::size_t i = 0; i < life.listedPackets; ++i) {
        const FlowPacket& p = detail.packets.at(i);
        const Endpoint& from = p.fromHigh ? detail.key.high : detail.key.low;
        lines << line("packet", text(analysis.addresses.text(from.address)), from.port, p.timestamp,
                      p.sequence, p.acknowledgment, p.length, p.flags.bits, p.flags.origin);
    }
    return lines;
}

} // namespace packetloom::test
