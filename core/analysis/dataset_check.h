// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/support/stop_flag.h"

#include <cstddef>
#include <vector>

namespace packetloom {

/// What is damaged of an opened dataset's chunk files.
struct DatasetDamage
{
    std::size_t checked = 0;    ///< files
    std::size_t damaged = 0;    ///< of them
    std::vector<Error> first{}; ///< of the first mostNamed: which file, and what is wrong with it
    static constexpr std::size_t mostNamed = 5;
};

/// Reads the files that openDataset() leaves for later, from end to end: whether each is there, is an array
/// of objects in the grammar of JSON's brackets and strings, and has as many flows as the index says. What a
/// flow says is checked by readFlow(). Takes the time that it takes to read the dataset; any thread. When
/// stopped it tells what it has so far.
DatasetDamage checkChunkFiles(const DatasetAnalysis& dataset, StopFlag stop = nullptr);

} // namespace packetloom
