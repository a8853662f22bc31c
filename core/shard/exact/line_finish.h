// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/flow_export.h"
#include "core/shard/job.h"
#include "core/shard/map.h"
#include "core/support/result.h"

#include <filesystem>

namespace packetloom {

/// Where finishLines() puts what the tasks made.
struct LinesPlace
{
    std::filesystem::path file;
    bool replace = false; ///< the file, if there is one
    TakeText take{};      ///< takes the text instead, if set
};

/// The last task of a job for lines: joins those of the merge tasks to one file, which appears complete or
/// not at all, as exportFlows() has it. What it takes from the job stays there. Of each input is told what
/// finishJob() tells. Errors: those of exportFlows(); JobTrouble::NotDone, Damaged, InputChanged.
Result<FlowExportSummary> finishLines(const Job& job, const LinesPlace& place, const TaskContext& context);

} // namespace packetloom
