// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_members.h"

#include "core/support/prefetch.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t together = 32; // whose memory is fetched side by side

} // namespace

FlowMembers::FlowMembers(const ExactFlows& flows, const std::vector<std::uint8_t>* wanted)
{
    // Twice over them: how many each key has, then each to its place.
    struct Member
    {
        std::uint32_t flow;
        Slot key;
    };
    std::vector<Member> members;
    std::array<std::pair<ConnectionKey, std::uint64_t>, together> batch;
    const auto isWanted = [&](std::size_t i) { return !wanted || (*wanted)[i] != 0; };
    for (std::size_t begin = 0; begin < flows.size(); begin += together) {
        const std::size_t end = std::min(begin + together, flows.size());
        for (std::size_t i = begin; i < end; ++i) {
            if (!isWanted(i))
                continue;
            auto& [key, hash] = batch[i - begin];
            key = ConnectionKey::of(flows.head(i));
            hash = hash_(key);
            table_.prefetch(hash);
        }
        for (std::size_t i = begin; i < end; ++i) {
            if (!isWanted(i))
                continue;
            const auto& [key, hash] = batch[i - begin];
            Slot slot = find(key, hash);
            if (slot == SlotTable::none) {
                slot = static_cast<Slot>(keys_.size());
                keys_.push_back({key, {}});
                table_.insert(hash, slot);
            }
            ++keys_[slot].range.count;
            members.push_back({static_cast<std::uint32_t>(i), slot});
        }
    }
    std::uint32_t begin = 0;
    for (Key& key : keys_) {
        key.range.begin = std::exchange(begin, begin + key.range.count);
        key.range.count = 0;
    }
    spans_.resize(begin);
    for (const auto& [flow, key] : members) {
        const ExactFlowHead head = flows.head(flow);
        Range& range = keys_[key].range;
        spans_[range.begin + range.count++] = {head.start, head.lastPacket, head.firstRow, head.lastRow,
                                               flow};
    }
}

std::uint32_t FlowMembers::flowAt(const Range& range, std::int64_t time, std::uint64_t row) const
{
    const auto begin = spans_.begin() + range.begin;
    const std::pair at(time, row);
    const auto after =
        std::upper_bound(begin, begin + range.count, at, [](const auto& place, const Span& span) {
            return place < std::pair(span.firstTime, span.firstRow);
        });
    if (after == begin)
        return none;
    const Span& span = *std::prev(after);
    return at <= std::pair(span.lastTime, span.lastRow) ? span.flow : none;
}

std::uint32_t FlowMembers::flowOf(const Packet& packet, const PacketExtras& extras, std::uint64_t row) const
{
    bool fromHigh = false;
    const auto key = ConnectionKey::of(packet, extras, fromHigh);
    const Slot slot = key ? find(*key, hash_(*key)) : SlotTable::none;
    return slot == SlotTable::none ? none : flowAt(keys_[slot].range, packet.timestamp, row);
}

void FlowMembers::flowsOf(std::span<const Packet> packets, std::span<const PacketExtras> extras,
                          std::uint64_t firstRow, std::span<std::uint32_t> into) const
{
    struct Asked
    {
        std::optional<ConnectionKey> key;
        std::uint64_t hash = 0;
        Slot slot = SlotTable::none;
    };
    std::array<Asked, together> batch;
    for (std::size_t begin = 0; begin < packets.size(); begin += together) {
        const std::size_t count = std::min(together, packets.size() - begin);
        for (std::size_t i = 0; i < count; ++i) {
            bool fromHigh = false;
            Asked& asked = batch[i];
            asked.key = ConnectionKey::of(packets[begin + i], extras[begin + i], fromHigh);
            if (!asked.key)
                continue;
            asked.hash = hash_(*asked.key);
            table_.prefetch(asked.hash);
        }
        for (std::size_t i = 0; i < count; ++i) {
            const Slot guess = batch[i].key ? table_.guess(batch[i].hash) : SlotTable::none;
            if (guess != SlotTable::none)
                prefetchLines(&keys_[guess], sizeof(Key));
        }
        for (std::size_t i = 0; i < count; ++i) {
            Asked& asked = batch[i];
            asked.slot = asked.key ? find(*asked.key, asked.hash) : SlotTable::none;
            if (asked.slot != SlotTable::none)
                prefetchLines(&spans_[keys_[asked.slot].range.begin], sizeof(Span));
        }
        for (std::size_t i = 0; i < count; ++i) {
            const Slot slot = batch[i].slot;
            into[begin + i] =
                slot == SlotTable::none
                    ? none
                    : flowAt(keys_[slot].range, packets[begin + i].timestamp, firstRow + begin + i);
        }
    }
}

} // namespace packetloom
