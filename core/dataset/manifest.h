// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/dataset/json_style.h"
#include "core/input/row_filter.h"
#include "core/support/buffered_writer.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace packetloom {

/// Of all rows read, what became of them: read == kept + filtered + rejected.
struct RowCounts
{
    std::uint64_t read = 0;
    std::uint64_t kept = 0;
    std::uint64_t filtered = 0;
    std::uint64_t rejected = 0;

    friend bool operator==(const RowCounts&, const RowCounts&) = default;
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
    TimeWindow window;
    RowCounts rows;
    JsonStyle style = JsonStyle::Indented; ///< of manifest.json itself
};

void writeManifest(const Manifest& manifest, BufferedWriter& out);
/// "2026-01-31T23:59:59.123456", as Python's datetime.now().isoformat().
std::string localTimestamp();

} // namespace packetloom
