// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace packetloom {

/// Why a row, or a frame of a packet capture, is no packet, or no flow. The first five are those of the CSV
/// tokenizer.
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
    // of packet captures
    IpHeaderCut,      ///< captured too short for an IP header
    IpVersion,        ///< said to be IP, and neither version 4 nor 6
    IpHeaderLength,   ///< an IPv4 header that says that it is shorter than one
    IpLength,         ///< an IPv4 packet that says that it is shorter than its header
    NestedTooDeeply,  ///< more packets within each other than anybody has a use for
    UnknownInterface, ///< pcapng: of an interface that is not described
    // of tables of flows
    AddressMissing,   ///< detail: the column
    NumberUnreadable, ///< or below 0; detail: the column
    NotAnObject,      ///< a line that is no JSON object
};
inline constexpr std::size_t rejectReasonCount = 19;
/// So many of them, the first ones, are those of rows.
inline constexpr std::size_t rowRejectReasonCount = 10;
/// A stable machine-readable name ("too_few_fields"), for JSON.
std::string_view rejectReasonKey(RejectReason reason);

/// So many rejected rows of a run are kept to be shown.
inline constexpr std::size_t keptRejectedRows = 1000;
/// How much of a malformed row is kept to be shown, in bytes.
inline constexpr std::size_t rawShown = 200;

} // namespace packetloom
