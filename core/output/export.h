// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/output/conversion_summary.h"
#include "core/run/options.h"
#include "core/run/progress.h"

#include <filesystem>

namespace packetloom {

/// The dataset that convert() would make of the analysis's inputs, from its spool: the inputs are not read
/// again. Of `options` the chunk size, the label, and what may be replaced count; the others must be those of
/// the analysis (sameCapture()), which must have been made with Depth::Flows. Errors as for convert().
Result<ConversionSummary> exportDataset(const CaptureAnalysis& analysis, const Options& options,
                                        const std::filesystem::path& folder, const Heartbeat& heartbeat);

} // namespace packetloom
