// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"

#include <cstdint>
#include <vector>

namespace packetloom {

/// Appends a flow in few bytes (of a scan's flows about 40, of busy ones 100).
void packExactFlow(const ExactFlow& flow, std::vector<std::uint8_t>& bytes);
/// The inverse: `bytes` must come from packExactFlow(), and the flow's history is part of them.
ExactFlow unpackExactFlow(const std::uint8_t* bytes);

/// The same of its place alone, which is quicker.
ExactFlowHead unpackExactFlowHead(const std::uint8_t* bytes);

} // namespace packetloom
