// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/flow_assignment.h"
#include "core/input/dataset/index_reader.h"

#include <filesystem>
#include <string_view>

namespace packetloom {

/// Reads the flows_index.json of a dataset into the flow table and the tally of `analysis`, the places of
/// `source` and the keys of `assignment`, which has begun afterwards. Checks it against the manifest, the
/// addresses, and the chunk files that are there. Errors: those of readFlowIndex(), DatasetMismatch.
Result<void> readDatasetIndex(const std::filesystem::path& file, Analysis& analysis, DatasetSource& source,
                              FlowAssignment& assignment, const ReadBeat& goOn);

/// The number of an address that unique_ips.json announced; else DatasetMismatch of `file`.
Result<AddressId> announcedAddress(const Analysis& analysis, std::string_view address,
                                   const std::filesystem::path& file);

} // namespace packetloom
