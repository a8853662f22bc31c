// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/dataset/index_reader.h"
#include "core/model/flow_judge.h"
#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace packetloom {

/// A flow as a chunk file tells it.
struct StoredFlow
{
    std::uint64_t number = 0;
    /// Only those listed: up to the one that made the flow invalid at once.
    std::vector<FlowPacket> packets;
    FlowLife life; ///< packets named by their index into `packets`
    std::uint64_t totalPackets = 0;
    bool byTimeout = false;
};

/// The ends of the flow that is expected; texts must outlive the call.
struct StoredFlowEnds
{
    EndText low, high; ///< by FlowKey
};

/// Reads the flow at `place` of a chunk file's array. Memory follows that flow, time what stands before it.
/// Of equal packets the file does not tell which one is meant: `judge` does, where it agrees with the file.
/// Errors: Open, Read, DatasetSyntax, DatasetMismatch (also for a packet of other ends).
Result<StoredFlow> readStoredFlow(const std::filesystem::path& file, std::uint64_t place,
                                  const StoredFlowEnds& ends, FlowJudge& judge);

} // namespace packetloom
