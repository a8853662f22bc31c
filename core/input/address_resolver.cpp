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
    if (!texts_[number]) {
        const auto text = fields.text(number);
        // AddressFields takes only what is UTF-8.
        texts_[number] = decoder_.standsForItself(text) ? decoder_.decodeItself(text, fields.hash(number))
                                                        : decoder_.decode(text);
    }
    return *texts_[number];
}

// What is known already is looked up for the whole batch at once; what is new gets its number when its turn
// comes.
void AddressResolver::look(const AddressFields& fields)
{
    texts_.assign(fields.size(), std::nullopt);
    wanted_.clear();
    wantedTexts_.clear();
    for (std::uint32_t i = 0; i < fields.size(); ++i) {
        const auto text = fields.text(i);
        if (!decoder_.standsForItself(text))
            continue;
        wanted_.push_back({.text = text, .hash = fields.hash(i), .id = {}});
        wantedTexts_.push_back(i);
    }
    decoder_.find(wanted_);
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        if (wanted_[i].id)
            texts_[wantedTexts_[i]] = decoder_.decodeKnown(*wanted_[i].id);
    }
}

void AddressResolver::resolve(PacketBatch& batch, std::uint64_t most)
{
    look(batch.fields);
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
