// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/tcp_flags.h"

#include "core/support/ascii_case.h"

#include <cstring>
#include <string>
#include <utility>

namespace packetloom {
namespace {

// In alphabetical order, which is the order of the names in a joined one.
constexpr std::array<std::pair<std::string_view, std::int64_t>, 8> alphabetical{{
    {"ACK", TcpFlags::ack},
    {"CWR", TcpFlags::cwr},
    {"ECE", TcpFlags::ece},
    {"FIN", TcpFlags::fin},
    {"PSH", TcpFlags::psh},
    {"RST", TcpFlags::rst},
    {"SYN", TcpFlags::syn},
    {"URG", TcpFlags::urg},
}};

const std::array<std::string, 256>& joinedNames()
{
    static const auto names = [] {
        std::array<std::string, 256> all;
        for (std::size_t bits = 1; bits < all.size(); ++bits) {
            for (const auto& [name, bit] : alphabetical) {
                if (bits & static_cast<std::size_t>(bit))
                    all[bits].append(all[bits].empty() ? "" : "+").append(name);
            }
        }
        return all;
    }();
    return names;
}

} // namespace

FlagTypeName::FlagTypeName(const TcpFlags& flags)
{
    if (flags.origin != TcpFlags::Origin::Value) {
        text_ = flags.origin == TcpFlags::Origin::Missing ? "INVALID" : "UNKNOWN";
        return;
    }
    switch (flags.bits) { // the four that keep the customary order of their names
    case TcpFlags::syn | TcpFlags::ack:
        text_ = "SYN+ACK";
        return;
    case TcpFlags::fin | TcpFlags::ack:
        text_ = "FIN+ACK";
        return;
    case TcpFlags::psh | TcpFlags::ack:
        text_ = "PSH+ACK";
        return;
    case TcpFlags::rst | TcpFlags::ack:
        text_ = "RST+ACK";
        return;
    case 0:
        text_ = "NONE";
        return;
    default:
        break;
    }
    text_ = joinedNames()[static_cast<std::size_t>(flags.bits & 0xff)];
    if (text_.empty()) {
        constexpr std::string_view prefix = "OTHER_";
        std::memcpy(other_.data(), prefix.data(), prefix.size());
        char* const digits = other_.data() + prefix.size();
        const auto end = std::to_chars(digits, other_.data() + other_.size(), flags.bits).ptr;
        text_ = {other_.data(), static_cast<std::size_t>(end - other_.data())};
    }
}

std::optional<std::int64_t> flagNamed(std::string_view name)
{
    for (const auto& [known, bit] : alphabetical) {
        if (sameText(known, name))
            return bit;
    }
    return std::nullopt;
}

TcpFlags::Origin originOf(std::string_view flagType, const TcpFlags& flags)
{
    if (flags.bits != 0)
        return flags.origin;
    for (const auto origin : {TcpFlags::Origin::Missing, TcpFlags::Origin::Column}) {
        if (flagType == FlagTypeName({.bits = 0, .origin = origin}).text())
            return origin;
    }
    return flags.origin;
}

} // namespace packetloom
