// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/conversion_summary.h"
#include "core/shard/job.h"
#include "core/shard/map.h"
#include "core/support/result.h"

#include <filesystem>

namespace packetloom {

/// The last task: joins what the others made to the dataset `folder`, which appears complete or not at all,
/// as convert() has it. What it takes from the job stays there. Of the summary's totals, packets that were
/// seen again (FrameTotals::seenAgain()) are those of each stretch by itself. Errors: those of convert();
/// JobTrouble::NotDone, Damaged, InputChanged, OtherOutput.
Result<ConversionSummary> finishJob(const Job& job, const std::filesystem::path& folder,
                                    const TaskContext& context);

} // namespace packetloom
