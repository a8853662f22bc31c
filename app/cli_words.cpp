// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_words.h"

#include "app/cli_options.h"
#include "core/support/path_text.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <sstream>
#include <string_view>

namespace packetloom {
namespace {

constexpr const char* ownMapValue = "FILE=MAP";

// An abbreviation that means one of these to the reference means it here too, whatever options there are
// besides. These never change.
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

bool sameName(const std::filesystem::path& a, const std::filesystem::path& b)
{
    return a.lexically_normal() == b.lexically_normal();
}

} // namespace

std::optional<ParsedArguments> refusal(CLI::App& app, std::vector<std::string> words,
                                       const std::function<void()>& check)
{
    try {
        completeOptions(app, words);
        std::reverse(words.begin(), words.end()); // CLI11 takes a vector from its back
        app.parse(words);
        if (check)
            check();
    } catch (const CLI::ParseError& error) {
        std::ostringstream text, problem;
        const int status = app.exit(error, text, problem);
        ParsedArguments result;
        result.exitStatus = status == 0 ? 0 : 2;
        result.output = status == 0 ? text.str() : "packetloom-cli: " + problem.str();
        return result;
    }
    return std::nullopt;
}

std::vector<std::filesystem::path> pathsOf(const std::vector<std::string>& texts)
{
    std::vector<std::filesystem::path> paths;
    std::transform(texts.begin(), texts.end(), std::back_inserter(paths), pathFromText);
    return paths;
}

void addOwnMaps(CLI::App& app, std::vector<std::string>& texts)
{
    app.add_option("--ip-map-for", texts, "The IP map of one capture alone, in place of --ip-map; repeatable")
        ->group(inputGroup)
        ->type_name(ownMapValue)
        ->allow_extra_args(false);
}

void takeOwnMaps(Options& options, const std::vector<std::string>& texts)
{
    for (const auto& text : texts) {
        bool known = false;
        for (auto sign = text.find('='); sign != std::string::npos && !known;
             sign = text.find('=', sign + 1)) {
            const auto named = pathFromText(text.substr(0, sign));
            for (const auto& input : options.inputs) {
                if (!sameName(input, named) || sign + 1 == text.size())
                    continue;
                known = true;
                auto own = std::ranges::find(options.specs, input, &InputSpec::file);
                if (own == options.specs.end()) {
                    own = options.specs.insert(own, options.reading);
                    own->file = input;
                }
                own->ipMap = pathFromText(text.substr(sign + 1));
            }
        }
        if (!known)
            throw CLI::ValidationError("--ip-map-for", "must be " + std::string(ownMapValue) +
                                                           " with one of the captures, not " + text);
    }
}

} // namespace packetloom
