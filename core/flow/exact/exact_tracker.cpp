// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/exact_tracker.h"

#include <algorithm>
#include <utility>

namespace packetloom {
namespace {

// Packets between two looks at all open flows: as many as there are flows, so that a look costs each packet
// one flow at most.
constexpr std::size_t leastBetweenLooks = std::size_t{1} << 14;

} // namespace

void ExactTracker::add(const ConnectionKey& key, std::uint64_t hash, bool fromHigh, const Packet& packet,
                       const PacketExtras& extras, std::uint64_t row)
{
    Slot slot =
        table_.find(hash, [&](Slot candidate) { return places_[candidate]->connection.key() == key; });
    if (slot != SlotTable::none) {
        if (const auto ending = places_[slot]->connection.endsBefore(packet, extras, fromHigh)) {
            end(slot, *ending);
            slot = SlotTable::none;
        }
    }
    if (slot == SlotTable::none) {
        slot = takePlace();
        Place& place = *places_[slot];
        place.hash = hash;
        place.open = true;
        place.connection.open(key, rules_, packet, fromHigh, broadcast_ == packet.destination);
        table_.insert(hash, slot);
    }
    places_[slot]->connection.add(packet, extras, fromHigh, row);
    if (++sinceLook_ >= std::max(leastBetweenLooks, table_.size()))
        endOld(packet.timestamp);
}

ExactTracker::Slot ExactTracker::takePlace()
{
    if (!free_.empty()) {
        const Slot slot = free_.back();
        free_.pop_back();
        return slot;
    }
    places_.push_back(std::make_unique<Place>());
    return static_cast<Slot>(places_.size() - 1);
}

void ExactTracker::end(Slot slot, EndReason ending)
{
    Place& place = *places_[slot];
    sink_(place.connection.flow(ending));
    table_.erase(place.hash, slot);
    place.open = false;
    free_.push_back(slot);
}

// Those that no later packet can belong to: it ends them now or when one comes, with the same outcome.
void ExactTracker::endOld(std::int64_t now)
{
    sinceLook_ = 0;
    for (Slot slot = 0; slot < places_.size(); ++slot) {
        if (!places_[slot]->open)
            continue;
        const auto deadline = places_[slot]->connection.deadline();
        if (deadline.time < now)
            end(slot, deadline.ending);
    }
}

void ExactTracker::finish(std::int64_t newest)
{
    endOld(newest);
    for (Slot slot = 0; slot < places_.size(); ++slot) {
        if (places_[slot]->open)
            end(slot, EndReason::CaptureEnd);
    }
}

} // namespace packetloom
