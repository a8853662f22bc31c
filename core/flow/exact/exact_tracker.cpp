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
constexpr std::size_t placesAhead = 12, connectionsAhead = 6, judgedAhead = 2,
                      sparesAhead = 4; // fetched before their turn

} // namespace

template <class Visit>
void ExactTracker::forEachFetched(const std::vector<Slot>& slots, const Visit& visit)
{
    for (std::size_t i = 0; i < slots.size(); ++i) {
        if (i + placesAhead < slots.size()) {
            prefetchLines(&place(slots[i + placesAhead]), placeHeadBytes);
            prefetchLines(place(slots[i + connectionsAhead]).connection.get(), sizeof(Connection));
            if (const auto& soon = place(slots[i + judgedAhead]).connection)
                soon->prefetchJudged();
        }
        visit(slots[i]);
    }
}

void ExactTracker::add(const ConnectionKey& key, std::uint64_t hash, bool fromHigh, const Packet& packet,
                       const PacketExtras& extras, std::uint64_t row)
{
    Slot slot = table_.find(hash, [&](Slot candidate) { return place(candidate).key == key; });
    if (slot != SlotTable::none) {
        Place& own = place(slot);
        if (packet.timestamp > own.deadline.time) {
            end(slot, own.deadline.ending);
            slot = SlotTable::none;
        } else if (connectionOf(own).isReusedBy(packet, extras, fromHigh)) {
            end(slot, EndReason::Reused);
            slot = SlotTable::none;
        } else {
            own.single = false;
            own.connection->add(packet, extras, fromHigh, row);
            setDeadline(slot, own.connection->deadline());
        }
    }
    if (slot == SlotTable::none)
        open(key, hash, {packet, extras, row, fromHigh});
    if (++sinceLook_ >= std::max(leastBetweenLooks, table_.size()))
        endOld(packet.timestamp);
}

void ExactTracker::open(const ConnectionKey& key, std::uint64_t hash, const First& first)
{
    const Slot slot = takeSlot();
    Place& own = place(slot);
    own.key = key;
    own.hash = hash;
    own.single = true;
    own.first = first;
    own.connection = takeConnection();
    begin(*own.connection, own);
    own.deadline = own.connection->deadline();
    own.lookAgain = lookAgain_[slot] = own.deadline.time;
    table_.insert(hash, slot);
    ++opened_;
    noteYoung(slot);
}

ExactTracker::Slot ExactTracker::takeSlot()
{
    if (!free_.empty()) {
        const Slot slot = free_.back();
        free_.pop_back();
        return slot;
    }
    const auto slot = static_cast<Slot>(lookAgain_.size());
    if (slot % slabPlaces == 0)
        slabs_.push_back(std::make_unique<Slab>());
    lookAgain_.push_back(never);
    return slot;
}

std::unique_ptr<Connection> ExactTracker::takeConnection()
{
    if (spare_.empty())
        return std::make_unique<Connection>();
    auto connection = std::move(spare_.back());
    spare_.pop_back();
    if (spare_.size() >= sparesAhead) { // when many ended at once they are far away
        prefetchLines(spare_[spare_.size() - sparesAhead].get(), sizeof(Connection));
        spare_.back()->prefetchJudged();
    }
    return connection;
}

// A flow that is not among the youngest any more and has still one packet may wait for long. (Its place may
// be another flow's by now, which loses nothing but time.)
void ExactTracker::noteYoung(Slot slot)
{
    if (young_.size() < mostYoung) {
        young_.push_back(slot);
        return;
    }
    Place& old = place(std::exchange(young_[nextYoung_], slot));
    nextYoung_ = (nextYoung_ + 1) % mostYoung;
    if (old.single && old.connection)
        spare_.push_back(std::move(old.connection));
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
    if (!place.connection) {
        place.connection = takeConnection();
        begin(*place.connection, place);
    }
    return *place.connection;
}

// Most move on with each packet; who looks for old flows finds out by itself.
void ExactTracker::setDeadline(Slot slot, const TcpConnection::Deadline& deadline)
{
    Place& own = place(slot);
    own.deadline = deadline;
    if (deadline.time < own.lookAgain)
        own.lookAgain = lookAgain_[slot] = deadline.time;
}

void ExactTracker::end(Slot slot, EndReason ending)
{
    Place& own = place(slot);
    if (own.connection) {
        sink_(*own.connection, ending);
        spare_.push_back(std::move(own.connection));
    } else {
        begin(once_, own);
        sink_(once_, ending);
    }
    table_.erase(own.hash, slot);
    own.single = false;
    lookAgain_[slot] = never;
    free_.push_back(slot);
}

// Those that no later packet can belong to: it ends them now or when one comes, with the same outcome.
void ExactTracker::endOld(std::int64_t now)
{
    sinceLook_ = 0;
    old_.clear();
    for (Slot slot = 0; slot < lookAgain_.size(); ++slot) {
        if (lookAgain_[slot] < now)
            old_.push_back(slot);
    }
    forEachFetched(old_, [this, now](Slot slot) {
        Place& own = place(slot);
        if (own.deadline.time < now)
            end(slot, own.deadline.ending);
        else
            own.lookAgain = lookAgain_[slot] = own.deadline.time;
    });
}

void ExactTracker::finish(std::int64_t newest)
{
    endOld(newest);
    old_.clear();
    for (Slot slot = 0; slot < lookAgain_.size(); ++slot) {
        if (lookAgain_[slot] != never)
            old_.push_back(slot);
    }
    forEachFetched(old_, [this](Slot slot) { end(slot, EndReason::CaptureEnd); });
}

void ExactTracker::abandon(const std::function<void(const Connection&)>& take)
{
    for (Slot slot = 0; slot < lookAgain_.size(); ++slot) {
        if (lookAgain_[slot] != never)
            take(connectionOf(place(slot)));
    }
    slabs_.clear();
    lookAgain_.clear();
    free_.clear();
    young_.clear();
    spare_.clear();
    nextYoung_ = 0;
    table_ = {};
}

} // namespace packetloom
