// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/reject_reason.h"

#include <array>

namespace packetloom {
namespace {

constexpr std::array<std::string_view, rejectReasonCount> reasonKeys{
    "too_few_fields",      "too_many_fields",   "unclosed_quote",       "nul_byte",
    "row_too_long",        "timestamp_missing", "timestamp_unreadable", "timestamp_not_finite",
    "number_out_of_range", "address_not_utf8",
};

} // namespace

std::string_view rejectReasonKey(RejectReason reason)
{
    return reasonKeys[static_cast<std::size_t>(reason)];
}

RejectReason rejectReasonOf(RowProblem problem)
{
    switch (problem) {
    case RowProblem::TooFewFields:
        return RejectReason::TooFewFields;
    case RowProblem::TooManyFields:
        return RejectReason::TooManyFields;
    case RowProblem::NulByte:
        return RejectReason::NulByte;
    case RowProblem::TooLong:
        return RejectReason::RowTooLong;
    case RowProblem::UnclosedQuote:
    case RowProblem::None:
        break;
    }
    return RejectReason::UnclosedQuote;
}

} // namespace packetloom
