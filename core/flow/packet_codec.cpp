// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/packet_codec.h"

#include "core/support/zigzag.h"

#include <bit>
#include <cstring>

namespace packetloom {
namespace {

// A packet is two bytes of codes, the flags, and four differences. Differences take 0, 2, 4 or 8 bytes, by
// the machine's own byte order; which of them, the second byte says, two bits each. No branch depends on the
// data: that is why it is not LEB128, which takes as much room. First byte: bit 0 the direction, bits 1 and 2
// the origin of the flags, bit 3 flags that need more than a byte.
constexpr unsigned directionBit = 1, originShift = 1, originMask = 3, wideFlagsBit = 8;
constexpr unsigned sequenceShift = 2, acknowledgmentShift = 4, lengthShift = 6, widthMask = 3;
constexpr std::array<std::uint8_t, 4> widths{0, 2, 4, 8};
constexpr std::array<std::uint64_t, 4> masks{0, 0xffff, 0xffffffff, ~std::uint64_t{0}};

/// The code of the narrowest width, by how many bits there are.
constexpr auto widthOf = [] {
    std::array<std::uint8_t, 65> codes{};
    for (unsigned bits = 0; bits < codes.size(); ++bits)
        codes[bits] = bits == 0 ? 0 : bits <= 16 ? 1 : bits <= 32 ? 2 : 3;
    return codes;
}();

unsigned put(std::uint8_t*& at, std::int64_t value, std::int64_t predicted)
{
    const std::uint64_t number = zigzag(value, predicted);
    const unsigned width = widthOf[static_cast<std::size_t>(std::bit_width(number))];
    std::memcpy(at, &number, sizeof number); // of which the low bytes stay, the first ones on this machine
    at += widths[width];
    return width;
}

std::int64_t take(const std::uint8_t*& at, unsigned width, std::int64_t predicted)
{
    std::uint64_t number = 0;
    std::memcpy(&number, at, sizeof number);
    at += widths[width];
    return unzigzag(number & masks[width], predicted);
}

/// What a packet takes with flags of one byte, by its second byte.
constexpr auto bytesOfCodes = [] {
    std::array<std::uint8_t, 256> bytes{};
    for (unsigned codes = 0; codes < bytes.size(); ++codes) {
        bytes[codes] = 3;
        for (const unsigned shift : {0u, sequenceShift, acknowledgmentShift, lengthShift})
            bytes[codes] = static_cast<std::uint8_t>(bytes[codes] + widths[codes >> shift & widthMask]);
    }
    return bytes;
}();

std::size_t encodedBytes(std::uint8_t head, std::uint8_t codes)
{
    return bytesOfCodes[codes] + ((head & wideFlagsBit) != 0 ? sizeof(std::int64_t) - 1 : 0);
}

static_assert(std::endian::native == std::endian::little, "the low bytes of a number must come first");

} // namespace

std::size_t encodePacket(const FlowPacket& packet, PacketPrediction& prediction, std::uint8_t* out)
{
    const bool wide = packet.flags.bits < 0 || packet.flags.bits > 0xff;
    const bool turned = packet.fromHigh != prediction.fromHigh;
    std::uint8_t* at = out + 2;
    out[0] = static_cast<std::uint8_t>((packet.fromHigh ? directionBit : 0) |
                                       static_cast<unsigned>(packet.flags.origin) << originShift |
                                       (wide ? wideFlagsBit : 0));
    std::memcpy(at, &packet.flags.bits, sizeof packet.flags.bits);
    at += wide ? sizeof packet.flags.bits : 1;
    const unsigned time = put(at, packet.timestamp, prediction.timestamp);
    const unsigned sequence =
        put(at, packet.sequence, turned ? prediction.acknowledgment : prediction.sequence);
    const unsigned acknowledgment =
        put(at, packet.acknowledgment, turned ? prediction.sequence : prediction.acknowledgment);
    const unsigned length = put(at, packet.length, 0);
    out[1] = static_cast<std::uint8_t>(time | sequence << sequenceShift |
                                       acknowledgment << acknowledgmentShift | length << lengthShift);
    prediction = {packet.timestamp, packet.sequence, packet.acknowledgment, packet.fromHigh};
    return static_cast<std::size_t>(at - out);
}

FlowPacket decodePacket(std::span<const std::uint8_t>& bytes, PacketPrediction& prediction)
{
    const std::uint8_t* at = bytes.data();
    const unsigned head = at[0], codes = at[1];
    at += 2;
    FlowPacket packet;
    packet.fromHigh = (head & directionBit) != 0;
    packet.flags.origin = static_cast<TcpFlags::Origin>(head >> originShift & originMask);
    if ((head & wideFlagsBit) != 0) {
        std::memcpy(&packet.flags.bits, at, sizeof packet.flags.bits);
        at += sizeof packet.flags.bits;
    } else {
        packet.flags.bits = *at++;
    }
    const bool turned = packet.fromHigh != prediction.fromHigh;
    packet.timestamp = take(at, codes & widthMask, prediction.timestamp);
    packet.sequence = take(at, codes >> sequenceShift & widthMask,
                           turned ? prediction.acknowledgment : prediction.sequence);
    packet.acknowledgment = take(at, codes >> acknowledgmentShift & widthMask,
                                 turned ? prediction.sequence : prediction.acknowledgment);
    packet.length = take(at, codes >> lengthShift & widthMask, 0);
    bytes = bytes.subspan(static_cast<std::size_t>(at - bytes.data()));
    prediction = {packet.timestamp, packet.sequence, packet.acknowledgment, packet.fromHigh};
    return packet;
}

void EncodedPacketCount::add(std::span<const std::uint8_t> bytes)
{
    if (bytes.empty())
        return;
    std::size_t at = missing_;
    if (head_) {
        at = encodedBytes(*head_, bytes[0]) - 1;
        head_.reset();
        ++packets_;
    }
    std::uint64_t packets = 0;
    for (; at + 1 < bytes.size(); ++packets)
        at += encodedBytes(bytes[at], bytes[at + 1]);
    packets_ += packets;
    if (at + 1 == bytes.size())
        head_ = bytes[at];
    missing_ = at > bytes.size() ? at - bytes.size() : 0;
}

std::optional<std::uint64_t> EncodedPacketCount::packets() const
{
    return missing_ > 0 || head_ ? std::nullopt : std::optional(packets_);
}

} // namespace packetloom
