// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_compare.h"
#include "app/cli_shard_question.h"
#include "app/cli_top_question.h"
#include "core/output/flow_export_question.h"
#include "core/run/options.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace packetloom {

/// What the command line asks for.
struct Arguments
{
    Options options;
    std::filesystem::path outputFolder;
    bool inspect = false;                         ///< say what the inputs are, and nothing else
    std::optional<TopQuestion> top;               ///< put flows into groups, and write nothing
    std::optional<CompareQuestion> compare;       ///< compare the two engines, and write nothing
    std::optional<FlowExportQuestion> flowExport; ///< write a file of flows
    std::optional<ShardQuestion> shard;           ///< a job of tasks, or one of them
    bool preview = false;                         ///< analyze and report, write nothing
    bool json = false;                            ///< one JSON document on standard output instead of text
    bool quiet = false;                           ///< no progress, no report; errors only
};

/// Either arguments, or a text to print and the exit status to leave with (help, version, or a mistake).
struct ParsedArguments
{
    std::optional<Arguments> arguments;
    std::string output; ///< to standard output when exitStatus is 0, else to standard error
    int exitStatus = 0;
};

/// `arguments` without the program's name, in UTF-8. Names and defaults are the reference's, so that a script
/// which called the old loader needs another program name only.
ParsedArguments parseArguments(std::vector<std::string> arguments);

} // namespace packetloom
