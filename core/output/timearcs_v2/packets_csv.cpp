// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/timearcs_v2/packets_csv.h"

#include <algorithm>
#include <charconv>
#include <cstring>

namespace packetloom {
namespace {

// Eight numbers, a flag type and the commas.
constexpr std::size_t longestRest = 8 * longestDecimal + FlagTypeName::longest + 16;

char* put(char* at, std::int64_t number)
{
    return std::to_chars(at, at + longestDecimal, number).ptr;
}

char* put(char* at, std::string_view text)
{
    if (!text.empty())
        std::memcpy(at, text.data(), text.size());
    return at + text.size();
}

char* putAddress(char* at, std::string_view text)
{
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return put(at, text);
    *at++ = '"';
    for (const char c : text) {
        if (c == '"')
            *at++ = '"';
        *at++ = c;
    }
    *at++ = '"';
    return at;
}

} // namespace

void appendPacketsCsv(std::span<const Packet> packets, const AddressTable& addresses, TextBuffer& out)
{
    for (const Packet& packet : packets) {
        const std::string_view source = addresses.text(packet.source);
        const std::string_view destination = addresses.text(packet.destination);
        char* at = out.room(longestRest + 2 * (source.size() + destination.size() + 2)); // all of it quotes
        at = put(at, packet.timestamp);
        *at++ = ',';
        at = putAddress(at, source);
        *at++ = ',';
        at = putAddress(at, destination);
        *at++ = ',';
        at = put(at, packet.sourcePort);
        *at++ = ',';
        at = put(at, packet.destinationPort);
        *at++ = ',';
        at = put(at, packet.flags.bits);
        *at++ = ',';
        at = put(at, FlagTypeName(packet.flags).text());
        *at++ = ',';
        at = put(at, packet.sequence);
        *at++ = ',';
        at = put(at, packet.acknowledgment);
        *at++ = ',';
        at = put(at, packet.length);
        *at++ = ',';
        if (packet.hasProtocol)
            at = put(at, packet.protocol);
        *at++ = '\n';
        out.used(at);
    }
}

} // namespace packetloom
