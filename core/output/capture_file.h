// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/record_walker.h"
#include "core/output/target/output_file.h"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace packetloom {

/// Frames as a pcapng file in the byte order of little-endian machines, each with the interface that it came
/// from: its link type, unit of time and offset. Writes to an OutputFile in large pieces.
class CaptureFileWriter
{
public:
    /// The file must have been created, and outlive this. Writes the section header.
    explicit CaptureFileWriter(OutputFile& file);

    /// `frame` is one of `block`, of this interface.
    Result<void> add(const FrameBlock& block, const Frame& frame, const CaptureInterface& interface);
    /// The rest.
    Result<void> finish();

private:
    std::uint32_t numberOf(const CaptureInterface& interface);

    OutputFile& file_;
    std::string pending_;
    std::vector<CaptureInterface> interfaces_; ///< those that were written
};

} // namespace packetloom
