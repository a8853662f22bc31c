// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/group_query.h"

#include <utility>

namespace packetloom {

bool canGroup(const Analysis& analysis, bool packets, GroupKey key)
{
    return packets ? !analysis.flowTable() : key != GroupKey::Flags;
}

Result<GroupAnswer> answerGroups(const Analysis& analysis, const GroupQuery& query, const GroupOrder& order,
                                 std::size_t most, std::shared_ptr<const GroupTable> known, StopFlag stop)
{
    GroupAnswer answer{.table = known ? std::move(known) : groupFlows(analysis, query, stop), .rows = {}};
    if (answer.table)
        answer.rows = sortedGroups(*answer.table, analysis.addresses, order, most, stop);
    if (stopped(stop))
        return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    return answer;
}

} // namespace packetloom
