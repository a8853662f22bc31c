// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture/layer.h"
#include "core/support/hash_mix.h"

#include <cstdint>

namespace packetloom {

/// What tells an IP packet from others wherever it was captured: a hash of its header, without what changes
/// on the way (time to live, checksum, class of service), and of the first 24 bytes behind it, which have the
/// checksum of TCP, UDP or ICMP over the rest. Never 0. `packet` begins with an IP header of version 4 or 6;
/// bytes that were not captured are 0.
std::uint64_t packetFingerprint(const HashKey& key, Layer packet);

} // namespace packetloom
