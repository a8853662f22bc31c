// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/conversion_summary.h"
#include "core/output/target/output_folder.h"
#include "core/run/options.h"
#include "core/run/run.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

namespace packetloom {

/// What convert() and exportDataset() have in common: a run into an output folder.

/// Whether the output may go there, by looking alone; errors belong to the preparation.
Result<OutputFolder> checkOutput(const Options& options, const std::filesystem::path& folder);
/// The output folder, looked at and made; errors belong to the preparation.
Result<OutputFolder> prepareOutput(const Options& options, const std::filesystem::path& folder);

/// Gives the finished folder its name: see runInto(), and OutputFolder::publish() for the errors.
Result<void> publish(OutputFolder& output, const Options& options, const RunTotals& totals,
                     ProgressMeter& meter);
/// The error as the user shall hear of it: see runInto(). `needed` bytes, where that is known.
Error ofOutput(Error error, std::uint64_t needed, const OutputFolder& output);
/// Adds what could not be removed of what stood there.
void noteLeftovers(const OutputFolder& folder, std::vector<Warning>& warnings);

/// The run of `ends`, whose output is made here, into the folder, which gets its name as the last step. A run
/// that kept nothing does not replace a dataset that has packets unless the options say so (NothingKept).
/// `packets`: how many are expected, 0 when that is not known; when their output will hardly fit, the
/// heartbeat is told. An error of a full disk says how much was needed, or that it is not bytes that are
/// missing; a file of the working folder goes by the name that it would have got: the user knows no other.
Result<ConversionSummary> runInto(OutputFolder& folder, Run::Ends ends, std::uint64_t packets,
                                  const Options& options, TaskPool& pool, ProgressMeter& meter);

} // namespace packetloom
