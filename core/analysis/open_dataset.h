// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/run/progress.h"

#include <filesystem>
#include <memory>

namespace packetloom {

/// Opens a converted dataset, of ours or of the reference, as the analysis of its captures that
/// analyze(Depth::Flows) would make: the captures are not needed. All files but the chunks are read and must
/// agree; a chunk file is read when readFlow() wants one of its flows.
///
/// What a dataset does not tell: the options that decide when flows are complete, rejected rows and warnings
/// (there are none), and FlowTable::ByTimeout and FlowTally::byTimeout (never set;
/// FlowDetail::byTimeout is). The first rows are those of packets.csv. Addresses have other numbers. The
/// spool does not know the read chunks, so that it cannot be exported.
///
/// `memoryLimit`: as in Options.
///
/// Errors: NotADataset, DatasetSyntax, DatasetMismatch, Open, Read, MemoryLimit, Cancelled, Internal.
Result<std::shared_ptr<const DatasetAnalysis>>
openDataset(const std::filesystem::path& folder, const Heartbeat& heartbeat, std::uint64_t memoryLimit = 0);

} // namespace packetloom
