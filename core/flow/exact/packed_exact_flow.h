// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace packetloom {

/// Appends a flow in few bytes (of a scan's flows about 40, of busy ones 100).
void packExactFlow(const ExactFlow& flow, std::vector<std::uint8_t>& bytes);
/// The inverse: `bytes` must come from packExactFlow(), and the flow's history is part of them.
ExactFlow unpackExactFlow(const std::uint8_t* bytes);

/// The same in two halves. First what is a flow's own: its times, rows, ends and sequence numbers. Returns
/// where the rest begins.
const std::uint8_t* unpackExactFlowOwn(const std::uint8_t* bytes, ExactFlow& flow);
/// The rest, which many flows have in common. Replaces what is there.
void unpackExactFlowRest(const std::uint8_t* bytes, ExactFlow& flow);
/// The same of bytes that may come from anywhere: false for what is no rest, whatever is in the flow then.
/// Behind them must lie exactFlowSlack readable bytes.
bool takeExactFlowRest(std::span<const std::uint8_t> bytes, ExactFlow& flow);
inline constexpr std::size_t exactFlowSlack = 64 * 10; ///< the numbers of a rest, all at their longest

/// The same of its place alone, which is quicker.
ExactFlowHead unpackExactFlowHead(const std::uint8_t* bytes);

} // namespace packetloom
