// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow.h"
#include "core/model/flow_life.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace packetloom {

/// How flows closed and why they are invalid.
struct FlowTally
{
    std::array<std::uint64_t, closeTypeCount> closeTypes{};
    std::array<std::uint64_t, invalidReasonCount> invalidReasons{};
    std::uint64_t byTimeout = 0;

    void add(const CompletedFlow& flow, const FlowLife& life)
    {
        ++closeTypes[static_cast<std::size_t>(life.closeType)];
        ++invalidReasons[static_cast<std::size_t>(life.invalidReason)];
        byTimeout += flow.byTimeout ? 1 : 0;
    }
    FlowTally& operator+=(const FlowTally& other)
    {
        for (std::size_t i = 0; i < closeTypes.size(); ++i)
            closeTypes[i] += other.closeTypes[i];
        for (std::size_t i = 0; i < invalidReasons.size(); ++i)
            invalidReasons[i] += other.invalidReasons[i];
        byTimeout += other.byTimeout;
        return *this;
    }
};

} // namespace packetloom
