// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/dataset/packets_csv.h"

namespace packetloom {

PacketsCsv::PacketsCsv(const std::filesystem::path& path, const AddressTable& addresses)
    : addresses_(addresses)
{
    out_.open(path);
    out_.append(
        "timestamp,src_ip,dst_ip,src_port,dst_port,flags,flag_type,seq_num,ack_num,length,protocol\n");
}

void PacketsCsv::writeAddress(AddressId id)
{
    const auto text = addresses_.text(id);
    if (text.find_first_of(",\"\r\n") == std::string_view::npos)
        return out_.append(text);
    out_.append('"');
    for (const char c : text) {
        if (c == '"')
            out_.append('"');
        out_.append(c);
    }
    out_.append('"');
}

void PacketsCsv::write(const Packet& packet)
{
    out_.append(packet.timestamp);
    out_.append(',');
    writeAddress(packet.source);
    out_.append(',');
    writeAddress(packet.destination);
    out_.append(',');
    out_.append(packet.sourcePort);
    out_.append(',');
    out_.append(packet.destinationPort);
    out_.append(',');
    out_.append(packet.flags.bits);
    out_.append(',');
    out_.append(FlagTypeName(packet.flags).text());
    out_.append(',');
    out_.append(packet.sequence);
    out_.append(',');
    out_.append(packet.acknowledgment);
    out_.append(',');
    out_.append(packet.length);
    out_.append(',');
    if (packet.hasProtocol)
        out_.append(packet.protocol);
    out_.append('\n');
}

} // namespace packetloom
