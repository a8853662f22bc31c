// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/column_map.h"
#include "core/support/result.h"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// Which columns of a table somebody says are which, as text:
/// "timestamp=frame.time_epoch,src_ip=ip.src|ipv6.src,dst_ip=3". Left of = stands a name of columnName(),
/// right of it a column by its name or its number from 1; several with | between where a row fills one of
/// them.
class ColumnMapping
{
public:
    /// Errors: ColumnMapping with the entry that cannot be read as its detail.
    static Result<ColumnMapping> parse(std::string_view text);

    /// The fields of each column that is named. Errors: ColumnMapping with the name that no column of
    /// `header` has and that is no number up to `fields`.
    using Fields = std::array<std::vector<std::size_t>, columnCount>;
    [[nodiscard]] Result<Fields> resolve(std::span<const std::string> header, std::size_t fields) const;
    [[nodiscard]] bool empty() const;

private:
    std::array<std::vector<std::string>, columnCount> names_;
};

} // namespace packetloom
