// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/reject_reason.h"

#include <cstdint>
#include <span>
#include <string_view>

namespace packetloom {

/// Why a row cannot be split into fields.
enum class RowProblem : std::uint8_t { None, TooFewFields, TooManyFields, UnclosedQuote, NulByte, TooLong };

struct CsvRow
{
    std::uint64_t line = 0; ///< physical line, from 1, where the row begins
    RowProblem problem = RowProblem::None;
    /// Valid until the next call of next(). Unquoted text; empty when there is a problem.
    std::span<const std::string_view> fields;
    /// The beginning of the row as it stands in the file, for reports on malformed rows.
    std::string_view raw;
};

/// Not for RowProblem::None.
RejectReason rejectReasonOf(RowProblem problem);

} // namespace packetloom
