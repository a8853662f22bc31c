// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/run/capture_rows.h"
#include "core/run/kept_rows.h"
#include "core/run/run_result.h"
#include "core/shard/job.h"
#include "core/support/result.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>

namespace packetloom {

/// What is made of the rows of a map task. One thread.
class MapOutput
{
public:
    MapOutput() = default;
    MapOutput(const MapOutput&) = delete;
    MapOutput& operator=(const MapOutput&) = delete;
    virtual ~MapOutput() = default;

    /// The next kept rows.
    virtual void add(const KeptRows& rows) = 0;
    virtual void endChunk(const CaptureRows::ReadChunk& chunk) = 0;
    [[nodiscard]] virtual std::optional<Error> failure() const = 0;
    virtual Result<void> finish(RunTotals totals) = 0;
};

/// Where it goes, and of what.
struct MapPlace
{
    const Job& job;
    std::size_t task;
    bool parts; ///< whether packets are wanted beside what is told of them
    const std::filesystem::path& folder;
    const AddressTable& addresses; ///< of the rows
};

/// For a dataset of the reference's engine: TCP packets, packets.csv, statistics.
std::unique_ptr<MapOutput> datasetMapOutput(const MapPlace& place);
/// For lines of the exact engine's flows: packets of all protocols in runs, each in the order of time.
std::unique_ptr<MapOutput> exactMapOutput(const MapPlace& place);

} // namespace packetloom
