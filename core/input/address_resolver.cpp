// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/address_resolver.h"

#include <algorithm>

namespace packetloom {

AddressDecoder::Address AddressResolver::addressOf(AddressId reference, const AddressFields& fields)
{
    const std::uint32_t bits = index(reference);
    if ((bits & AddressFields::textBit) == 0)
        return decoder_.decodeSmallId(bits);
    const std::size_t number = bits & ~AddressFields::textBit;
    if (!texts_[number])
        texts_[number] = decoder_.decode(fields.text(number));
    return *texts_[number];
}

void AddressResolver::resolve(PacketBatch& batch, std::uint64_t most)
{
    texts_.assign(batch.fields.size(), std::nullopt);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < batch.packets.size() && kept < most; ++i) {
        Packet& packet = batch.packets[i];
        const auto source = addressOf(packet.source, batch.fields);
        const auto destination = addressOf(packet.destination, batch.fields);
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
    const bool enough = kept == most;
    std::erase_if(batch.rejects, [&](const PacketBatch::Reject& reject) {
        if (!reject.filterDecides || (enough && reject.place.row > batch.places.back().row))
            return false;
        const auto source = addressOf(reject.source, batch.fields);
        return !wanted(source, addressOf(reject.destination, batch.fields), ends_);
    });
}

} // namespace packetloom
