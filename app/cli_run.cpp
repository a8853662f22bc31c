// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_run.h"

#include "app/cli_messages.h"
#include "app/cli_progress.h"
#include "app/cli_report.h"
#include "core/convert/analyze.h"
#include "core/convert/convert.h"

#include <chrono>
#include <cstdio>
#include <string>
#include <utility>

namespace packetloom {
namespace {

void complain(const char* kind, const std::string& text)
{
    std::fprintf(stderr, "packetloom-cli: %s%s\n", kind, text.c_str());
}

int report(const Error& error, int signal)
{
    complain(error.code == Errc::Cancelled ? "" : "error: ", errorText(error));
    if (error.code == Errc::Cancelled)
        return exitSignalBase + (signal != 0 ? signal : SIGINT);
    return error.stage == Stage::Prepare ? exitUnusable : exitFailed;
}

int print(const std::string& text)
{
    if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
        return exitDone;
    complain("error: ", "the report could not be written to standard output.");
    return exitFailed;
}

} // namespace

int runCommandLine(const Arguments& arguments, const volatile std::sig_atomic_t& signal)
{
    ProgressDisplay display(arguments.quiet ? ProgressDisplay::Style::None
                                            : ProgressDisplay::styleOfStandardError());
    bool spaceSaid = arguments.quiet;
    const Heartbeat heartbeat = [&](const Progress& progress) {
        if (progress.spaceNeeded > 0 && !std::exchange(spaceSaid, true))
            complain("warning: ", spaceText(progress.spaceNeeded, progress.spaceAvailable));
        display.show(progress);
        return signal == 0;
    };
    if (arguments.preview && !arguments.outputFolder.empty() && !arguments.quiet)
        complain("note: ", "--preview writes nothing; --output-dir is not used.");

    const auto begin = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    const auto& inputs = arguments.options.inputs;
    const auto finish = [&](const RunTotals& totals, const auto& asJson, const auto& asText) {
        display.clear();
        if (!arguments.quiet) {
            for (const auto& warning : totals.warnings)
                complain("warning: ", warningText(warning));
        }
        if (arguments.json)
            return print(asJson());
        return arguments.quiet ? exitDone : print(asText());
    };
    if (arguments.preview) {
        const auto analysis = analyze(arguments.options, heartbeat);
        if (analysis) {
            const double took = seconds();
            return finish((*analysis)->totals, [&] { return previewJson(**analysis, inputs, took); },
                          [&] { return previewText(**analysis, inputs, took); });
        }
        display.clear();
        return report(analysis.error(), static_cast<int>(signal));
    }
    const auto summary = convert(arguments.options, arguments.outputFolder, heartbeat);
    if (summary) {
        const double took = seconds();
        return finish(
            summary->totals, [&] { return conversionJson(*summary, inputs, took); },
            [&] { return conversionText(*summary, inputs, took); });
    }
    display.clear();
    return report(summary.error(), static_cast<int>(signal));
}

} // namespace packetloom
