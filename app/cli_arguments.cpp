// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_arguments.h"

#include "app/cli_export_options.h"
#include "app/cli_options.h"
#include "app/cli_shard_options.h"
#include "app/cli_top_options.h"
#include "app/cli_words.h"
#include "core/support/build_text.h"
#include "core/support/path_text.h"
#include "core/support/version.h"
#include "ui/option_spelling.h"

#include <algorithm>
#include <array>
#include <functional>
#include <iterator>
#include <optional>
#include <sstream>
#include <string_view>
#include <utility>

namespace packetloom {
namespace {

constexpr const char* description =
    "Turns packet captures (pcap, pcapng or CSV) into datasets for the TimeArcs viewers.";

constexpr const char* footer = R"(
Examples:
  Convert one capture with integer address ids:
    packetloom-cli --data day1.csv.gz --ip-map ip_map.json --output-dir out/day1

  Several files, read in this order, and only what two networks sent or received on one morning:
    packetloom-cli --data day1.csv.gz day2.csv.gz --ip-map ip_map.json --output-dir out/morning \
        --filter-ips 10.1.0.0/16,2001:db8::/32 \
        --filter-time-start 1257292800000000 --filter-time-end 1257336000000000

  Look before exporting; nothing is written:
    packetloom-cli --preview --data day1.csv.gz --ip-map ip_map.json
    packetloom-cli --preview --json --data day1.csv.gz | jq .close_types

  Which services have most flows, and who scans (see packetloom-cli top --help):
    packetloom-cli top day1.csv.gz --by dport --sort bytes
    packetloom-cli top day1.csv.gz --by src --sort ports

  The connections of captures as Zeek writes them (see packetloom-cli export --help):
    packetloom-cli export day1.pcap --as conn-log --output conn.log

  Where the two engines differ, and why (see packetloom-cli compare-engines --help):
    packetloom-cli compare-engines day1.pcap

  The same conversion cut into tasks, for many machines (see packetloom-cli shard --help):
    packetloom-cli shard plan --job JOB --shards 16 day1.csv day2.csv

  What a file is taken for, and what is doubtful of it (see packetloom-cli inspect --help):
    packetloom-cli inspect export.csv

Exit status: 0 done, 1 failed while running, 2 wrong arguments or unusable input (nothing was
written), 130 stopped by Ctrl+C (nothing is left behind).)";

constexpr const char* topFooter = R"(
A flow counts for every group that it has values for: by addr, net or port for both ends. The source is the
initiator. Peers are the different addresses at the other end; ports those of the destination; unanswered
flows are those in which the destination sent nothing. Sent bytes are those of the source.

Examples:
  Who scans, and who is flooded:
    packetloom-cli top day1.csv.gz --by src --sort ports
    packetloom-cli top day1.csv.gz --by dst --sort unanswered
  Who talks to the web servers of a network, as JSON:
    packetloom-cli top day1.csv.gz --by dst,srcnet --filter "dst == 10.0.0.0/8 port in {80 443}" --json

Exit status: as without top; see packetloom-cli --help.)";

constexpr const char* exportFooter = R"(
conn-log and conn-json hold the flows of all protocols as the exact engine finds them; docs/exports.md tells
their fields. They appear complete or not at all.

Examples:
  Zeek's log, from captures; wrong checksums are not believed:
    packetloom-cli export day1.pcap day2.pcap --as conn-log --checksums check --output conn.log
  All figures of the flows of one network, into another program:
    packetloom-cli export day1.pcap --as conn-json --filter "src == 10.0.0.0/8" --output - | jq .orig_rtt_median

Exit status: as without export; see packetloom-cli --help.)";

constexpr const char* compareFooter = R"(
The flows of TCP that the reference's rules make, as datasets hold them, beside those of the exact engine, which goes
by the capture's time and TCP's numbers. docs/engine-comparison.md tells the differences.

Example:
    packetloom-cli compare-engines day1.pcap --examples 1

Exit status: as without compare-engines; see packetloom-cli --help.)";

ParsedArguments parseInspect(std::vector<std::string> words)
{
    Arguments parsed;
    parsed.inspect = true;
    std::vector<std::string> data, ownMaps;
    CLI::App app("Says what captures are taken for, and what is doubtful of that.", "packetloom-cli inspect");
    app.get_formatter()->column_width(36);
    app.add_option("FILE", data, "The captures")->required();
    addOptions(app, parsed.options, {inputGroup});
    addOwnMaps(app, ownMaps);
    app.add_flag("--json", parsed.json, "Print one JSON document instead of text");
    const auto check = [&] {
        parsed.options.inputs = pathsOf(data);
        takeOwnMaps(parsed.options, ownMaps);
    };
    if (auto refused = refusal(app, std::move(words), check))
        return *std::move(refused);
    return {.arguments = std::move(parsed), .output = {}, .exitStatus = 0};
}

ParsedArguments parseExport(std::vector<std::string> words)
{
    Arguments parsed;
    std::vector<std::string> data, ownMaps;
    ExportWords said;
    CLI::App app("Writes the flows of captures in the format of another program, or as a dataset.",
                 "packetloom-cli export");
    app.get_formatter()->column_width(36);
    app.footer(exportFooter);
    app.add_option("FILE", data, "The captures, read in the order given")->required();
    addExportOptions(app, said);
    addOptions(app, parsed.options);
    addOwnMaps(app, ownMaps);
    app.add_flag("--json", parsed.json, "Print one JSON document instead of text")->group(outputGroup);
    app.add_flag("--quiet", parsed.quiet, "No progress and no summary, errors only")->group(outputGroup);
    const auto check = [&] {
        parsed.options.inputs = pathsOf(data);
        parsed.flowExport = exportQuestion(app, said, parsed.options); // which says how all are read
        takeOwnMaps(parsed.options, ownMaps);
    };
    if (auto refused = refusal(app, std::move(words), check))
        return *std::move(refused);
    parsed.outputFolder = pathFromText(said.output);
    return {.arguments = std::move(parsed), .output = {}, .exitStatus = 0};
}

ParsedArguments parseCompare(std::vector<std::string> words)
{
    Arguments parsed;
    parsed.compare.emplace();
    std::vector<std::string> data, ownMaps;
    CLI::App app("Says where the two engines tell flows of the same packets otherwise, and why.",
                 "packetloom-cli compare-engines");
    app.get_formatter()->column_width(36);
    app.footer(compareFooter);
    app.add_option("FILE", data, "The captures, read in the order given")->required();
    app.add_option("--examples", parsed.compare->examples,
                   "How many cases of each difference are listed; 0 = all")
        ->type_name("N")
        ->check(CLI::NonNegativeNumber)
        ->default_str(std::to_string(parsed.compare->examples));
    addOptions(app, parsed.options, {inputGroup, filterGroup, flowGroup, exactGroup, resourceGroup});
    addOwnMaps(app, ownMaps);
    app.add_flag("--json", parsed.json, "Print one JSON document instead of text");
    app.add_flag("--quiet", parsed.quiet, "No progress and no warnings");
    const auto check = [&] {
        parsed.options.inputs = pathsOf(data);
        takeOwnMaps(parsed.options, ownMaps);
        if (const auto engine = optionWord(OptionId::Engine); app.count(engine) > 0)
            throw CLI::ValidationError(engine, "means nothing where both engines are compared");
    };
    if (auto refused = refusal(app, std::move(words), check))
        return *std::move(refused);
    return {.arguments = std::move(parsed), .output = {}, .exitStatus = 0};
}

ParsedArguments parseTop(std::vector<std::string> words)
{
    Arguments parsed;
    parsed.top.emplace();
    std::vector<std::string> data, ownMaps;
    CLI::App app(
        "Puts the flows or packets of captures, or the flows of a table, into groups, and lists the largest.",
        "packetloom-cli top");
    app.get_formatter()->column_width(36);
    app.footer(topFooter);
    app.add_option("FILE", data, "The captures, read in the order given")->required();
    addTopOptions(app, *parsed.top);
    addOptions(app, parsed.options, {inputGroup, filterGroup, flowGroup, exactGroup, resourceGroup});
    addOwnMaps(app, ownMaps);
    app.add_flag("--json", parsed.json, "Print one JSON document instead of text");
    app.add_flag("--quiet", parsed.quiet, "No progress and no warnings");
    const auto check = [&] {
        parsed.options.inputs = pathsOf(data);
        takeOwnMaps(parsed.options, ownMaps);
        checkTop(app, *parsed.top);
    };
    if (auto refused = refusal(app, std::move(words), check))
        return *std::move(refused);
    return {.arguments = std::move(parsed), .output = {}, .exitStatus = 0};
}

} // namespace

ParsedArguments parseArguments(std::vector<std::string> words)
{
    constexpr std::array<std::pair<std::string_view, ParsedArguments (*)(std::vector<std::string>)>, 5>
        commands{{{"inspect", parseInspect},
                  {"top", parseTop},
                  {"export", parseExport},
                  {"compare-engines", parseCompare},
                  {"shard", parseShard}}};
    for (const auto& [name, parse] : commands) {
        if (words.empty() || words.front() != name)
            continue;
        words.erase(words.begin());
        return parse(std::move(words));
    }
    Arguments parsed;
    std::vector<std::string> data, ownMaps; // CLI11 has no type for paths
    std::string outputFolder;
    CLI::App app(description, "packetloom-cli");
    app.footer(footer);
    app.set_version_flag("--version",
                         std::string("packetloom-cli " PACKETLOOM_VERSION " (build ") + buildText() + ")",
                         "Print the version and exit");
    app.get_formatter()->column_width(36);

    // What is no value of the table of options: the captures, and what the program itself does.
    app.add_option("--data", data,
                   "Captures (pcap, pcapng, tables), plain or compressed, read in the order given")
        ->group(inputGroup)
        ->type_name("FILE")
        ->required();
    app.add_option("--output-dir", outputFolder, "The dataset's folder; an older dataset there is replaced")
        ->group(outputGroup)
        ->type_name("DIR")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast); // as the reference counts it
    addOptions(app, parsed.options);
    addOwnMaps(app, ownMaps);
    app.add_flag("--preview", parsed.preview, "Analyze and print what an export would hold; write nothing")
        ->group(outputGroup);
    app.add_flag("--json", parsed.json, "Print one JSON document instead of text")->group(outputGroup);
    app.add_flag("--quiet", parsed.quiet, "No progress and no summary, errors only")->group(outputGroup);

    const auto check = [&] {
        if (!parsed.preview && outputFolder.empty())
            throw CLI::RequiredError("--output-dir (or --preview)");
        parsed.options.inputs = pathsOf(data);
        takeOwnMaps(parsed.options, ownMaps);
    };
    if (auto refused = refusal(app, std::move(words), check))
        return *std::move(refused);
    parsed.outputFolder = pathFromText(outputFolder);
    return {.arguments = std::move(parsed), .output = {}, .exitStatus = 0};
}

} // namespace packetloom
