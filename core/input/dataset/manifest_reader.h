// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/dataset/manifest.h"
#include "core/support/result.h"

#include <filesystem>

namespace packetloom {

struct RecordedManifest
{
    Manifest manifest;
    /// False in a dataset of the reference, which does not say what it filtered and rejected: there
    /// manifest.rows has only what was kept.
    bool rowsKnown = false;
};

/// Reads the manifest.json of a dataset. Errors: NotADataset (with the folder as its file) when there is none
/// or it is another program's; DatasetSyntax, DatasetMismatch, Open, Read.
Result<RecordedManifest> readManifest(const std::filesystem::path& folder);

} // namespace packetloom
