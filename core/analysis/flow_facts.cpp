// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_facts.h"

#include "core/support/growth.h"

#include <algorithm>

namespace packetloom {

void FlowFacts::add(const FlowRecord& record)
{
    protocol_.push_back(words_.intern(record.protocol));
    service_.push_back(words_.intern(record.service));
    state_.push_back(words_.intern(record.state));
    receivedPackets_.push_back(record.receivedPackets.value_or(0));
    receivedBytes_.push_back(record.receivedBytes.value_or(0));
}

// The columns grow one after the other; each frees its old memory before the next.
std::uint64_t FlowFacts::growth(std::size_t more) const
{
    return words_.growth(3 * more) + std::max(growthOf(protocol_, more), growthOf(receivedPackets_, more));
}

} // namespace packetloom
