// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/number.h"
#include "core/input/input_spec.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace packetloom {

// What stands in the cells of tables that other programs write.

/// Without blanks and tabs at both ends.
std::string_view withoutBlanks(std::string_view text);

/// Of several values in a cell, which tshark writes with commas between, the one that counts: the first is
/// that of the outermost packet.
std::string_view oneOf(std::string_view cell, Tunnels tunnels);

/// A number as parseNumber() has it, or in hexadecimal with 0x.
Number parseAnyNumber(std::string_view text);

/// TCP flags as a number, as letters ("S.", "PA", and Wireshark's "·······A··S·") or as names ("SYN, ACK",
/// "[FIN+ACK]"). Unreadable where it is none of these.
Number parseFlags(std::string_view text);

/// The number of a protocol's name, in any case; nothing for those that are not above IP.
std::optional<std::int64_t> protocolByName(std::string_view name);

/// What Wireshark's column Info says of a TCP or UDP packet: "51234 → 443 [SYN, ACK] Seq=0 Ack=1 Win=64240
/// Len=0". Of a higher protocol it says nothing of these.
struct InfoText
{
    std::int64_t protocol = -1; ///< protocolTcp, protocolUdp, or -1 when it does not tell
    std::int64_t sourcePort = 0, destinationPort = 0;
    std::optional<std::int64_t> flags, sequence, acknowledgment, length;
};
InfoText parseInfo(std::string_view text);

} // namespace packetloom
