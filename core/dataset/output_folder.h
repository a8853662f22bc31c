// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/file_lock.h"
#include "core/support/result.h"

#include <filesystem>
#include <functional>
#include <optional>
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
/// every trace. When the process dies, the target is the complete old dataset, the complete new one, or
/// (where the system cannot exchange two folders at once) absent, and the next run for the target sweeps up
/// after it.
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

    /// Takes the target's lock, sweeps up what a run left behind that did not end, and makes the working
    /// folder and the folders above the target that are missing. The errors InUse, Write, NoSpace.
    Result<void> create();
    /// Where to write. Only after create().
    [[nodiscard]] const std::filesystem::path& path() const { return working_; }
    [[nodiscard]] const std::filesystem::path& target() const { return target_; }
    /// Has all files written to the disk, puts the finished dataset in the target's place and removes what
    /// was there. `goOn` is asked between two files; false ends with Cancelled. After that there is no way
    /// back.
    Result<void> publish(const std::function<bool()>& goOn = nullptr);

private:
    OutputFolder(std::filesystem::path target, ReplacePolicy policy)
        : target_(std::move(target)), policy_(policy)
    {
    }
    void discard() noexcept;
    void sweep() const;
    Result<void> exchange();

    std::filesystem::path target_;
    ReplacePolicy policy_;
    std::optional<FileLock> lock_;
    std::filesystem::path working_;
    std::vector<std::filesystem::path> madeAbove_; ///< outermost first
};

/// Whether `folder` holds a dataset in the chunked format (its manifest says so).
bool isDataset(const std::filesystem::path& folder);

} // namespace packetloom
