// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/row_interpreter.h"

#include <algorithm>

namespace packetloom {
namespace {

bool sameLetters(std::string_view text, std::string_view lower)
{
    return text.size() == lower.size() &&
           std::equal(text.begin(), text.end(), lower.begin(), [](char a, char b) {
               return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
           });
}

} // namespace

RejectReason timestampReason(Number::Kind kind)
{
    switch (kind) {
    case Number::Kind::Missing:
        return RejectReason::TimestampMissing;
    case Number::Kind::NotFinite:
        return RejectReason::TimestampNotFinite;
    case Number::Kind::OutOfRange:
        return RejectReason::NumberOutOfRange;
    case Number::Kind::Unreadable:
    case Number::Kind::Integer:
    case Number::Kind::Fraction:
        break;
    }
    return RejectReason::TimestampUnreadable;
}

// Exports of packet analysers name the protocol where the reference wants its number.
std::int64_t protocolNumber(std::string_view text)
{
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos)
        return -1;
    text = text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
    if (sameLetters(text, "tcp"))
        return protocolTcp;
    if (sameLetters(text, "udp"))
        return protocolUdp;
    return sameLetters(text, "icmp") ? protocolIcmp : -1;
}

} // namespace packetloom
