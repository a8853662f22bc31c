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
    while (number >= looked_)
        look(fields);
    return texts_[number] ? *texts_[number] : addressOfNew(number, fields);
}

AddressDecoder::Address AddressResolver::addressOfNew(std::size_t number, const AddressFields& fields)
{
    const auto text = fields.text(number); // AddressFields takes only what is UTF-8
    const auto address = decoder_.standsForItself(text) ? decoder_.decodeItself(text, fields.hash(number))
                                                        : decoder_.decode(text);
    texts_[number] = address;
    return address;
}

// What is known already is looked up some dozens at a time; what is new gets its number when its turn comes,
// soon enough for the processor to still have where it goes.
void AddressResolver::look(const AddressFields& fields)
{
    constexpr std::size_t atOnce = 64;
    const std::size_t end = std::min(looked_ + atOnce, fields.size());
    wanted_.clear();
    wantedTexts_.clear();
    for (; looked_ < end; ++looked_) {
        const auto text = fields.text(looked_);
        if (!decoder_.standsForItself(text))
            continue;
        wanted_.push_back({.text = text, .hash = fields.hash(looked_), .id = {}});
        wantedTexts_.push_back(looked_);
    }
    decoder_.find(wanted_);
    for (std::size_t i = 0; i < wanted_.size(); ++i) {
        if (wanted_[i].id && !texts_[wantedTexts_[i]])
            texts_[wantedTexts_[i]] = decoder_.decodeKnown(*wanted_[i].id);
    }
}

void AddressResolver::resolve(PacketBatch& batch, std::uint64_t most)
{
    texts_.assign(batch.fields.size(), std::nullopt);
    looked_ = 0;
    KeptOfBatch kept(batch);
    for (std::size_t i = 0; i < batch.packets.size() && (kept.count() < most || rows_); ++i) {
        Packet& packet = batch.packets[i];
        const auto source = addressOf(packet.source, batch.fields);
        const auto destination = addressOf(packet.destination, batch.fields);
        packet.source = source.id;
        packet.destination = destination.id;
        if (!decoder_.filters() || wanted(source, destination, ends_))
            kept.keep(i);
    }
    kept.finish();
    if (rows_)
        keepMatching(batch);
    const bool enough = batch.packets.size() >= most;
    if (enough)
        batch.cut(static_cast<std::size_t>(most));
    std::erase_if(batch.rejects, [&](const PacketBatch::Reject& reject) {
        if (!reject.filterDecides || (enough && reject.place.row > batch.places.back().row))
            return false;
        const auto source = addressOf(reject.source, batch.fields);
        const auto destination = addressOf(reject.destination, batch.fields);
        return !wanted(source, destination, ends_) || (rows_ && !canMatch(source.id, destination.id));
    });
}

void AddressResolver::keepMatching(PacketBatch& batch)
{
    rows_->learnAddresses();
    hits_.resize(batch.packets.size());
    rows_->match(batch.packets, 0, hits_);
    KeptOfBatch kept(batch);
    for (std::size_t i = 0; i < hits_.size(); ++i) {
        if (hits_[i] != 0)
            kept.keep(i);
    }
    kept.finish();
}

// The addresses of a rejected row may be new.
bool AddressResolver::canMatch(AddressId source, AddressId destination)
{
    rows_->learnAddresses();
    return rows_->canMatch(source, destination);
}

} // namespace packetloom
