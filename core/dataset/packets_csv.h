// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/packet.h"
#include "core/support/buffered_writer.h"

#include <filesystem>

namespace packetloom {

/// Writes packets.csv: every kept row, decoded. Fields are quoted only where RFC 4180 asks for it.
class PacketsCsv
{
public:
    PacketsCsv(const std::filesystem::path& path, const AddressTable& addresses);

    void write(const Packet& packet);
    [[nodiscard]] BufferedWriter& writer() { return out_; }

private:
    void writeAddress(AddressId id);

    const AddressTable& addresses_;
    BufferedWriter out_;
};

} // namespace packetloom
