// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_compare.h"

#include "app/cli_json_parts.h"
#include "app/text_table.h"
#include "core/support/text_format.h"
#include "ui/engine_sentences.h"

#include <algorithm>
#include <sstream>
#include <utility>

namespace packetloom {
namespace {

using Json = JsonWriter<TextBuffer>;
using Align = TextTable::Align;

std::size_t listed(const CompareQuestion& question, std::size_t cases)
{
    return question.examples == 0 ? cases : std::min(cases, question.examples);
}

std::string endText(const Endpoint& end, const AddressTable& addresses)
{
    const auto address = addresses.text(end.address);
    const bool brackets = address.find(':') != std::string_view::npos;
    return (brackets ? "[" : "") + printable(address) + (brackets ? "]:" : ":") + std::to_string(end.port);
}

std::string_view outcomeWord(const FlowTable& flows, std::size_t i)
{
    if (flows.closeType(i) == CloseType::Invalid)
        return invalidReasonName(flows.invalidReason(i));
    return flows.closeType(i) == CloseType::None ? "no end" : closeTypeName(flows.closeType(i));
}

std::string referenceText(const AddressTable& addresses, const FlowTable& flows, std::uint32_t i)
{
    return "reference: flow " + std::to_string(flows.number(i)) + ", " + grouped(flows.packets(i)) +
           " packets, " + std::string(outcomeWord(flows, i)) + ", " + endText(flows.sourceEnd(i), addresses) +
           (flows.has(i, FlowTable::InitiatorKnown) ? " began" : " first");
}

std::string exactText(const AddressTable& addresses, const ExactFlow& flow)
{
    return "exact:     " + endText(flow.originatorEnd(), addresses) + " > " +
           endText(flow.responderEnd(), addresses) + ", " +
           grouped(flow.sides[0].packets + flow.sides[1].packets) + " packets, " +
           std::string(connStateName(flow.state)) + ' ' + std::string(flow.history) + ", " +
           std::string(endReasonName(flow.ending)) + ", " + utcTime(flow.start);
}

void writeCounts(Json& json, const EngineCounts& counts)
{
    json.member("cases", counts.cases);
    json.member("reference_flows", counts.reference);
    json.member("exact_flows", counts.exact);
    json.member("packets", counts.packets);
}

void writeReference(Json& json, const AddressTable& addresses, const FlowTable& flows, std::uint32_t i)
{
    json.beginObject();
    json.member("number", flows.number(i));
    json.member("src", addresses.text(flows.source(i)));
    json.member("sport", flows.sourcePort(i));
    json.member("dst", addresses.text(flows.destination(i)));
    json.member("dport", flows.destinationPort(i));
    json.member("start", flows.start(i));
    json.member("packets", flows.packets(i));
    json.member("state", stateName(flows.state(i)));
    for (const auto& [name, word] : {std::pair("close", closeTypeName(flows.closeType(i))),
                                     std::pair("reason", invalidReasonName(flows.invalidReason(i)))}) {
        json.key(name);
        if (word.empty())
            json.null();
        else
            json.value(word);
    }
    json.endObject();
}

void writeExact(Json& json, const AddressTable& addresses, const ExactFlow& flow)
{
    json.beginObject();
    json.member("orig_h", addresses.text(flow.originatorEnd().address));
    json.member("orig_p", flow.originatorEnd().port);
    json.member("resp_h", addresses.text(flow.responderEnd().address));
    json.member("resp_p", flow.responderEnd().port);
    json.member("start", flow.start);
    json.member("packets", flow.sides[0].packets + flow.sides[1].packets);
    json.member("conn_state", connStateName(flow.state));
    json.member("history", flow.history);
    json.member("end_reason", endReasonName(flow.ending));
    json.endObject();
}

void writeDifference(Json& json, const AddressTable& addresses, const ComparedEngines& compared,
                     const CompareQuestion& question, EngineDifference difference)
{
    const EngineComparison& comparison = *compared.comparison;
    json.beginObject();
    json.member("difference", engineDifferenceName(difference));
    json.member("why", sentenceOf(difference).why);
    writeCounts(json, comparison.counts(difference));
    json.key("examples").beginArray();
    for (std::size_t i = 0; i < listed(question, comparison.cases(difference)); ++i) {
        const EngineCase one = comparison.at(difference, i);
        json.beginObject();
        json.key("reference").beginArray();
        for (const auto flow : one.reference)
            writeReference(json, addresses, *compared.reference, flow);
        json.endArray();
        json.key("exact").beginArray();
        for (const auto flow : one.exact)
            writeExact(json, addresses, compared.exact->flow(flow));
        json.endArray();
        json.endObject();
    }
    json.endArray();
    json.endObject();
}

/// The differences that there are, the most frequent first.
std::vector<EngineDifference> differences(const EngineComparison& comparison)
{
    std::vector<EngineDifference> found;
    for (const auto& sentence : engineSentences) {
        if (comparison.counts(sentence.difference).cases > 0)
            found.push_back(sentence.difference);
    }
    std::ranges::stable_sort(found, std::greater<>(),
                             [&](EngineDifference one) { return comparison.counts(one).cases; });
    return found;
}

} // namespace

std::string compareText(const Analysis& analysis, const ComparedEngines& compared,
                        const CompareQuestion& question, double seconds)
{
    const EngineComparison& comparison = *compared.comparison;
    const EngineCounts& agree = comparison.agree();
    EngineCounts all = agree;
    const auto found = differences(comparison);
    for (const auto difference : found) {
        all.cases += comparison.counts(difference).cases;
        all.reference += comparison.counts(difference).reference;
        all.exact += comparison.counts(difference).exact;
    }
    std::ostringstream out;
    out << "TCP flows of the reference: " << grouped(all.reference)
        << ", of the exact engine: " << grouped(all.exact) << "\nThey agree in " << grouped(agree.cases)
        << " of " << grouped(all.cases) << " cases (" << percent(agree.cases, all.cases) << "; in "
        << duration(static_cast<std::uint64_t>(seconds * 1e6)) << ")\n";
    if (found.empty())
        return std::move(out).str();
    TextTable table({Align::Right, Align::Right, Align::Right, Align::Left});
    table.add({"cases", "reference", "exact", "difference"});
    for (const auto difference : found) {
        const EngineCounts& counts = comparison.counts(difference);
        table.add({grouped(counts.cases), grouped(counts.reference), grouped(counts.exact),
                   std::string(engineDifferenceName(difference))});
    }
    out << '\n' << table.text("  ");
    constexpr std::size_t mostFlows = 4;
    for (const auto difference : found) {
        out << '\n' << sentenceOf(difference).title << ": " << sentenceOf(difference).why << '\n';
        for (std::size_t i = 0; i < listed(question, comparison.cases(difference)); ++i) {
            const EngineCase one = comparison.at(difference, i);
            for (const auto flow : one.reference.first(std::min(mostFlows, one.reference.size())))
                out << "  " << referenceText(analysis.addresses, *compared.reference, flow) << '\n';
            for (const auto flow : one.exact.first(std::min(mostFlows, one.exact.size())))
                out << "  " << exactText(analysis.addresses, compared.exact->flow(flow)) << '\n';
            if (one.reference.size() > mostFlows || one.exact.size() > mostFlows)
                out << "  ... (" << grouped(one.reference.size()) << " and " << grouped(one.exact.size())
                    << " flows)\n";
            out << '\n';
        }
    }
    return std::move(out).str();
}

std::string compareJson(const Analysis& analysis, const ComparedEngines& compared,
                        const CompareQuestion& question, const std::vector<std::filesystem::path>& inputs,
                        double seconds, const std::vector<FileProblem>& problems)
{
    TextBuffer out;
    Json json(out);
    json.beginObject();
    writeReading(json, analysis.totals, analysis.packets(), inputs);
    json.key("agree").beginObject();
    writeCounts(json, compared.comparison->agree());
    json.endObject();
    json.key("differences").beginArray();
    for (const auto& sentence : engineSentences)
        writeDifference(json, analysis.addresses, compared, question, sentence.difference);
    json.endArray();
    json.key("seconds").decimal(seconds);
    writeWarnings(json, analysis.totals.warnings);
    writeProblems(json, problems);
    json.endObject();
    return std::string(out.text()) + '\n';
}

} // namespace packetloom
