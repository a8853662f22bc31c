// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/reject_reason.h"

#include <array>

namespace packetloom {
namespace {

constexpr std::array<std::string_view, rejectReasonCount> reasonKeys{
    "too_few_fields",      "too_many_fields",   "unclosed_quote",       "nul_byte",
    "row_too_long",        "timestamp_missing", "timestamp_unreadable", "timestamp_not_finite",
    "number_out_of_range", "address_not_utf8",  "ip_header_cut",        "ip_version",
    "ip_header_length",    "ip_length",         "nested_too_deeply",    "unknown_interface",
    "address_missing",     "number_unreadable", "not_an_object",
};

} // namespace

std::string_view rejectReasonKey(RejectReason reason)
{
    return reasonKeys[static_cast<std::size_t>(reason)];
}

} // namespace packetloom
