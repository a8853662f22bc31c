// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_problems.h"
#include "core/analysis/analysis.h"
#include "core/output/conversion_summary.h"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// What the text and JSON reports show of addresses and pairs, busiest first.
std::vector<AddressId> busiestAddresses(const CountedPackets& analysis, std::size_t most);
std::vector<AddressPair> busiestPairs(const CountedPackets& analysis, std::size_t most);

/// The reports for people. `seconds`: wall time of the run.
// `filter`: Options::filter, which is told where there is one.
std::string conversionText(const ConversionSummary& summary, const std::vector<std::filesystem::path>& inputs,
                           double seconds, std::string_view filter = {});
std::string previewText(const Analysis& analysis, const std::vector<std::filesystem::path>& inputs,
                        double seconds, std::string_view filter = {});

/// The same for programs: one JSON document, keys as described in the README. `problems` is what was found
/// before the run.
std::string conversionJson(const ConversionSummary& summary, const std::vector<std::filesystem::path>& inputs,
                           double seconds, const std::vector<FileProblem>& problems = {},
                           std::string_view filter = {});
std::string previewJson(const Analysis& analysis, const std::vector<std::filesystem::path>& inputs,
                        double seconds, const std::vector<FileProblem>& problems = {},
                        std::string_view filter = {});

} // namespace packetloom
