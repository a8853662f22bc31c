// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_expression.h"
#include "core/flow/exact/exact_rules.h"
#include "core/output/output_format.h"

#include <filesystem>
#include <optional>
#include <string>

namespace packetloom {

/// What a user asks for who wants a file of the exact engine's flows, by the command line or in the window;
/// beside the Options, which say what is read. A dataset is a conversion.
struct FlowExportQuestion
{
    const OutputFormat* format = nullptr; ///< one of needsExactFlows()
    ExactRules rules;
    std::string filter; ///< as it was written; empty for none
    std::optional<FilterExpression> flows;
    std::filesystem::path file; ///< none: standard output

    [[nodiscard]] bool toStandardOutput() const { return file.empty(); }
};

} // namespace packetloom
