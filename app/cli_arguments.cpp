// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_arguments.h"

#include "core/input/csv/number.h"
#include "core/support/build_text.h"
#include "core/support/path_text.h"
#include "core/support/version.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <functional>
#include <sstream>
#include <string_view>

namespace packetloom {
namespace {

constexpr const char* description =
    "Turns packet captures in CSV form into datasets for the TimeArcs viewers.";

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

Exit status: 0 done, 1 failed while running, 2 wrong arguments or unusable input (nothing was
written), 130 stopped by Ctrl+C (nothing is left behind).)";

constexpr std::int64_t mostThreads = 1024, mostMegabytes = 1'000'000'000;

// An abbreviation that means one of these to the reference means it here too, whatever options there are
// besides.
constexpr std::array<std::string_view, 12> referenceOptions{"help",
                                                            "data",
                                                            "ip-map",
                                                            "output-dir",
                                                            "max-records",
                                                            "chunk-size",
                                                            "chunk-read-size",
                                                            "flow-timeout-seconds",
                                                            "filter-ips",
                                                            "filter-time-start",
                                                            "filter-time-end",
                                                            "attack-context"};

// Options are gathered as text first where CLI11 has no type for them.
struct Raw
{
    std::vector<std::string> data;
    std::string ipMap, outputDir;
};

std::filesystem::path toPath(const std::string& text)
{
    return pathFromText(text);
}

// A decimal 64-bit integer as the reference reads it. CLI11's own conversion takes 010 for 8 and cuts what is
// too large.
CLI::Option* addNumber(CLI::App& app, const char* name, std::function<void(std::int64_t)> set,
                       const char* help)
{
    const auto read = [name, set = std::move(set)](const std::string& text) {
        const Number number = parseNumber(text);
        if (number.kind != Number::Kind::Integer)
            throw CLI::ConversionError(text, name);
        set(number.whole);
    };
    return app.add_option_function<std::string>(name, read, help)
        ->type_name("N")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
}

// An option may be cut short as long as it can only mean one, as the reference's argparse has it; CLI11
// cannot.
void completeOptions(const CLI::App& app, std::vector<std::string>& words)
{
    std::vector<std::string> names;
    for (const CLI::Option* const option : app.get_options())
        names.insert(names.end(), option->get_lnames().begin(), option->get_lnames().end());
    for (auto& word : words) {
        if (word == "--")
            return;
        const std::string given = word.substr(0, word.find('='));
        if (given.size() <= 2 || !given.starts_with("--"))
            continue;
        std::vector<std::string> fitting, fittingReference;
        for (const auto& name : names) {
            if (!name.starts_with(given.substr(2)))
                continue;
            if (name.size() == given.size() - 2) { // written in full
                fittingReference = {name};
                break;
            }
            fitting.push_back(name);
            if (std::find(referenceOptions.begin(), referenceOptions.end(), name) != referenceOptions.end())
                fittingReference.push_back(name);
        }
        if (fittingReference.size() == 1)
            fitting = fittingReference;
        if (fitting.size() > 1) {
            std::string candidates;
            for (const auto& name : fitting)
                candidates += (candidates.empty() ? "--" : ", --") + name;
            throw CLI::ValidationError(given, "could be " + candidates);
        }
        if (!fitting.empty())
            word.replace(2, given.size() - 2, fitting.front());
    }
}

} // namespace

ParsedArguments parseArguments(std::vector<std::string> words)
{
    Arguments parsed;
    Raw raw;
    std::int64_t threads = 0, megabytes = 0;
    Options& options = parsed.options;
    CLI::App app(description, "packetloom-cli");
    app.footer(footer);
    app.set_version_flag("--version",
                         std::string("packetloom-cli " PACKETLOOM_VERSION " (build ") + buildText() + ")",
                         "Print the version and exit");
    app.get_formatter()->column_width(36);

    // A repeated option counts as the reference counts it: the last one wins.
    const auto last = CLI::MultiOptionPolicy::TakeLast;
    const char* const input = "Input";
    app.add_option("--data", raw.data, "CSV captures, plain or gzip, read in the order given")
        ->group(input)
        ->type_name("FILE")
        ->required();
    app.add_option("--ip-map", raw.ipMap,
                   "JSON object {\"address\": integer id} for captures with address ids")
        ->group(input)
        ->type_name("FILE")
        ->multi_option_policy(last);
    app.add_flag("--skip-missing", options.skipMissing,
                 "Warn about inputs that cannot be read and go on without them")
        ->group(input);

    const char* const output = "Output";
    app.add_option("--output-dir", raw.outputDir, "The dataset's folder; an older dataset there is replaced")
        ->group(output)
        ->type_name("DIR")
        ->multi_option_policy(last);
    app.add_flag("--force", options.replaceAnything,
                 "Write into a folder that holds other things as well; they stay")
        ->group(output);
    app.add_flag("--preview", parsed.preview, "Analyze and print what an export would hold; write nothing")
        ->group(output);
    app.add_flag("--json", parsed.json, "Print one JSON document instead of text")->group(output);
    app.add_flag("--quiet", parsed.quiet, "No progress and no summary, errors only")->group(output);
    app.add_option("--attack-context", options.attackContext, "A label for the manifest")
        ->group(output)
        ->type_name("TEXT")
        ->multi_option_policy(last);

    app.add_flag_callback(
           "--compact", [&options] { options.style = JsonStyle::Compact; },
           "Write JSON without line breaks and indentation; viewers read it alike")
        ->group(output);

    const char* const filters = "Filters";
    app.add_option("--filter-ips", options.addressFilter,
                   "Keep rows where either end is in this list: addresses, CIDR blocks, ids of the map")
        ->group(filters)
        ->type_name("A,B,...")
        ->multi_option_policy(last);
    const auto ends = [&](const std::string& text) {
        if (text != "either" && text != "both")
            throw CLI::ValidationError("--filter-ends", "must be either or both, not " + text);
        options.filterEnds = text == "both" ? FilterEnds::Both : FilterEnds::Either;
    };
    app.add_option_function<std::string>("--filter-ends", ends,
                                         "Which ends must be in that list: either (the default) or both")
        ->group(filters)
        ->type_name("either|both")
        ->multi_option_policy(last);
    const auto time = [&](const char* name, std::optional<std::int64_t>& bound, const char* help) {
        addNumber(
            app, name, [&bound](std::int64_t value) { bound = value; }, help)
            ->group(filters)
            ->type_name("US");
    };
    time("--filter-time-start", options.window.start,
         "Keep rows from this time on (microseconds since the epoch)");
    time("--filter-time-end", options.window.end, "Keep rows up to and including this time");
    addNumber(
        app, "--max-records", [&](std::int64_t value) { options.maxRecords = value; },
        "Stop after N kept rows (0 = no limit)")
        ->group(filters);

    const char* const flows = "Flows";
    const auto number = [&](const char* name, std::int64_t& value, const char* help) {
        addNumber(
            app, name, [&value](std::int64_t given) { value = given; }, help)
            ->group(flows)
            ->default_str(std::to_string(value));
    };
    number("--chunk-size", options.flowsPerChunk, "Flows per chunk file");
    number("--chunk-read-size", options.readChunkRows,
           "Data rows per read chunk; flows are judged at its end");
    number("--flow-timeout-seconds", options.flowTimeoutSeconds, "Inactivity that ends a flow");

    addNumber(
        app, "--threads", [&](std::int64_t value) { threads = value; },
        "Threads that work; 0 = as many as the hardware has. The output does not depend on it")
        ->group("Resources")
        ->default_str("0");
    addNumber(
        app, "--memory-limit", [&](std::int64_t value) { megabytes = value; },
        "End rather than use more than N MB; 0 = nine tenths of what the machine or the control group has")
        ->group("Resources")
        ->default_str("0");

    try {
        completeOptions(app, words);
        std::reverse(words.begin(), words.end()); // CLI11 takes a vector from its back
        app.parse(words);
        if (!parsed.preview && raw.outputDir.empty())
            throw CLI::RequiredError("--output-dir (or --preview)");
        if (threads < 0 || threads > mostThreads)
            throw CLI::ValidationError("--threads", "must be 0 to " + std::to_string(mostThreads));
        options.threads = static_cast<unsigned>(threads);
        if (megabytes < 0 || megabytes > mostMegabytes)
            throw CLI::ValidationError("--memory-limit", "must be 0 to " + std::to_string(mostMegabytes));
        options.memoryLimit = static_cast<std::uint64_t>(megabytes) * 1'000'000;
    } catch (const CLI::ParseError& error) {
        std::ostringstream text, problem;
        const int status = app.exit(error, text, problem);
        ParsedArguments result;
        result.exitStatus = status == 0 ? 0 : 2;
        result.output = status == 0 ? text.str() : "packetloom-cli: " + problem.str();
        return result;
    }

    std::transform(raw.data.begin(), raw.data.end(), std::back_inserter(options.inputs), toPath);
    options.ipMap = toPath(raw.ipMap);
    parsed.outputFolder = toPath(raw.outputDir);
    return {.arguments = std::move(parsed), .output = {}, .exitStatus = 0};
}

} // namespace packetloom
