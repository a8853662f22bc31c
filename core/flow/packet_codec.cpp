// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/packet_codec.h"

namespace packetloom {
namespace {

// First byte: bit 0 the direction, bits 1 and 2 the origin of the flags, bit 3 flags that need more than a
// byte.
constexpr unsigned directionBit = 1, originShift = 1, originMask = 3, wideFlagsBit = 8;

} // namespace

std::size_t encodePacket(const FlowPacket& packet, PacketPrediction& prediction, EncodedPacket& out)
{
    const bool wide = packet.flags.bits < 0 || packet.flags.bits > 0xff;
    const bool turned = packet.fromHigh != prediction.fromHigh;
    std::uint8_t* at = out.data();
    *at++ = static_cast<std::uint8_t>((packet.fromHigh ? directionBit : 0u) |
                                      static_cast<unsigned>(packet.flags.origin) << originShift |
                                      (wide ? wideFlagsBit : 0u));
    if (wide)
        at = putVarint(at, static_cast<std::uint64_t>(packet.flags.bits));
    else
        *at++ = static_cast<std::uint8_t>(packet.flags.bits);
    at = putDifference(at, packet.timestamp, prediction.timestamp);
    at = putDifference(at, packet.sequence, turned ? prediction.acknowledgment : prediction.sequence);
    at = putDifference(at, packet.acknowledgment, turned ? prediction.sequence : prediction.acknowledgment);
    at = putDifference(at, packet.length, 0);
    prediction = {packet.timestamp, packet.sequence, packet.acknowledgment, packet.fromHigh};
    return static_cast<std::size_t>(at - out.data());
}

FlowPacket decodePacket(std::span<const std::uint8_t>& bytes, PacketPrediction& prediction)
{
    const std::uint8_t* at = bytes.data();
    const unsigned head = *at++;
    FlowPacket packet;
    packet.fromHigh = (head & directionBit) != 0;
    packet.flags.origin = static_cast<TcpFlags::Origin>(head >> originShift & originMask);
    packet.flags.bits = head & wideFlagsBit ? static_cast<std::int64_t>(takeVarint(at)) : *at++;
    const bool turned = packet.fromHigh != prediction.fromHigh;
    packet.timestamp = takeDifference(at, prediction.timestamp);
    packet.sequence = takeDifference(at, turned ? prediction.acknowledgment : prediction.sequence);
    packet.acknowledgment = takeDifference(at, turned ? prediction.sequence : prediction.acknowledgment);
    packet.length = takeDifference(at, 0);
    bytes = bytes.subspan(static_cast<std::size_t>(at - bytes.data()));
    prediction = {packet.timestamp, packet.sequence, packet.acknowledgment, packet.fromHigh};
    return packet;
}

} // namespace packetloom
