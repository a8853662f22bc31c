// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/group_query.h"

#include "core/analysis/flow_table_analysis.h"

#include "core/support/guard.h"

#include <string>
#include <utility>

namespace packetloom {

bool canGroup(const Analysis& analysis, bool packets, GroupKey key)
{
    return packets ? !analysis.flowTable() : key != GroupKey::Flags;
}

Result<GroupAnswer> answerGroups(const Analysis& analysis, const GroupQuery& query, const GroupOrder& order,
                                 std::size_t most, std::shared_ptr<const GroupTable> known, StopFlag stop)
{
    if (const auto* const flowTable = analysis.flowTable(); flowTable && query.packets)
        return whilePreparing(
            Error{.code = Errc::FlowTable, .detail = std::string(flowTable->format->name), .file = {}});
    if (!known) {
        auto made = query.packets ? groupPackets(analysis, query, stop) : groupFlows(analysis, query, stop);
        if (!made)
            return std::move(made).error();
        known = *std::move(made);
    }
    GroupAnswer answer{.table = std::move(known), .rows = {}};
    answer.rows = sortedGroups(*answer.table, analysis.addresses, order, most, stop);
    if (stopped(stop))
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    return answer;
}

} // namespace packetloom
