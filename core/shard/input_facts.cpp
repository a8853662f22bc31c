// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/input_facts.h"

namespace packetloom {
namespace {

// Without its addresses.
void put(BytesOut& out, const Packet& packet)
{
    for (const auto number : {packet.timestamp, packet.sourcePort, packet.destinationPort, packet.sequence,
                              packet.acknowledgment, packet.length, packet.protocol})
        out.number(number);
    out.number(packet.flags.bits);
    out.count(static_cast<unsigned>(packet.flags.origin));
    out.count(packet.hasProtocol ? 1 : 0);
}

void take(BytesIn& in, Packet& packet)
{
    for (auto* const number : {&packet.timestamp, &packet.sourcePort, &packet.destinationPort,
                               &packet.sequence, &packet.acknowledgment, &packet.length, &packet.protocol})
        *number = in.number();
    packet.flags.bits = in.number();
    packet.flags.origin = static_cast<TcpFlags::Origin>(in.count());
    packet.hasProtocol = in.count() != 0;
}

} // namespace

InputFacts inputFacts(const PacketOrder& order, const FrameTotals& frames, const AddressTable& addresses)
{
    InputFacts facts;
    facts.order = order.parts();
    if (facts.order.packets > 0) {
        const Packet &first = facts.order.first, &last = facts.order.last;
        facts.ends = {
            std::string(addresses.text(first.source)), std::string(addresses.text(first.destination)),
            std::string(addresses.text(last.source)), std::string(addresses.text(last.destination))};
    }
    facts.frames = {.linkTypes = frames.linkTypes(),
                    .counts = frames.counts(),
                    .frames = frames.frames(),
                    .seenAgain = frames.seenAgain(),
                    .checksumsVerified = frames.checksumsVerified()};
    return facts;
}

PacketOrder orderOf(const InputFacts& facts, AddressTable& addresses)
{
    PacketOrder::Parts order = facts.order;
    order.first.source = addresses.intern(facts.ends[0]);
    order.first.destination = addresses.intern(facts.ends[1]);
    order.last.source = addresses.intern(facts.ends[2]);
    order.last.destination = addresses.intern(facts.ends[3]);
    return PacketOrder::of(order);
}

void put(BytesOut& out, const InputFacts& facts)
{
    const auto& order = facts.order;
    for (const auto count :
         {order.packets, order.outOfOrder, order.largestStepBack, order.largestGap, order.repeated})
        out.count(count);
    for (const auto time : {order.gapStart, order.earliest, order.latest})
        out.number(time);
    put(out, order.first);
    put(out, order.last);
    for (const auto& text : facts.ends)
        out.text(text);
    const auto& frames = facts.frames;
    out.count(frames.linkTypes.size());
    for (const auto& [type, count] : frames.linkTypes) {
        out.count(type);
        out.count(count);
    }
    for (const auto count : frames.counts.marks)
        out.count(count);
    for (const auto count : frames.counts.tunnels)
        out.count(count);
    out.count(frames.frames);
    out.count(frames.seenAgain);
    out.count(frames.checksumsVerified ? 1 : 0);
}

bool take(BytesIn& in, InputFacts& facts)
{
    auto& order = facts.order;
    for (auto* const count :
         {&order.packets, &order.outOfOrder, &order.largestStepBack, &order.largestGap, &order.repeated})
        *count = in.count();
    for (auto* const time : {&order.gapStart, &order.earliest, &order.latest})
        *time = in.number();
    take(in, order.first);
    take(in, order.last);
    for (auto& text : facts.ends)
        text = in.text();
    auto& frames = facts.frames;
    for (std::uint64_t left = in.count(); left > 0 && !in.bad(); --left) {
        const auto type = static_cast<std::uint16_t>(in.count());
        frames.linkTypes[type] = in.count();
    }
    for (auto& count : frames.counts.marks)
        count = in.count();
    for (auto& count : frames.counts.tunnels)
        count = in.count();
    frames.frames = in.count();
    frames.seenAgain = in.count();
    frames.checksumsVerified = in.count() != 0;
    return !in.bad();
}

} // namespace packetloom
