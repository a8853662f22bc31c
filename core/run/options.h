// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/address_filter.h"
#include "core/filter/time_window.h"
#include "core/flow/exact/exact_rules.h"
#include "core/input/input_spec.h"
#include "core/support/json_style.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace packetloom {

/// Whose rules tell which flows there are, where they are looked at. Datasets are always the reference's.
enum class FlowsBy : std::uint8_t {
    Reference, ///< docs/flows.md
    Exact,     ///< docs/exact-engine.md
};

/// What the user asked for; the reference's flags with its defaults. What can be chosen by name is also in
/// core/run/option_table.h.
struct Options
{
    std::vector<std::filesystem::path> inputs; ///< read in this order
    InputSpec reading;                         ///< how all inputs are read that have no spec of their own
    std::vector<InputSpec> specs;              ///< of single inputs, by their file; in any order
    std::filesystem::path ipMap;               ///< of inputs without a map of their own; none when empty
    std::string addressFilter;                 ///< as written, separated by commas; none when empty
    FilterEnds filterEnds = FilterEnds::Either;
    TimeWindow window;
    std::string
        filter; ///< in the language of filters (docs/filters.md), beside the three above; none when empty
    std::int64_t maxRecords = 0;         ///< stop after so many kept rows; 0 = no limit
    std::int64_t flowsPerChunk = 200;    ///< in a chunk file
    std::int64_t readChunkRows = 500000; ///< decides when flows are judged, so it shows in the output
    std::int64_t flowTimeoutSeconds = 300;
    FlowsBy flowsBy = FlowsBy::Reference;
    ExactRules exact; ///< of what is made of the exact engine's flows; no dataset is
    std::string attackContext;
    JsonStyle style = JsonStyle::Indented;
    bool skipMissing = false;     ///< leave out inputs that cannot be opened, with a warning
    bool skipBroken = false;      ///< go on without what cannot be read of an input (docs/reading.md, 3a)
    bool replaceAnything = false; ///< also replace an output folder that is not a dataset

    /// Threads that work, the calling one included; 0 = as many as the hardware has. Changes nothing in the
    /// output.
    unsigned threads = 0;
    /// Resident bytes of the process at which a run ends with MemoryLimit; 0 = nine tenths of the memory that
    /// the process can have (usableMemoryBytes()).
    std::uint64_t memoryLimit = 0;
    /// Bytes read at once. Changes nothing in the output; tests set it to tiny values.
    std::size_t blockSize = std::size_t{256} << 10;
    /// For temporary files of analyze(); the system's when empty. convert() uses its working folder.
    std::filesystem::path temporaryFolder;
};

/// How the input `file` is to be read.
InputSpec specOf(const Options& options, const std::filesystem::path& file);
/// The IP map by which the ids of the input `file` are read: its own, else that of all; none when empty.
std::filesystem::path ipMapOf(const Options& options, const std::filesystem::path& file);
/// All files that a run reads: inputs and IP maps.
std::vector<std::filesystem::path> filesRead(const Options& options);

} // namespace packetloom
