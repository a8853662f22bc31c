// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_run.h"

#include "app/cli_compare.h"
#include "app/cli_console.h"
#include "app/cli_export.h"
#include "app/cli_inspect.h"
#include "app/cli_messages.h"
#include "app/cli_problems.h"
#include "app/cli_progress.h"
#include "app/cli_report.h"
#include "app/cli_shard.h"
#include "app/cli_top.h"
#include "core/analysis/analyze.h"
#include "core/analysis/engine_comparison.h"
#include "core/analysis/open_flow_table.h"
#include "core/input/flows/flow_table_format.h"
#include "core/output/convert.h"
#include "core/output/flow_export.h"
#include "core/support/guard.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace packetloom {
namespace {

using AnalysisResult = Result<std::shared_ptr<const Analysis>>;

template <class Made>
AnalysisResult asAnalysis(Result<std::shared_ptr<const Made>> made)
{
    return made ? AnalysisResult(*std::move(made)) : std::move(made).error();
}

AnalysisResult analyzeCaptures(const Options& options, Depth depth, const Heartbeat& heartbeat,
                               const StopEvent& stop)
{
    return asAnalysis(analyze(options, heartbeat, depth, {.stop = &stop}));
}

AnalysisResult lookAtTable(const Options& options, const Heartbeat& heartbeat, const StopEvent& stop)
{
    return asAnalysis(openFlowTable(options.inputs.front(), heartbeat, options.memoryLimit, &stop));
}

/// Whether something of the captures is to be left out.
bool narrows(const Options& options)
{
    return !options.addressFilter.empty() || options.window.start || options.window.end ||
           options.maxRecords > 0 || !options.filter.empty();
}

int inspectOnly(const Arguments& arguments, const Console& console, const StopEvent& stop)
{
    const auto inputs = inspectInputs(arguments.options, stop);
    if (!inputs)
        return console.report(inputs.error());
    const int printed = console.print(arguments.json ? inspectionJson(*inputs) : inspectionText(*inputs));
    return printed == exitDone && !std::ranges::all_of(*inputs, &Inspected::readable) ? exitUnusable
                                                                                      : printed;
}

} // namespace

int runCommandLine(const Arguments& arguments, const StopEvent& stop)
{
    const Console console(stop);
    if (arguments.inspect)
        return inspectOnly(arguments, console, stop);
    if (arguments.shard)
        return runShard(arguments, console, stop);
    ProgressDisplay display(arguments.quiet ? ProgressDisplay::Style::None
                                            : ProgressDisplay::styleOfStandardError(),
                            [&](std::string_view text) { console.show(text); });
    bool spaceSaid = arguments.quiet;
    const Heartbeat heartbeat = [&](const Progress& progress) {
        if (progress.spaceNeeded > 0 && !std::exchange(spaceSaid, true))
            console.complain("warning: ", spaceText(progress.spaceNeeded, progress.spaceAvailable));
        display.show(progress);
        return !stop.requested();
    };
    if (arguments.preview && !arguments.outputFolder.empty() && !arguments.quiet)
        console.complain("note: ", "--preview writes nothing; --output-dir is not used.");

    const auto problems = arguments.quiet && !arguments.json ? std::vector<FileProblem>()
                                                             : problemsBefore(arguments.options, stop);
    for (const auto& problem : problems) {
        if (!arguments.quiet)
            console.complain("warning: ", problemLine(problem));
    }

    const auto begin = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    const auto& inputs = arguments.options.inputs;
    const std::string_view filter = arguments.options.filter;
    const auto finish = [&](const RunTotals& totals, const auto& asJson, const auto& asText) {
        display.clear();
        if (!arguments.quiet) {
            for (const auto& warning : totals.warnings)
                console.complain("warning: ", warningText(warning));
        }
        if (arguments.json)
            return console.print(asJson());
        if (arguments.quiet)
            return exitDone;
        if (!arguments.flowExport || !arguments.flowExport->toStandardOutput())
            return console.print(asText());
        console.show(asText());
        return exitDone;
    };
    if (arguments.preview || arguments.top || arguments.compare) {
        const bool table = inputs.size() == 1 && flowTableFormatOf(inputs.front());
        if (table && !arguments.quiet && narrows(arguments.options))
            console.complain("note: ", "a table of flows is shown as it is; filters are not used.");
        if (table && arguments.top && arguments.top->query.packets) {
            console.complain("error: ", "a table of flows has no packets; leave out --of packets.");
            return exitUnusable;
        }
        if (table && arguments.compare) {
            console.complain("error: ", "a table of flows has no packets that engines could be compared by.");
            return exitUnusable;
        }
        const auto analysis =
            table ? lookAtTable(arguments.options, heartbeat, stop)
                  : analyzeCaptures(arguments.options, arguments.preview ? Depth::Counts : Depth::Flows,
                                    heartbeat, stop);
        if (analysis && arguments.top) {
            const auto answer = guarded([&] { return answerTop(**analysis, *arguments.top); });
            if (!answer) {
                display.clear();
                return console.report(answer.error());
            }
            const double took = seconds();
            return finish(
                (*analysis)->totals,
                [&] { return topJson(**analysis, *arguments.top, *answer, inputs, took, problems); },
                [&] { return topText(**analysis, *arguments.top, *answer, took); });
        }
        if (analysis && arguments.compare) {
            const auto compared = compareEngines(*analysis, stop.flag());
            if (!compared) {
                display.clear();
                return console.report(compared.error());
            }
            const double took = seconds();
            return finish((*analysis)->totals,
                          [&] {
                              return compareJson(**analysis, *compared, *arguments.compare, inputs, took,
                                                 problems);
                          },
                          [&] { return compareText(**analysis, *compared, *arguments.compare, took); });
        }
        if (analysis) {
            const double took = seconds();
            return finish((*analysis)->totals,
                          [&] { return previewJson(**analysis, inputs, took, problems, filter); },
                          [&] { return previewText(**analysis, inputs, took, filter); });
        }
        display.clear();
        return console.report(analysis.error());
    }
    if (arguments.flowExport) {
        const FlowExportQuestion& question = *arguments.flowExport;
        auto wanted = flowExportOf(question, arguments.options);
        if (question.toStandardOutput())
            wanted.take = [&](std::string_view text) { return console.pass(text); };
        const auto written = exportFlows(arguments.options, wanted, heartbeat, &stop);
        if (written) {
            const double took = seconds();
            return finish(
                written->totals,
                [&] { return exportJson(*written, question, arguments.options, took, problems); },
                [&] { return exportText(*written, question, arguments.options, took); });
        }
        display.clear();
        return console.report(written.error());
    }
    const auto summary = convert(arguments.options, arguments.outputFolder, heartbeat, &stop);
    if (summary) {
        const double took = seconds();
        return finish(
            summary->totals, [&] { return conversionJson(*summary, inputs, took, problems, filter); },
            [&] { return conversionText(*summary, inputs, took, filter); });
    }
    display.clear();
    return console.report(summary.error());
}

} // namespace packetloom
