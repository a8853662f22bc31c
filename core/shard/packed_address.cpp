// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/packed_address.h"

#include "core/filter/ip_network.h"

#include <span>

namespace packetloom {
namespace {

// What stands before it; of a text its length and what comes after these.
enum Code : std::uint64_t { ipv4Code, ipv6Code, textCode };
constexpr std::size_t ipv4Bytes = 4, ipv6Bytes = 16;

} // namespace

void putAddress(BytesOut& out, std::string_view text)
{
    if (const auto ip = IpAddress::parse(text)) {
        const std::span bytes(ip->bytes.data(), ip->length);
        AddressRoom room;
        if (std::string_view(room.data(), writeIpText(bytes, room)) == text) {
            out.count(ip->length == ipv4Bytes ? ipv4Code : ipv6Code);
            out.raw({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
            return;
        }
    }
    out.count(text.size() + textCode);
    out.raw(text);
}

std::string_view takeAddress(BytesIn& in, AddressRoom& room)
{
    const std::uint64_t code = in.count();
    if (code >= textCode)
        return in.raw(code - textCode);
    const auto bytes = in.raw(code == ipv4Code ? ipv4Bytes : ipv6Bytes);
    if (in.bad())
        return {};
    return {room.data(),
            writeIpText({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, room)};
}

} // namespace packetloom
