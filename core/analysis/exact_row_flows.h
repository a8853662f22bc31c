// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/exact_flows.h"
#include "core/analysis/packet_spool.h"
#include "core/analysis/row_flows.h"

namespace packetloom {

/// Makes the RowFlows of an analysis whose flows are the exact engine's. Errors: as rowFlowsOf().
class ExactRowFlows
{
public:
    static Result<RowFlowsPtr> make(const ExactFlows& flows, const PacketSpool& spool, StopFlag stop);
};

} // namespace packetloom
