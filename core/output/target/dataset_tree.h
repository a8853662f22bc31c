// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/folder.h"
#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <vector>

namespace packetloom {

/// What may be removed: the files that a dataset consists of, by its manifest, and nothing else. Links are
/// not followed and mounts are not entered; a file of the right name that is a folder, a link, a pipe is no
/// file of a dataset.

/// Which chunk files belong to it.
struct DatasetFiles
{
    std::uint64_t chunks = 0;
    /// The reference leaves older chunks behind, and so does a run that did not end.
    bool allChunks = false;
    /// One that is not complete: temporary files are in it, too.
    bool unfinished = false;
    /// Nothing but the folders; for a folder without a manifest, where no file is known to be a dataset's.
    bool foldersOnly = false;
};
inline constexpr DatasetFiles unfinishedDataset{.allChunks = true, .unfinished = true};

/// What the manifest.json in it says; nothing when there is none or it is not a dataset's.
std::optional<DatasetFiles> recordedFiles(const Folder& folder);

/// Whether a folder holds a dataset: has such a manifest. Links to the folder are followed.
bool isDataset(const std::filesystem::path& folder);

/// What is in a folder; paths are relative to it.
struct DatasetSurvey
{
    bool isDataset = false; ///< has a dataset's manifest; other things may be there, too
    bool isEmpty = true;
    std::vector<std::filesystem::path> foreign; ///< not looked into
    /// The first of these at a place that a dataset needs.
    std::filesystem::path inTheWay;
    std::filesystem::path mounted;                   ///< the first mount point
    std::optional<std::filesystem::path> wantedFile; ///< the first of its files that was asked for
};

/// Looks at a folder, taking its files for those of `files`. `isWanted` is asked about its own files and
/// folders. Error: Open.
Result<DatasetSurvey> surveyDataset(const Folder& folder, const DatasetFiles& files,
                                    const std::function<bool(const Entry&)>& isWanted = nullptr);
/// The same with what the folder's manifest says.
Result<DatasetSurvey> surveyDataset(const Folder& folder,
                                    const std::function<bool(const Entry&)>& isWanted = nullptr);

/// What of a folder could not be removed.
struct Remains
{
    std::filesystem::path entry; ///< relative; the first
    std::error_code reason;      ///< none when it is no dataset's
};
/// Removes those of `files`, and the dataset's folders where they become empty; `folder` itself stays.
std::optional<Remains> removeDataset(const Folder& folder, const DatasetFiles& files);

/// Gives all files of a new dataset the owners and permissions of the older one, as far as this user may.
void keepAccess(const Folder& older, const Folder& newer);

} // namespace packetloom
