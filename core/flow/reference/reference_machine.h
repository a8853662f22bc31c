// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_judge.h"

#include <cstdint>
#include <optional>

namespace packetloom {

/// The reference's TCP state machine (docs/flows.md, 12 to 22): one function a rule, the first that
/// matches counts.
class ReferenceMachine final : public FlowJudge
{
public:
    const FlowLife& judge(const CompletedFlow& flow, const Observer& observer = nullptr) override;

private:
    using Role = std::optional<PacketRole>;

    void step(std::size_t i, const FlowPacket& packet, const Observer& observer);
    Role roleOf(std::size_t i, const FlowPacket& packet);
    Role onSyn(std::size_t i, const FlowPacket& packet);
    Role onSynAck(std::size_t i, const FlowPacket& packet);
    Role onHandshakeAck(std::size_t i, const FlowPacket& packet);
    Role onData(PacketRole role);
    Role onFin();
    Role onRst(std::size_t i);
    Role onBareAck();
    void invalidate(InvalidReason reason, std::optional<std::size_t> packet);
    void conclude();

    FlowLife life_;
    bool recordsPhases_ = true;
    bool stopped_ = false;              ///< later packets are not even listed
    std::int64_t synSequence_ = 0;      ///< of FlowLife::syn
    std::int64_t expectedSequence_ = 0; ///< of FlowLife::expectedSequenceFrom, without the 1
};

/// seq + 1 == other, exact at the end of 64 bits, where the sum is equal to nothing.
bool isNext(std::int64_t sequence, std::int64_t other);

} // namespace packetloom
