// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_problems.h"
#include "core/output/flow_export.h"
#include "core/output/flow_export_question.h"
#include "core/run/options.h"

#include <string>
#include <vector>

namespace packetloom {

/// The report for people. `seconds`: wall time of the run.
std::string exportText(const FlowExportSummary& summary, const FlowExportQuestion& question,
                       const Options& options, double seconds);
/// The same for programs: one JSON document, keys as described in docs/exports.md.
std::string exportJson(const FlowExportSummary& summary, const FlowExportQuestion& question,
                       const Options& options, double seconds, const std::vector<FileProblem>& problems = {});

} // namespace packetloom
