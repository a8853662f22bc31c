// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_problems.h"
#include "core/analysis/analysis.h"
#include "core/analysis/engine_comparison.h"

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace packetloom {

/// What packetloom-cli compare-engines asks for.
struct CompareQuestion
{
    std::size_t examples = 3; ///< cases of each difference that are listed; 0: all
};

/// The report for people. `seconds`: wall time of the run.
std::string compareText(const Analysis& analysis, const ComparedEngines& compared,
                        const CompareQuestion& question, double seconds);
/// The same for programs: one JSON document, keys as described in docs/engine-comparison.md.
std::string compareJson(const Analysis& analysis, const ComparedEngines& compared,
                        const CompareQuestion& question, const std::vector<std::filesystem::path>& inputs,
                        double seconds, const std::vector<FileProblem>& problems = {});

} // namespace packetloom
