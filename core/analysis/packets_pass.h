// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/flow_assignment.h"
#include "core/run/progress.h"

#include <filesystem>

namespace packetloom {

/// Reads the packets.csv of a dataset into the parts of `analysis` that no other file tells (pairs,
/// timelines, first rows), and checks it against those that are there already: totals, addresses, flows.
/// `flows` must have begun. Errors: DatasetMismatch, Open, Read, Cancelled.
Result<void> readDatasetPackets(const std::filesystem::path& file, Analysis& analysis, FlowAssignment& flows,
                                ProgressMeter& meter);

} // namespace packetloom
