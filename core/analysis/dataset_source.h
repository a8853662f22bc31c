// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/dataset/manifest.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace packetloom {

/// The dataset that an analysis was opened from, and where in it each flow's packets are.
struct DatasetSource
{
    /// Where a flow is told.
    struct ChunkPosition
    {
        std::uint32_t chunk = 0;        ///< index into chunkFiles
        std::uint32_t indexInChunk = 0; ///< of its file's array
    };

    std::filesystem::path folder;
    Manifest manifest;
    /// Whether the manifest says how many rows were read, filtered and rejected. The reference's does not:
    /// then RunTotals::rows has what was kept and nothing else.
    bool rowsKnown = false;
    std::vector<ChunkPosition> places;   ///< by flow, as in the FlowTable
    std::vector<std::string> chunkFiles; ///< plain names in the folder flows

    [[nodiscard]] std::filesystem::path chunkFile(std::size_t flow) const;
};

} // namespace packetloom
