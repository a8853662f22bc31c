// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow.h"
#include "core/model/flow_life.h"

#include <cstddef>
#include <functional>

namespace packetloom {

/// Says what became of flows, one after the other, by the rules of an engine (core/flow/flow_engine.h). For
/// one thread at a time; reused from flow to flow so that its memory is kept.
class FlowJudge
{
public:
    /// Told the index of each packet that means something, and what.
    using Observer = std::function<void(std::size_t, const FlowPacket&, PacketRole)>;

    FlowJudge() = default;
    FlowJudge(const FlowJudge&) = delete;
    FlowJudge& operator=(const FlowJudge&) = delete;
    virtual ~FlowJudge() = default;

    /// Valid until the next call. The same flow gets the same life whenever it is judged.
    virtual const FlowLife& judge(const CompletedFlow& flow, const Observer& observer = nullptr) = 0;
};

} // namespace packetloom
