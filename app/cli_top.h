// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_problems.h"
#include "app/cli_top_question.h"
#include "core/analysis/analysis.h"

#include <filesystem>
#include <string>
#include <vector>

namespace packetloom {

/// Makes the groups. Errors: those of answerGroups().
Result<GroupAnswer> answerTop(const Analysis& analysis, const TopQuestion& question);

/// The report for people. `seconds`: wall time of the run.
std::string topText(const Analysis& analysis, const TopQuestion& question, const GroupAnswer& answer,
                    double seconds);
/// The same for programs: one JSON document, keys as described in the README.
std::string topJson(const Analysis& analysis, const TopQuestion& question, const GroupAnswer& answer,
                    const std::vector<std::filesystem::path>& inputs, double seconds,
                    const std::vector<FileProblem>& problems = {});

} // namespace packetloom
