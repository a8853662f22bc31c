// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/folder.h"
#include "core/support/result.h"

#include <filesystem>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace packetloom {

/// Where the inputs of a run are, so that nothing that holds one of them is given up. Files and folders count
/// by their numbers, too: an input can be reached by many paths.
class InputPlaces
{
public:
    explicit InputPlaces(std::span<const std::filesystem::path> inputs);

    /// The first input that this is, or that lies in it, as the user wrote it.
    [[nodiscard]] const std::filesystem::path* in(const Entry& entry) const;
    [[nodiscard]] const std::filesystem::path* in(const std::filesystem::path& folder,
                                                  const Entry& entry) const;

private:
    std::vector<std::pair<std::filesystem::path, std::filesystem::path>> paths_; ///< real, as it was written
    /// The inputs and all folders above them, by device and number.
    std::map<std::pair<std::uint64_t, std::uint64_t>, std::filesystem::path> numbers_;
};

/// The absolute path without links of a folder that a dataset may be put at, whatever it holds. Never,
/// whatever the user insists on: a file, a link to nothing, the root, the home and the current folder and
/// what holds them, mount points. Errors: NotAFolder, DanglingLink, RootFolder, HomeFolder, CurrentFolder,
/// MountPoint, Open; all of them with `wanted` as their file.
Result<std::filesystem::path> outputPlace(const std::filesystem::path& wanted);

} // namespace packetloom
