// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_problems.h"
#include "app/cli_top_question.h"
#include "core/analysis/analysis.h"
#include "core/analysis/group_table.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace packetloom {

/// The answer to a question: the groups, and which of them are listed, in order.
struct TopAnswer
{
    std::shared_ptr<const GroupTable> table; ///< never null
    std::vector<std::uint32_t> listed;
};

/// Makes the groups.
TopAnswer answerTop(const Analysis& analysis, const TopQuestion& question);

/// The report for people. `seconds`: wall time of the run.
std::string topText(const Analysis& analysis, const TopQuestion& question, const TopAnswer& answer,
                    double seconds);
/// The same for programs: one JSON document, keys as described in the README.
std::string topJson(const Analysis& analysis, const TopQuestion& question, const TopAnswer& answer,
                    const std::vector<std::filesystem::path>& inputs, double seconds,
                    const std::vector<FileProblem>& problems = {});

} // namespace packetloom
