// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_export_options.h"

#include "app/cli_filter_text.h"
#include "app/cli_options.h"
#include "core/analysis/exact_flow_filter.h"
#include "core/filter/filter_parser.h"
#include "core/support/path_text.h"
#include "ui/option_spelling.h"

#include <array>
#include <utility>
#include <variant>

namespace packetloom {
namespace {

constexpr const char* exportGroup = "Export";
constexpr std::string_view toStandardOutput = "-";

const OutputFormat& formatOf(const std::string& id)
{
    if (const auto* const format = outputFormatNamed(id))
        return *format;
    std::string known;
    for (const auto& format : outputFormats())
        known += (known.empty() ? "" : ", ") + std::string(format.id);
    throw CLI::ValidationError("--as", "there is no output \"" + id + "\", but " + known);
}

/// An output has one engine whose flows it holds, which is the default.
void checkEngine(const CLI::App& app, const OutputFormat& format, FlowsBy engine)
{
    const std::string id(format.id), word = optionWord(OptionId::Engine);
    const bool exact = engine == FlowsBy::Exact;
    if (app.count(word) == 0 || exact == format.needsExactFlows())
        return;
    if (exact)
        throw CLI::ValidationError(word,
                                   id +
                                       " holds the flows as the reference judges them, to the byte; the "
                                       "exact engine has others. Leave " +
                                       word + " out, or export as conn-log or conn-json");
    throw CLI::ValidationError(word, id +
                                         " needs what the reference's engine does not find out: states, "
                                         "history, bytes by sequence numbers, other protocols than TCP. "
                                         "Leave " +
                                         word + " out");
}

/// Refuses options that only mean something for the other kind of output: how the reference judges flows and
/// how a dataset is written; when the exact engine ends flows.
void checkOptionsOfOthers(const CLI::App& app, const OutputFormat& format)
{
    constexpr std::array ofExact{OptionId::AttemptTimeout, OptionId::CloseLinger,   OptionId::PartialClose,
                                 OptionId::TcpInactivity,  OptionId::UdpInactivity, OptionId::IcmpInactivity,
                                 OptionId::OtherInactivity};
    constexpr std::array ofDatasets{OptionId::FlowsPerChunk, OptionId::ReadChunkRows, OptionId::FlowTimeout,
                                    OptionId::AttackContext, OptionId::Style};
    const auto refuse = [&](const auto& options, const char* why) {
        for (const auto id : options) {
            if (app.count(optionWord(id)) > 0)
                throw CLI::ValidationError(optionWord(id), why + std::string(format.id));
        }
    };
    if (format.needsExactFlows())
        refuse(ofDatasets, "is of datasets; it means nothing for ");
    else
        refuse(ofExact, "is of the exact engine; it means nothing for ");
}

bool counts(const std::string& checksums)
{
    if (checksums != "check" && checksums != "ignore")
        throw CLI::ValidationError("--checksums", "must be check or ignore, not " + checksums);
    return checksums == "check";
}

std::optional<FilterExpression> filterOf(const std::string& text)
{
    auto parsed = parseFilter(text, FilterSubject::Flows);
    if (const auto* const problem = std::get_if<FilterProblem>(&parsed))
        throw CLI::ValidationError("--filter", filterProblemText(text, *problem));
    auto expression = std::get<0>(std::move(parsed));
    const auto unknown = expression ? unknownOfExactFlows(*expression) : std::nullopt;
    if (unknown)
        throw CLI::ValidationError("--filter",
                                   "\"" + std::string(nameOf(*unknown)) +
                                       "\" is what the reference's engine says of a flow; the exact "
                                       "engine, whose flows are exported, has no such field");
    return expression;
}

constexpr const char* formatHelp =
    "What is written: conn-log (Zeek's conn.log), conn-json (JSON, a line a flow), timearcs-v2 (a "
    "dataset)";

CLI::Option* addWord(CLI::App& app, const std::string& name, std::string& word, const char* value,
                     const char* help)
{
    return app.add_option(name, word, help)
        ->group(exportGroup)
        ->type_name(value)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

/// Which packets and flows it is about.
void addSelection(CLI::App& app, ExportWords& words)
{
    words.checksums = "ignore";
    addWord(app, "--checksums", words.checksums, "check|ignore",
            "Whether packets of captures whose checksum is wrong are believed (ignore) or not (check)")
        ->default_str("ignore");
    addWord(
        app, optionWord(OptionId::Filter), words.filter, "EXPR",
        "Write the flows that match, such as 'port == 443 and bytes > 1M'; of a dataset as for a conversion");
    addWord(app, "--read-filter", words.readFilter, "EXPR",
            "Read what matches, as --filter of a conversion does; flows are made of these packets alone");
}

} // namespace

void addExportOptions(CLI::App& app, ExportWords& words)
{
    addWord(app, "--as", words.format, "FORMAT", formatHelp)->required();
    addWord(app, "--output", words.output, "FILE",
            "The file, or the dataset's folder; - for standard output. A file that is there is kept unless "
            "--force")
        ->required();
    addSelection(app, words);
}

void addPlannedExportOptions(CLI::App& app, ExportWords& words)
{
    words.format = outputFormats().front().id;
    addWord(app, "--as", words.format, "FORMAT", formatHelp)->default_str(words.format);
    addSelection(app, words);
}

std::optional<FlowExportQuestion> exportQuestion(const CLI::App& app, const ExportWords& words,
                                                 Options& options)
{
    const OutputFormat& format = formatOf(words.format);
    checkEngine(app, format, options.flowsBy);
    checkOptionsOfOthers(app, format);
    const bool checks = counts(words.checksums);
    if (format.isFolder()) {
        if (words.output == toStandardOutput)
            throw CLI::ValidationError("--output", std::string(format.id) +
                                                       " is a folder; it cannot go to standard output");
        if (app.count("--checksums") > 0)
            throw CLI::ValidationError("--checksums", "means nothing for " + std::string(format.id) + "; " +
                                                          optionWord(OptionId::VerifyChecksums) +
                                                          " counts wrong ones");
        if (app.count("--read-filter") > 0)
            throw CLI::ValidationError("--read-filter", "means nothing for " + std::string(format.id) + "; " +
                                                            optionWord(OptionId::Filter) +
                                                            " says what is read");
        options.filter = words.filter;
        return std::nullopt;
    }
    FlowExportQuestion question;
    question.format = &format;
    options.exact.checksumsCount = checks;
    question.rules = options.exact;
    options.reading.verifyChecksums = options.reading.verifyChecksums || checks;
    // A tunnel is a connection, and so is what it carries.
    if (app.count(optionWord(OptionId::Tunnels)) == 0)
        options.reading.tunnels = Tunnels::Each;
    options.filter = words.readFilter;
    question.filter = words.filter;
    question.flows = filterOf(words.filter);
    if (words.output != toStandardOutput)
        question.file = pathFromText(words.output);
    else if (app.count("--json") > 0)
        throw CLI::ValidationError("--json", "the flows go to standard output already");
    return question;
}

} // namespace packetloom
