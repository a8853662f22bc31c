// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/part_codec.h"

#include "core/support/hash_mix.h"

#include <span>
#include <utility>

namespace packetloom {
namespace {

// A packet is a byte, its shape, the step to its row, how its ends are told, and how time, sequence and
// acknowledgment number differ from what was foreseen. The byte: which of these its ends are, and three
// codes of widths.
enum Ends : unsigned { Known, Turned, New, Odd };
constexpr unsigned timeShift = 2, sequenceShift = 4, acknowledgmentShift = 6, codeMask = 3;

// Of a known flow: the slot, and in the bits above it a short step to the row, or this and the rest.
constexpr unsigned stepShift = 13, longStep = 7, slotMask = (1u << stepShift) - 1;
static_assert(PartPrediction::slots == slotMask + 1);

// Of an address: 0 where it is a new one, else its number and one; and a bit.
constexpr unsigned portBit = 1, numberShift = 1;

constexpr std::size_t placeCount = 2 * PartPrediction::slots;
constexpr std::size_t longestPacket = 1 + PacketShapes::longest + 8 * longestVarint;

// No secret: whoever makes flows fall into one place makes a part larger, not wrong. The same for both
// directions.
std::size_t placeOf(const PartPrediction::Slot& ends)
{
    constexpr std::uint64_t some = 0xA0761D6478BD642Fu, other = 0xE7037ED1A0B428DBu;
    const auto end = [](AddressId address, std::uint16_t port) {
        return HashKey::fold(index(address) ^ some, port ^ other);
    };
    const std::uint64_t both =
        end(ends.source, ends.sourcePort) + end(ends.destination, ends.destinationPort);
    return static_cast<std::size_t>((both ^ both >> 32) % placeCount);
}

bool areSame(const PartPrediction::Slot& a, const PartPrediction::Slot& b)
{
    return a.source == b.source && a.destination == b.destination && a.sourcePort == b.sourcePort &&
           a.destinationPort == b.destinationPort;
}

bool areTurned(const PartPrediction::Slot& a, const PartPrediction::Slot& b)
{
    return a.source == b.destination && a.destination == b.source && a.sourcePort == b.destinationPort &&
           a.destinationPort == b.sourcePort;
}

bool isOdd(const Packet& packet, std::int64_t lastTime)
{
    return !fits16(packet.sourcePort) || !fits16(packet.destinationPort) || !fits32(packet.sequence) ||
           !fits32(packet.acknowledgment) || zigzag(packet.timestamp, lastTime) > 0xffffffff;
}

} // namespace

PartEncoder::Number PartEncoder::numberOf(AddressId id, const AddressTable& addresses)
{
    const auto [found, added] = numbers_.try_emplace(index(id), static_cast<std::uint32_t>(numbers_.size()));
    if (added) {
        texts_.add(addresses.text(id));
        prediction_.addAddress();
    }
    return {found->second, added};
}

void PartEncoder::putEnd(const Number& number, bool isSource, std::uint16_t port)
{
    const bool foreseen = prediction_.port(number.number, isSource) == port;
    const std::uint64_t code = number.isNew ? 0 : std::uint64_t{number.number} + 1;
    packets_.count(code << numberShift | (foreseen ? portBit : 0));
    if (!foreseen)
        packets_.two(port);
    prediction_.notePort(number.number, isSource, port);
}

unsigned PartEncoder::putEnds(const Packet& packet, std::uint64_t step, const AddressTable& addresses,
                              std::size_t& slot)
{
    PartPrediction::Slot ends;
    ends.source = packet.source;
    ends.destination = packet.destination;
    ends.sourcePort = static_cast<std::uint16_t>(packet.sourcePort);
    ends.destinationPort = static_cast<std::uint16_t>(packet.destinationPort);
    if (places_.empty())
        places_.resize(placeCount);
    std::uint16_t& place = places_[placeOf(ends)];
    if (prediction_.has(place)) {
        const auto& known = prediction_[place];
        const bool same = areSame(known, ends);
        if (same || areTurned(known, ends)) {
            slot = place;
            const bool isLong = step >= longStep;
            packets_.two(place | static_cast<unsigned>(isLong ? longStep : step) << stepShift);
            if (isLong)
                packets_.count(step - longStep);
            return same ? Known : Turned;
        }
    }
    packets_.count(step);
    const Number source = numberOf(packet.source, addresses);
    putEnd(source, true, ends.sourcePort);
    const Number destination = numberOf(packet.destination, addresses);
    putEnd(destination, false, ends.destinationPort);
    slot = prediction_.add(ends);
    place = static_cast<std::uint16_t>(slot);
    return New;
}

// What a capture may hold and a network does not.
void PartEncoder::putOdd(const Packet& packet, std::uint64_t step, const AddressTable& addresses)
{
    packets_.count(step);
    for (const AddressId id : {packet.source, packet.destination}) {
        const Number number = numberOf(id, addresses);
        packets_.count(number.isNew ? 0 : std::uint64_t{number.number} + 1);
    }
    packets_.number(packet.sourcePort);
    packets_.number(packet.destinationPort);
    packets_.number(packet.timestamp, lastTime_);
    packets_.number(packet.sequence);
    packets_.number(packet.acknowledgment);
}

void PartEncoder::add(const Packet& packet, std::uint64_t row, const AddressTable& addresses,
                      const PacketExtras& extras)
{
    if (count_ == 0) { // blocks can be read for their rows and times alone
        firstRow_ = lastRow_ = row;
        lastTime_ = packet.timestamp;
    }
    const std::uint64_t step = of_ == PartPackets::OfTcp ? row - lastRow_
                                                         : zigzag(static_cast<std::int64_t>(row),
                                                                  static_cast<std::int64_t>(lastRow_));
    if (count_ == 0)
        firstTime_ = packet.timestamp;
    packets_.reserve(longestPacket);
    const std::size_t head = packets_.byte(Odd);
    shapes_.put(packets_, {{packet.flags.bits, packet.protocol, packet.flags.origin, packet.hasProtocol},
                           packet.length});
    if (isOdd(packet, lastTime_)) {
        putOdd(packet, step, addresses);
    } else {
        std::size_t slot = 0;
        const unsigned ends = putEnds(packet, step, addresses, slot);
        auto& last = prediction_[slot];
        const bool turned = ends == Turned, other = turned != last.turned;
        const auto sequence = static_cast<std::uint32_t>(packet.sequence),
                   acknowledgment = static_cast<std::uint32_t>(packet.acknowledgment);
        const unsigned time =
            packets_.upToFour(static_cast<std::uint32_t>(zigzag(packet.timestamp, lastTime_)));
        // Of a new flow nothing is known: what it says, as it is.
        const unsigned first = packets_.upToFour(
            ends == New ? sequence : zigzag32(sequence, other ? last.acknowledgment : last.sequence));
        const unsigned second = packets_.upToFour(
            ends == New ? acknowledgment
                        : zigzag32(acknowledgment, other ? last.sequence : last.acknowledgment));
        packets_.set(head, ends | time << timeShift | first << sequenceShift | second << acknowledgmentShift);
        last.sequence = sequence;
        last.acknowledgment = acknowledgment;
        last.turned = turned;
    }
    lastRow_ = row;
    lastTime_ = packet.timestamp;
    if (of_ == PartPackets::OfAll)
        noteExtras(packet, extras);
    ++count_;
}

void PartEncoder::noteExtras(const Packet& packet, const PacketExtras& extras)
{
    if (extras_.empty() && extras == PacketExtras())
        return;
    // Those before it, of which nothing is known whatever their lengths.
    lengths_.resize(static_cast<std::size_t>(count_));
    extras_.resize(static_cast<std::size_t>(count_));
    lengths_.push_back(packet);
    extras_.push_back(extras);
}

void PartEncoder::putExtras()
{
    if (!packer_)
        packer_ = std::make_shared<ExtrasPacker>();
    columns_.resize(longestPackedExtras(static_cast<std::size_t>(count_)));
    const auto* const end = packer_->pack(columns_.data(), lengths_, extras_);
    block_.raw(
        {reinterpret_cast<const char*>(columns_.data()), static_cast<std::size_t>(end - columns_.data())});
    lengths_.clear();
    extras_.clear();
}

std::string_view PartEncoder::take()
{
    block_.clear();
    texts_.putTo(block_);
    block_.count(firstRow_);
    block_.number(firstTime_);
    block_.count(count_);
    block_.count(packets_.size());
    block_.raw(packets_.bytes());
    if (of_ == PartPackets::OfAll)
        putExtras();
    texts_.clear();
    packets_.clear();
    takenFirst_ = firstRow_;
    takenLast_ = lastRow_;
    count_ = 0;
    return block_.bytes();
}

bool PartDecoder::takeEnd(QuickIn& in, bool isSource, AddressId& id, std::uint16_t& port)
{
    const std::uint64_t code = in.count();
    std::size_t number = static_cast<std::size_t>(code >> numberShift);
    if (number == 0) {
        number = prediction_.addresses();
        prediction_.addAddress();
    } else {
        --number;
    }
    if (number >= ids_.size() || number >= prediction_.addresses())
        return false;
    id = ids_[number];
    port = (code & portBit) != 0 ? prediction_.port(number, isSource) : static_cast<std::uint16_t>(in.two());
    prediction_.notePort(number, isSource, port);
    return true;
}

bool PartDecoder::takeOdd(QuickIn& in, Packet& packet)
{
    for (AddressId* const id : {&packet.source, &packet.destination}) {
        std::uint64_t number = in.count();
        if (number == 0) {
            number = prediction_.addresses();
            prediction_.addAddress();
        } else {
            --number;
        }
        if (number >= ids_.size())
            return false;
        *id = ids_[static_cast<std::size_t>(number)];
    }
    packet.sourcePort = in.number();
    packet.destinationPort = in.number();
    packet.timestamp = in.number(packet.timestamp);
    packet.sequence = in.number();
    packet.acknowledgment = in.number();
    return true;
}

bool PartDecoder::decode(std::string_view block, PartRows& rows)
{
    BytesIn all(block);
    internAddresses(all, addresses_, ids_);
    std::uint64_t row = all.count();
    std::int64_t time = all.number();
    const std::uint64_t count = all.count();
    const std::string_view packets = all.raw(all.count());
    if (all.bad() || count > packets.size())
        return false;
    rows.packets.resize(static_cast<std::size_t>(count));
    rows.rows.resize(static_cast<std::size_t>(count));
    QuickIn in(packets);
    for (std::size_t i = 0; i < rows.rows.size(); ++i) {
        const unsigned head = in.byte(), ends = head & codeMask;
        const PacketShapes::Shape shape = shapes_.take(in);
        Packet packet;
        packet.flags = {shape.kind.flags, shape.kind.origin};
        packet.length = shape.length;
        packet.protocol = shape.kind.protocol;
        packet.hasProtocol = shape.kind.hasProtocol;
        packet.timestamp = time;
        std::uint64_t step = 0;
        std::size_t slot = 0;
        if (ends <= Turned) {
            const unsigned place = in.two();
            slot = place & slotMask;
            step = place >> stepShift;
            if (step == longStep)
                step += in.count();
            if (!prediction_.has(slot))
                return false;
        } else {
            step = in.count();
        }
        row += of_ == PartPackets::OfTcp ? step : static_cast<std::uint64_t>(unzigzag(step, 0));
        if (ends == Odd) {
            if (!takeOdd(in, packet))
                return false;
        } else {
            if (ends == New) {
                PartPrediction::Slot flow;
                if (!takeEnd(in, true, flow.source, flow.sourcePort) ||
                    !takeEnd(in, false, flow.destination, flow.destinationPort))
                    return false;
                slot = prediction_.add(flow);
            }
            auto& last = prediction_[slot];
            const bool turned = ends == Turned, other = turned != last.turned;
            packet.timestamp = unzigzag(in.upToFour(head >> timeShift & codeMask), time);
            const std::uint32_t first = in.upToFour(head >> sequenceShift & codeMask),
                                second = in.upToFour(head >> acknowledgmentShift & codeMask);
            const std::uint32_t sequence =
                ends == New ? first : unzigzag32(first, other ? last.acknowledgment : last.sequence);
            const std::uint32_t acknowledgment =
                ends == New ? second : unzigzag32(second, other ? last.sequence : last.acknowledgment);
            last.sequence = sequence;
            last.acknowledgment = acknowledgment;
            last.turned = turned;
            packet.sequence = sequence;
            packet.acknowledgment = acknowledgment;
            packet.source = turned ? last.destination : last.source;
            packet.destination = turned ? last.source : last.destination;
            packet.sourcePort = turned ? last.destinationPort : last.sourcePort;
            packet.destinationPort = turned ? last.sourcePort : last.destinationPort;
        }
        time = packet.timestamp;
        if (in.past())
            return false;
        rows.packets[i] = packet;
        rows.rows[i] = row;
    }
    if (!in.atEnd())
        return false;
    if (of_ == PartPackets::OfTcp || rows.packets.empty())
        return all.atEnd();
    const std::string_view extras = all.rest();
    return unpackExtras({reinterpret_cast<const std::uint8_t*>(extras.data()), extras.size()}, rows.packets,
                        rows.extras);
}

} // namespace packetloom
