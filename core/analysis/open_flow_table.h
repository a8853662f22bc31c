// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_table_analysis.h"
#include "core/run/progress.h"
#include "core/support/stop_event.h"

#include <filesystem>
#include <memory>

namespace packetloom {

/// Opens a table of flows for looking. `memoryLimit`: as in Options.
///
/// Errors: NotAFlowTable (Stage::Prepare), NotRegular (Prepare), those of openByteSource() and of reading;
/// InputShrank, MemoryLimit, Cancelled, Internal.
Result<std::shared_ptr<const FlowTableAnalysis>> openFlowTable(const std::filesystem::path& file,
                                                               const Heartbeat& heartbeat,
                                                               std::uint64_t memoryLimit = 0,
                                                               const StopEvent* stop = nullptr);

} // namespace packetloom
