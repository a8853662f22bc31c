// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/target/dataset_tree.h"
#include "core/output/target/output_place.h"
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
    Datasets, ///< nothing, an empty folder, or a dataset with nothing else in it
    Anything, ///< also a folder that holds other things; they stay
};

/// What stands at the target. A file is what an OutputFile replaces; an OutputFolder never has that state.
enum class OutputState : std::uint8_t { Missing, Empty, Dataset, Others, File };

/// The folder that a dataset is written into: a hidden sibling of the target, which takes the target's place
/// when it is complete. Until publish() succeeds the target is untouched; without it the destructor removes
/// every trace. When the process dies, the target is the complete old dataset, the complete new one, or
/// (where the system cannot exchange two folders at once) absent, and the next run for the target sweeps up
/// after it.
///
/// Only files that a dataset consists of are ever removed (DatasetFiles). Whatever else is in the target, at
/// any depth, is refused, or with ReplacePolicy::Anything is moved to the same place in the new folder.
class OutputFolder
{
public:
    /// Looks only. The errors of outputPlace(), MountPoint for what is mounted anywhere in it, InputInOutput,
    /// Exists, InTheWay.
    static Result<OutputFolder> check(const std::filesystem::path& target, ReplacePolicy policy,
                                      std::span<const std::filesystem::path> inputs);
    OutputFolder(OutputFolder&& other) noexcept;
    OutputFolder& operator=(OutputFolder&&) = delete;
    OutputFolder(const OutputFolder&) = delete;
    OutputFolder& operator=(const OutputFolder&) = delete;
    ~OutputFolder();

    /// What stood there when it was checked.
    [[nodiscard]] OutputState state() const { return state_; }
    /// Takes the target's lock, sweeps up what a run left behind that did not end, and makes the working
    /// folder and the folders above the target that are missing. The errors InUse, NotALock, NotMovable,
    /// Write, NoSpace.
    Result<void> create();
    /// Where to write. Only after create().
    [[nodiscard]] const std::filesystem::path& path() const { return working_; }
    [[nodiscard]] const std::filesystem::path& target() const { return target_; }
    /// Has all files written to the disk, puts the finished dataset in the target's place and removes the
    /// older one. It gets the older one's owner and permissions, as far as this user may. `goOn` is asked
    /// between two files; false ends with Cancelled. After that there is no way back.
    ///
    /// FolderChanged: what came there since check() may not be replaced. The target is as it was, and the
    /// finished dataset stays under another name.
    Result<void> publish(const std::function<bool()>& goOn = nullptr);

    /// What could not be swept up or removed: the folder as its file, as detail the system's reason (code
    /// Write), or the entry that is no dataset's (code Exists).
    [[nodiscard]] const std::vector<Error>& leftovers() const { return leftovers_; }

private:
    OutputFolder(std::filesystem::path target, ReplacePolicy policy, InputPlaces inputs)
        : target_(std::move(target)), policy_(policy), inputs_(std::move(inputs))
    {
    }
    Result<DatasetSurvey> survey() const;
    Result<void> makeWorking();
    Result<void> probe();
    void discard() noexcept;
    Result<void> exchange();
    Result<void> moveForeign(const std::vector<std::filesystem::path>& foreign);
    Error keepFinished(Error why);

    std::filesystem::path target_;
    ReplacePolicy policy_;
    InputPlaces inputs_;
    OutputState state_ = OutputState::Missing;
    std::optional<FileLock> lock_;
    std::filesystem::path working_;
    std::uint32_t usualMode_ = 0; ///< of a new folder; the working folder is closed to others
    std::vector<std::filesystem::path> madeAbove_; ///< outermost first
    std::vector<Error> leftovers_;
};

} // namespace packetloom
