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
    Slot slot = table_.find(hash, [&](Slot candidate) { return places_[candidate].key == key; });
    if (slot != SlotTable::none) {
        Place& place = places_[slot];
        std::optional<EndReason> ending;
        if (packet.timestamp > place.deadline.time)
            ending = place.deadline.ending;
        else
            ending = connectionOf(place).endsBefore(packet, extras, fromHigh);
        if (ending) {
            end(slot, *ending);
            slot = SlotTable::none;
        }
    }
    if (slot == SlotTable::none) {
        open(key, hash, {packet, extras, row, fromHigh});
    } else {
        Place& place = places_[slot];
        place.connection->add(packet, extras, fromHigh, row);
        place.deadline = place.connection->deadline();
    }
    if (++sinceLook_ >= std::max(leastBetweenLooks, table_.size()))
        endOld(packet.timestamp);
}

ExactTracker::Slot ExactTracker::open(const ConnectionKey& key, std::uint64_t hash, const First& first)
{
    Slot slot = 0;
    if (free_.empty()) {
        slot = static_cast<Slot>(places_.size());
        places_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
    }
    Place& place = places_[slot];
    place.key = key;
    place.hash = hash;
    place.open = true;
    place.first = first;
    begin(once_, place);
    place.deadline = once_.deadline();
    table_.insert(hash, slot);
    return slot;
}

// With the first packet.
void ExactTracker::begin(Connection& connection, const Place& place)
{
    const auto& [packet, extras, row, fromHigh] = place.first;
    connection.open(place.key, rules_, packet, fromHigh, broadcast_ == packet.destination);
    connection.add(packet, extras, fromHigh, row);
}

Connection& ExactTracker::connectionOf(Place& place)
{
    if (place.connection)
        return *place.connection;
    if (spare_.empty()) {
        place.connection = std::make_unique<Connection>();
    } else {
        place.connection = std::move(spare_.back());
        spare_.pop_back();
    }
    begin(*place.connection, place);
    return *place.connection;
}

void ExactTracker::end(Slot slot, EndReason ending)
{
    Place& place = places_[slot];
    if (place.connection) {
        sink_(place.connection->flow(ending));
        spare_.push_back(std::move(place.connection));
    } else {
        begin(once_, place);
        sink_(once_.flow(ending));
    }
    table_.erase(place.hash, slot);
    place.open = false;
    free_.push_back(slot);
}

// Those that no later packet can belong to: it ends them now or when one comes, with the same outcome.
void ExactTracker::endOld(std::int64_t now)
{
    sinceLook_ = 0;
    for (Slot slot = 0; slot < places_.size(); ++slot) {
        const Place& place = places_[slot];
        if (place.open && place.deadline.time < now)
            end(slot, place.deadline.ending);
    }
}

void ExactTracker::finish(std::int64_t newest)
{
    endOld(newest);
    for (Slot slot = 0; slot < places_.size(); ++slot) {
        if (places_[slot].open)
            end(slot, EndReason::CaptureEnd);
    }
}

} // namespace packetloom
