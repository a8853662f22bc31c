// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_arguments.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace packetloom {

// What all commands read their words with.

/// Lets `app` read the words. Nothing when it could; else what to print and how to end. `check` may refuse
/// what was read (CLI::ParseError).
std::optional<ParsedArguments> refusal(CLI::App& app, std::vector<std::string> words,
                                       const std::function<void()>& check = {});

std::vector<std::filesystem::path> pathsOf(const std::vector<std::string>& texts);

/// Adds --ip-map-for, whose values go to `texts`.
void addOwnMaps(CLI::App& app, std::vector<std::string>& texts);
/// What was said for single captures by --ip-map-for, each with what is said for all. A capture's name may
/// hold the sign that stands behind it.
void takeOwnMaps(Options& options, const std::vector<std::string>& texts);

} // namespace packetloom
