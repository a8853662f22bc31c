// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/target/dataset_tree.h"
#include "core/output/target/output_place.h"
#include "core/support/result.h"

#include <filesystem>
#include <optional>
#include <vector>

namespace packetloom {

/// The hidden names beside a target that a run for it uses: its lock; its working folder, and where the older
/// dataset goes when two folders cannot be exchanged at once. Nobody can know the latter two before.
std::filesystem::path lockName(const std::filesystem::path& target);
std::filesystem::path unfinishedName(const std::filesystem::path& target);
std::filesystem::path movedAwayName(const std::filesystem::path& target);

/// Removes what runs for `target` left beside it that did not end, for whoever holds its lock; an older
/// dataset that was moved away, and nothing put in its place, goes back. Only what is a leftover for certain:
/// this user's, nothing in it but files of a dataset, no mount and none of the inputs. What stays: see
/// OutputFolder::leftovers().
std::vector<Error> sweep(const std::filesystem::path& target, const InputPlaces& inputs);

/// The same of files that were to be `target`: this user's own regular files with such names are removed.
void sweepFiles(const std::filesystem::path& target);

/// Removes a hidden folder, as far as it holds files of a dataset. What stays, if anything, likewise.
std::optional<Error> removeHidden(const std::filesystem::path& folder, const DatasetFiles& files);

} // namespace packetloom
