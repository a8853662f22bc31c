// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_export.h"

#include "app/cli_json_parts.h"
#include "app/cli_report_parts.h"
#include "app/text_table.h"
#include "core/support/path_text.h"
#include "core/support/text_format.h"

#include <sstream>
#include <utility>

namespace packetloom {
namespace {

using Align = TextTable::Align;

} // namespace

std::string exportText(const FlowExportSummary& summary, const FlowExportQuestion& question,
                       const Options& options, double seconds)
{
    std::ostringstream out;
    out << question.format->id << ' '
        << (summary.file.empty() ? std::string("(standard output)") : printable(pathText(summary.file)))
        << '\n';
    if (!options.filter.empty())
        out << "  read filter " << printable(options.filter) << '\n';
    readText(out, summary.totals, summary.totals.rows.kept, question.filter);
    out << "  flows       " << grouped(summary.written);
    if (summary.written != summary.flows)
        out << " of " << grouped(summary.flows);
    out << " (exact engine, all protocols)\n";
    TextTable states({Align::Right, Align::Left});
    for (std::size_t i = 0; i < summary.states.size(); ++i) {
        if (summary.states[i] > 0)
            states.add({grouped(summary.states[i]), std::string(connStateName(static_cast<ConnState>(i)))});
    }
    out << states.text("              ");
    out << "  written     " << humanBytes(summary.bytes) << ", in "
        << duration(static_cast<std::uint64_t>(seconds * 1e6)) << '\n';
    inputsText(out, summary.totals, options.inputs);
    return std::move(out).str();
}

std::string exportJson(const FlowExportSummary& summary, const FlowExportQuestion& question,
                       const Options& options, double seconds, const std::vector<FileProblem>& problems)
{
    TextBuffer out;
    JsonWriter<TextBuffer> json(out);
    json.beginObject();
    json.member("output", pathText(summary.file));
    json.member("format", question.format->id);
    json.member("engine", "exact");
    if (!question.filter.empty())
        json.member("filter", question.filter);
    if (!options.filter.empty())
        json.member("read_filter", options.filter);
    json.member("checksums", question.rules.checksumsCount ? "check" : "ignore");
    writeReading(json, summary.totals, summary.totals.rows.kept, options.inputs);
    json.member("total_flows", summary.flows);
    json.member("written_flows", summary.written);
    json.key("conn_states").beginObject();
    for (std::size_t i = 0; i < summary.states.size(); ++i)
        json.member(connStateName(static_cast<ConnState>(i)), summary.states[i]);
    json.endObject();
    json.member("bytes", summary.bytes);
    json.key("seconds").decimal(seconds);
    writeWarnings(json, summary.totals.warnings);
    writeProblems(json, problems);
    json.endObject();
    return std::string(out.text()) + '\n';
}

} // namespace packetloom
