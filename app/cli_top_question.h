// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/group_query.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace packetloom {

/// What packetloom-cli top asks for.
struct TopQuestion
{
    GroupQuery query;
    std::string filter; ///< as it was written; empty for none
    GroupOrder order{.column = GroupColumn::Flows, .descending = true};
    std::size_t limit = 20; ///< 0: all groups
};

/// The word that --sort has for a column.
std::string_view sortName(GroupColumn column);

} // namespace packetloom
