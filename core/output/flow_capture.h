// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>

namespace packetloom {

/// What became of writing the packets of a flow as a capture.
struct FlowCapture
{
    std::uint64_t written = 0;  ///< packets
    std::uint64_t expected = 0; ///< of the flow; more than `written` where inputs changed, or some are tables
    std::uint64_t bytes = 0;    ///< of the file
};

/// Whether packets of the flow come from packet captures that can be read again (regular files).
bool hasFrames(const Analysis& analysis, std::size_t flow);

/// Told now and then which part of 1 is done. False ends it with Cancelled.
using FlowCaptureProgress = std::function<bool(double)>;

/// Writes the frames of a flow as a pcapng file (draft-ietf-opsawg-pcapng): as they were captured, with their
/// link types, original lengths and times to the last digit. The inputs are read once more, decompressed
/// where they are packed, up to the flow's last packet; a frame is taken when it is read as the flow's next
/// packet in the order of the capture, so filters count and flows with the same ends are kept apart. `target`
/// appears when it is whole; `replace`: a file that is there. Memory is bounded. Errors: those of opening and
/// reading inputs, and of OutputFile; Cancelled.
Result<FlowCapture> writeFlowCapture(const CaptureAnalysis& analysis, std::size_t flow,
                                     const std::filesystem::path& target, bool replace,
                                     const FlowCaptureProgress& progress = nullptr);

} // namespace packetloom
