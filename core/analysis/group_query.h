// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/analysis/group_table.h"
#include "core/analysis/narrowing.h"
#include "core/support/result.h"
#include "core/support/stop_flag.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// What to put into groups, and by what.
struct GroupQuery
{
    bool packets = false; ///< else flows
    GroupKey by = GroupKey::DestinationPort;
    std::optional<GroupKey> thenBy = std::nullopt; ///< another one than the first
    GroupSteps steps = {};
    Narrowing narrowing = {};
};

/// Whether there are groups of it: flows have no flag types, and a table of flows has no packets.
bool canGroup(const Analysis& analysis, bool packets, GroupKey key);

/// The flows of an analysis, as far as they are not narrowed away, in groups. A flow is counted in every
/// group that it has values for: in two of them by either address, subnet or port, unless both ends share
/// the value; by two such keys in each combination. Takes time and memory that follow the numbers of flows
/// and addresses; any thread. Errors: Cancelled, and
/// those of selectFlows().
Result<std::shared_ptr<const GroupTable>> groupFlows(const Analysis& analysis, const GroupQuery& query,
                                                     StopFlag stop = nullptr);

/// The same of packets. What only flows have a packet has by its flow; packets without one are in no group by
/// it. By service a packet counts for those of both ports. Errors: those of selectPackets() and rowFlowsOf().
Result<std::shared_ptr<const GroupTable>> groupPackets(const Analysis& analysis, const GroupQuery& query,
                                                       StopFlag stop = nullptr);

/// Groups, and in which order to show them: indexes into the table.
struct GroupAnswer
{
    std::shared_ptr<const GroupTable> table; ///< never null
    std::vector<std::uint32_t> rows;
};

/// Makes the groups and puts them in order: all, or the first `most`. `known` is the table of the same
/// question where there is one already: then they are only put in another order. Errors: those of
/// groupFlows() or groupPackets(), and FlowTable for packets of a table of flows, which has none.
Result<GroupAnswer> answerGroups(const Analysis& analysis, const GroupQuery& query, const GroupOrder& order,
                                 std::size_t most = ~std::size_t{0},
                                 std::shared_ptr<const GroupTable> known = nullptr, StopFlag stop = nullptr);

} // namespace packetloom
