// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/target/output_folder.h"
#include "core/run/options.h"

#include <cstdint>
#include <filesystem>

namespace packetloom {

/// What is known of an output's place before anything is made.
struct TargetFacts
{
    Result<OutputState> state;   ///< or the error that the export would end with
    std::uint64_t available = 0; ///< bytes that are free there; the largest number when that is not known
};

/// Looks only, by the same rules as convert() and exportDataset(). The file system may take its time.
TargetFacts inspectTarget(const Options& options, const std::filesystem::path& folder);
/// The same of a file that exportFlows() would write, for who agrees that a file there (OutputState::File)
/// is replaced.
TargetFacts inspectTargetFile(const Options& options, const std::filesystem::path& file);

} // namespace packetloom
