// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/address_filter.h"
#include "core/filter/time_window.h"
#include "core/input/input_spec.h"
#include "core/model/row_counts.h"
#include "core/support/json_style.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace packetloom {

/// An input of which not all rows are in the dataset, because it could not be read.
struct IncompleteInput
{
    std::string file;
    std::uint64_t kept = 0; ///< rows of it that are in

    friend bool operator==(const IncompleteInput&, const IncompleteInput&) = default;
};

/// What manifest.json says.
struct Manifest
{
    std::string created; ///< ISO 8601 local time without a zone
    std::vector<std::string> sourceFiles;
    std::uint64_t totalPackets = 0;
    std::uint64_t tcpPackets = 0;
    std::uint64_t uniqueAddresses = 0;
    std::uint64_t totalFlows = 0;
    std::uint64_t flowsPerChunk = 0;
    std::uint64_t totalChunks = 0;
    std::int64_t firstTimestamp = 0; ///< microseconds since the epoch; 0 without packets
    std::int64_t lastTimestamp = 0;
    std::string attackContext; ///< none when empty
    std::string addressFilter; ///< as the user wrote it; none when empty
    FilterEnds filterEnds = FilterEnds::Either;
    std::string filter; ///< Options::filter; none when empty
    Tunnels tunnels = Tunnels::Inner;
    bool skipBroken = false; ///< Options::skipBroken
    std::vector<IncompleteInput> incomplete;
    TimeWindow window;
    RowCounts rows;
    JsonStyle style = JsonStyle::Indented; ///< of manifest.json itself
};

} // namespace packetloom
