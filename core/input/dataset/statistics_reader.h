// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/dataset/dataset_elements.h"
#include "core/stats/address_stats.h"
#include "core/stats/time_bins.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string_view>
#include <vector>

namespace packetloom {

/// The readers of a dataset's small files, each in the order of the file. Texts are valid during the visit,
/// and hostile. Errors: those of forEachElement(), DatasetSyntax.
Result<void> readUniqueAddresses(const std::filesystem::path& file, const ReadBeat& goOn,
                                 const std::function<Result<void>(std::string_view)>& visit);
Result<void>
readAddressStats(const std::filesystem::path& file, const ReadBeat& goOn,
                 const std::function<Result<void>(std::string_view, const AddressCounters&)>& visit);
Result<void> readFlagStats(const std::filesystem::path& file, const ReadBeat& goOn,
                           const std::function<Result<void>(std::string_view, std::uint64_t)>& visit);
Result<std::vector<TimeBin>> readBins(const std::filesystem::path& file, const ReadBeat& goOn);

} // namespace packetloom
