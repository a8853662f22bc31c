// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <filesystem>
#include <span>
#include <vector>

namespace packetloom {

/// What may stand where the dataset goes.
enum class ReplacePolicy : std::uint8_t {
    Datasets, ///< nothing, an empty folder, or a dataset with nothing else beside it
    Anything, ///< any folder
};

/// The folder that a dataset is written into: a hidden sibling of the target, which takes the target's place
/// when it is complete. Until publish() succeeds the target is untouched; without it the destructor removes
/// every trace.
class OutputFolder
{
public:
    /// Looks only. The errors Exists, NotAFolder, MountPoint, InputInOutput, Open.
    static Result<OutputFolder> check(const std::filesystem::path& target, ReplacePolicy policy,
                                      std::span<const std::filesystem::path> inputs);
    OutputFolder(OutputFolder&& other) noexcept;
    OutputFolder& operator=(OutputFolder&&) = delete;
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;
    ~OutputFolder();

    /// Makes the working folder, and the folders above the target that are missing.
    Result<void> create();
    /// Where to write. Only after create().
    [[nodiscard]] const std::filesystem::path& path() const { return working_; }
    [[nodiscard]] const std::filesystem::path& target() const { return target_; }
    /// Puts the finished dataset in the target's place and removes what was there.
    Result<void> publish();

private:
    explicit OutputFolder(std::filesystem::path target) : target_(std::move(target)) {}
    void discard() noexcept;

    std::filesystem::path target_;
    std::filesystem::path working_;
    std::vector<std::filesystem::path> madeAbove_; ///< outermost first
};

/// Whether `folder` holds a dataset in the chunked format (its manifest says so).
bool isDataset(const std::filesystem::path& folder);

} // namespace packetloom
