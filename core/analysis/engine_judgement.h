// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/engine_comparison.h"
#include "core/analysis/flow_overlaps.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

namespace packetloom {

inline std::uint64_t packetsOf(const ExactFlow& flow)
{
    return flow.sides[ExactFlow::originator].packets + flow.sides[ExactFlow::responder].packets;
}

/// Says in what the engines differ about packets that they share: docs/engine-comparison.md, 3 to 5.
class EngineJudgement
{
public:
    EngineJudgement(const FlowTable& flows, std::span<const ReferenceFacts> facts)
        : flows_(flows), facts_(facts)
    {
    }

    /// One of the exact engine's flows.
    using ExactAt = std::function<ExactFlow(std::size_t)>;
    /// Of all flows that hang together: `reference` by first row, the exact ones by first packet; `overlap`:
    /// packets that both have. None when they agree.
    [[nodiscard]] std::optional<EngineDifference> difference(std::span<const std::uint32_t> reference,
                                                             std::size_t exactFlows, const ExactAt& exact,
                                                             std::uint64_t overlap) const;

private:
    [[nodiscard]] std::optional<EngineDifference> ofOne(std::uint32_t reference,
                                                        const ExactFlow& exact) const;
    [[nodiscard]] std::optional<EngineDifference> ofInvalid(std::uint32_t reference,
                                                            const ExactFlow& exact) const;
    [[nodiscard]] std::optional<EngineDifference> ofEnd(std::uint32_t reference,
                                                        const ExactFlow& exact) const;
    [[nodiscard]] EngineDifference whySplit(std::uint32_t before, std::uint32_t after,
                                            const ExactFlow& exact) const;
    [[nodiscard]] bool sameDirection(std::uint32_t reference, const ExactFlow& exact) const;

    const FlowTable& flows_;
    std::span<const ReferenceFacts> facts_;
};

} // namespace packetloom
