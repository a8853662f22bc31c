// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_problems.h"
#include "core/output/timearcs_v2/json_writer.h"
#include "core/run/run_result.h"
#include "core/support/text_buffer.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace packetloom {

// What all reports say with the same words: a member each.

/// "inputs"
void writeInputs(JsonWriter<TextBuffer>& json, const std::vector<std::filesystem::path>& inputs);
/// What became of the rows of the inputs: from "inputs" to "time_range".
void writeReading(JsonWriter<TextBuffer>& json, const RunTotals& totals, std::uint64_t packets,
                  const std::vector<std::filesystem::path>& inputs);
/// "warnings"
void writeWarnings(JsonWriter<TextBuffer>& json, const std::vector<Warning>& warnings);
/// "problems"
void writeProblems(JsonWriter<TextBuffer>& json, const std::vector<FileProblem>& problems);

} // namespace packetloom
