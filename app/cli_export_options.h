// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/flow_export_question.h"
#include "core/run/options.h"

#include <CLI/CLI.hpp>
#include <string>

namespace packetloom {

/// What was said of an export, as it was written.
struct ExportWords
{
    std::string format, output, checksums, filter, readFilter;
};

/// Adds the options that export has as its own.
void addExportOptions(CLI::App& app, ExportWords& words);
/// The same of a job that is planned, without its output, and as a dataset unless another format is asked
/// for.
void addPlannedExportOptions(CLI::App& app, ExportWords& words);
/// What they mean, when all was read. What does not go together, or means nothing for the output that was
/// asked for, is refused (CLI::ValidationError) and never left aside. Nothing where a dataset was asked for,
/// whose filter is put into `options`.
std::optional<FlowExportQuestion> exportQuestion(const CLI::App& app, const ExportWords& words,
                                                 Options& options);

} // namespace packetloom
