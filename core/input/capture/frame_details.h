// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/frame_decoder.h"
#include "core/input/capture/record_walker.h"
#include "core/model/packet_details.h"

namespace packetloom {

struct DetailRules
{
    Details wanted;
    bool checksums = false; ///< wrong ones are damage
};

/// Adds the wanted details of the packet of a frame, one to each of their columns. `marks`: what was found of
/// its checksums, where they are looked at.
void addDetails(const DetailRules& rules, const FrameBlock& block, const Frame& frame,
                const DecodedFrame& decoded, FrameMarkSet marks, DetailColumns& columns);

} // namespace packetloom
