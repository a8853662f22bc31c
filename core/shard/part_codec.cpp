// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/part_codec.h"

#include "core/shard/packed_address.h"
#include "core/support/hash_mix.h"

#include <span>
#include <utility>

namespace packetloom {
namespace {

// The number before each packet: the step to its row, and how its ends are told.
constexpr unsigned knownBit = 1, stepShift = 1;
// Flags that are a byte of the capture's are that byte; of others this and where they are from stand before.
constexpr std::uint64_t otherFlags = 256;

} // namespace

std::size_t PartPrediction::slotOf(const Slot& ends)
{
    // No secret: whoever makes flows fall into one slot makes a part larger, not wrong.
    constexpr std::uint64_t some = 0xA0761D6478BD642Fu, other = 0xE7037ED1A0B428DBu;
    const auto end = [](std::uint32_t address, std::int64_t port) {
        return HashKey::fold(address ^ some, static_cast<std::uint64_t>(port) ^ other);
    };
    const std::uint64_t both =
        end(ends.source, ends.sourcePort) + end(ends.destination, ends.destinationPort);
    return static_cast<std::size_t>((both ^ both >> 32) % slots);
}

std::uint32_t PartEncoder::numberOf(AddressId id, const AddressTable& addresses)
{
    const auto [found, added] = numbers_.try_emplace(index(id), static_cast<std::uint32_t>(numbers_.size()));
    if (added) {
        putAddress(texts_, addresses.text(id));
        ++newTexts_;
    }
    return found->second;
}

void PartEncoder::add(const Packet& packet, std::uint64_t row, const AddressTable& addresses,
                      const PacketExtras& extras)
{
    if (count_ == 0) { // blocks can be read for their rows and times alone
        firstRow_ = lastRow_ = row;
        lastTime_ = 0;
    }
    PartPrediction::Slot ends;
    ends.source = numberOf(packet.source, addresses);
    ends.destination = numberOf(packet.destination, addresses);
    ends.sourcePort = packet.sourcePort;
    ends.destinationPort = packet.destinationPort;
    const std::size_t number = PartPrediction::slotOf(ends);
    auto& slot = prediction_[number];
    const bool same = slot.isOf(ends), turned = !same && slot.isOfTurned(ends);
    const std::uint64_t step = of_ == PartPackets::OfTcp ? row - lastRow_
                                                         : zigzag(static_cast<std::int64_t>(row),
                                                                  static_cast<std::int64_t>(lastRow_));
    packets_.count(step << stepShift | (same || turned ? knownBit : 0));
    if (same || turned) {
        packets_.count(number << 1 | (turned ? 1 : 0));
    } else {
        packets_.count(ends.source);
        packets_.count(ends.destination);
        packets_.number(ends.sourcePort);
        packets_.number(ends.destinationPort);
        slot = ends;
        slot.used = true;
    }
    packets_.number(packet.timestamp, lastTime_);
    if (packet.flags.origin == TcpFlags::Origin::Value && packet.flags.bits >= 0 &&
        packet.flags.bits < std::int64_t{otherFlags}) {
        packets_.count(static_cast<std::uint64_t>(packet.flags.bits));
    } else {
        packets_.count(otherFlags + static_cast<std::uint64_t>(packet.flags.origin));
        packets_.number(packet.flags.bits);
    }
    packets_.number(packet.length);
    const bool other = turned != slot.turned;
    packets_.number(packet.sequence, other ? slot.acknowledgment : slot.sequence);
    packets_.number(packet.acknowledgment, other ? slot.sequence : slot.acknowledgment);
    slot.sequence = packet.sequence;
    slot.acknowledgment = packet.acknowledgment;
    slot.turned = turned;
    lastRow_ = row;
    lastTime_ = packet.timestamp;
    ++count_;
    if (of_ == PartPackets::OfAll) {
        lengths_.push_back(packet);
        extras_.push_back(extras);
        knowsExtras_ = knowsExtras_ || extras != PacketExtras();
    }
}

void PartEncoder::putProtocolsAndExtras()
{
    if (!packer_)
        packer_ = std::make_shared<ExtrasPacker>();
    const std::size_t count = lengths_.size();
    columns_.resize(longestPackedExtras(count) + 2 * (packedColumnHead + 8 * count));
    auto* at = packColumn(columns_.data(), count,
                          [&](std::size_t i) { return std::int64_t{lengths_[i].hasProtocol}; });
    at = packColumn(at, count, [&](std::size_t i) { return lengths_[i].protocol; });
    at = packer_->pack(at, lengths_,
                       knowsExtras_ ? std::span<const PacketExtras>(extras_)
                                    : std::span<const PacketExtras>());
    block_.raw(
        {reinterpret_cast<const char*>(columns_.data()), static_cast<std::size_t>(at - columns_.data())});
    lengths_.clear();
    extras_.clear();
    knowsExtras_ = false;
}

std::string_view PartEncoder::take()
{
    block_.clear();
    block_.count(newTexts_);
    block_.raw(texts_.bytes());
    block_.count(firstRow_);
    block_.count(count_);
    block_.raw(packets_.bytes());
    if (!lengths_.empty())
        putProtocolsAndExtras();
    texts_.clear();
    packets_.clear();
    takenFirst_ = firstRow_;
    takenLast_ = lastRow_;
    newTexts_ = count_ = 0;
    return block_.bytes();
}

bool PartDecoder::decode(std::string_view block, PartRows& rows)
{
    BytesIn in(block);
    rows.packets.clear();
    rows.extras.clear();
    rows.rows.clear();
    const std::uint64_t texts = in.count();
    AddressRoom room;
    for (std::uint64_t i = 0; i < texts && !in.bad(); ++i)
        ids_.push_back(addresses_.intern(takeAddress(in, room)));
    std::uint64_t row = in.count();
    const std::uint64_t count = in.count();
    std::int64_t time = 0;
    for (std::uint64_t i = 0; i < count && !in.bad(); ++i) {
        const std::uint64_t head = in.count();
        row += of_ == PartPackets::OfTcp ? head >> stepShift
                                         : static_cast<std::uint64_t>(unzigzag(head >> stepShift, 0));
        bool turned = false;
        PartPrediction::Slot ends;
        std::size_t number = 0;
        if ((head & knownBit) != 0) {
            const std::uint64_t slot = in.count();
            turned = (slot & 1) != 0;
            number = static_cast<std::size_t>(slot >> 1);
            if (number >= PartPrediction::slots)
                return false;
            ends = prediction_[number];
        } else {
            ends.source = static_cast<std::uint32_t>(in.count());
            ends.destination = static_cast<std::uint32_t>(in.count());
            ends.sourcePort = in.number();
            ends.destinationPort = in.number();
            ends.used = true;
            number = PartPrediction::slotOf(ends);
            prediction_[number] = ends;
        }
        if (ends.source >= ids_.size() || ends.destination >= ids_.size())
            return false;
        auto& slot = prediction_[number];
        Packet packet;
        packet.timestamp = time = in.number(time);
        const std::uint64_t flags = in.count();
        if (flags < otherFlags) {
            packet.flags.bits = static_cast<std::int64_t>(flags);
        } else {
            packet.flags.origin = static_cast<TcpFlags::Origin>(flags - otherFlags);
            packet.flags.bits = in.number();
        }
        packet.length = in.number();
        const bool other = turned != slot.turned;
        packet.sequence = in.number(other ? slot.acknowledgment : slot.sequence);
        packet.acknowledgment = in.number(other ? slot.sequence : slot.acknowledgment);
        slot.sequence = packet.sequence;
        slot.acknowledgment = packet.acknowledgment;
        slot.turned = turned;
        packet.source = ids_[ends.source];
        packet.destination = ids_[ends.destination];
        packet.sourcePort = ends.sourcePort;
        packet.destinationPort = ends.destinationPort;
        if (turned) {
            std::swap(packet.source, packet.destination);
            std::swap(packet.sourcePort, packet.destinationPort);
        }
        packet.protocol = protocolTcp;
        packet.hasProtocol = true;
        rows.packets.push_back(packet);
        rows.rows.push_back(row);
    }
    if (in.bad() || of_ == PartPackets::OfTcp || rows.packets.empty())
        return !in.bad() && in.atEnd();
    // Checksums tell of damage, so columns are what was written.
    const auto* at = reinterpret_cast<const std::uint8_t*>(in.rest().data());
    const std::size_t packets = rows.packets.size();
    at = unpackColumn(at, packets,
                      [&](std::size_t i, std::int64_t has) { rows.packets[i].hasProtocol = has != 0; });
    at = unpackColumn(at, packets,
                      [&](std::size_t i, std::int64_t protocol) { rows.packets[i].protocol = protocol; });
    unpackExtras(at, rows.packets, rows.extras);
    return true;
}

} // namespace packetloom
