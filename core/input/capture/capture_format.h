// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/input_format.h"

namespace packetloom {

/// See InputFormat.
bool recogniseCapture(std::string_view head);
Result<void> inspectPacketCapture(InputBytes bytes, CaptureFacts& facts);
Result<std::unique_ptr<OpenedInput>> openPacketCapture(InputBytes bytes);

/// Packet captures: pcap and pcapng (docs/captures.md).
inline constexpr InputFormat captureFormat{captureFormatId, recogniseCapture, inspectPacketCapture,
                                           openPacketCapture};

} // namespace packetloom
