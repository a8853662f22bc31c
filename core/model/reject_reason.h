// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace packetloom {

/// Why a row is no packet, or no flow. The first five are those of the tokenizer.
enum class RejectReason : std::uint8_t {
    TooFewFields,
    TooManyFields,
    UnclosedQuote,
    NulByte,
    RowTooLong,
    TimestampMissing,
    TimestampUnreadable,
    TimestampNotFinite,
    NumberOutOfRange, ///< beyond 64 bits; detail: the column
    AddressNotUtf8,
    // of tables of flows
    AddressMissing,   ///< detail: the column
    NumberUnreadable, ///< or below 0; detail: the column
    NotAnObject,      ///< a line that is no JSON object
};
inline constexpr std::size_t rejectReasonCount = 13;
/// A stable machine-readable name ("too_few_fields"), for JSON.
std::string_view rejectReasonKey(RejectReason reason);

/// So many rejected rows of a run are kept to be shown.
inline constexpr std::size_t keptRejectedRows = 1000;
/// How much of a malformed row is kept to be shown, in bytes.
inline constexpr std::size_t rawShown = 200;

} // namespace packetloom
