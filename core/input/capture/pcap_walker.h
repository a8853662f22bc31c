// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/record_walker.h"

namespace packetloom {

/// The records of a pcap file (draft-ietf-opsawg-pcap): microseconds or nanoseconds, both byte orders, and
/// the longer records of the "modified" pcap of old Linux systems.
class PcapWalker final : public RecordWalker
{
public:
    static constexpr std::size_t headerBytes = 24;

    [[nodiscard]] static bool recognises(Layer head);
    /// Of a whole file header. Errors: CaptureVersion.
    static Result<std::unique_ptr<RecordWalker>> open(Layer header);

    Walked walk(FrameBlock& block, std::size_t at) override;

private:
    bool big_ = false;
    bool lengthsSwapped_ = false; ///< before version 2.3 they were, in 2.3 perhaps
    std::size_t recordHeader_ = 16;
    std::uint64_t unitsASecond_ = 0;
    std::uint32_t mostCaptured_ = 0; ///< more is damage
};

} // namespace packetloom
