// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/time_window.h"
#include "core/input/capture/packet_fingerprint.h"
#include "core/input/capture/record_walker.h"
#include "core/input/input_spec.h"
#include "core/model/packet_batch.h"

namespace packetloom {

/// What becomes of frames.
struct FrameRules
{
    TimeWindow window;
    Tunnels tunnels = Tunnels::Inner;
    Details details; ///< that packets get
    bool verifyChecksums = false;
    PacketFingerprint fingerprint{}; ///< the same for all blocks of a file
};

/// Adds the frames of a block to a batch, which is empty: packets, rejects, frames without IP, and what was
/// found of frames. Blocks do not depend on each other, so any number of threads may work on them side by
/// side.
void readFrames(const FrameBlock& block, const StableArray<CaptureInterface>& interfaces,
                const FrameRules& rules, PacketBatch& batch);

} // namespace packetloom
