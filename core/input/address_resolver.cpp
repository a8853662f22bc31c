// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/address_resolver.h"

#include <algorithm>

namespace packetloom {

AddressDecoder::Address AddressResolver::addressOf(AddressId reference)
{
    const std::uint32_t bits = index(reference);
    return (bits & AddressFields::textBit) != 0 ? texts_[bits & ~AddressFields::textBit]
                                                : decoder_.decodeSmallId(bits);
}

void AddressResolver::resolve(PacketBatch& batch)
{
    texts_.clear();
    for (std::size_t i = 0; i < batch.fields.size(); ++i)
        texts_.push_back(decoder_.decode(batch.fields.text(i)));
    std::size_t kept = 0;
    for (std::size_t i = 0; i < batch.packets.size(); ++i) {
        Packet& packet = batch.packets[i];
        const auto source = addressOf(packet.source), destination = addressOf(packet.destination);
        packet.source = source.id;
        packet.destination = destination.id;
        if (!decoder_.filters() || wanted(source, destination, ends_)) {
            if (kept != i) {
                batch.packets[kept] = packet;
                batch.places[kept] = batch.places[i];
            }
            ++kept;
        }
    }
    batch.packets.resize(kept);
    batch.places.resize(kept);
    std::erase_if(batch.rejects, [&](const PacketBatch::Reject& reject) {
        return reject.filterDecides &&
               !wanted(addressOf(reject.source), addressOf(reject.destination), ends_);
    });
}

} // namespace packetloom
