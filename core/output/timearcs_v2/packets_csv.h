// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet.h"
#include "core/support/text_buffer.h"

#include <span>
#include <string_view>

namespace packetloom {

/// The first line of packets.csv.
inline constexpr std::string_view packetsCsvHeader =
    "timestamp,src_ip,dst_ip,src_port,dst_port,flags,flag_type,seq_num,ack_num,length,protocol\n";

/// Appends rows of packets.csv: kept rows, decoded. Fields are quoted only where RFC 4180 asks for it.
void appendPacketsCsv(std::span<const Packet> packets, const AddressTable& addresses, TextBuffer& out);

} // namespace packetloom
