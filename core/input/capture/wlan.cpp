// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/link_payload.h"

namespace packetloom {
namespace {

constexpr std::size_t wlanAddress = 6;

constexpr std::size_t alignedTo(std::size_t at, std::size_t alignment)
{
    return (at + alignment - 1) / alignment * alignment;
}

/// The flags of a radiotap header (radiotap.org, "Flags"), 0 where it has none.
std::uint8_t radiotapFlags(Layer header)
{
    constexpr std::uint32_t hasTime = 1, hasFlags = 2, more = std::uint32_t{1} << 31;
    const std::uint32_t present = header.le32(4);
    std::size_t at = 8;
    for (std::uint32_t word = present; (word & more) != 0 && header.has(at + 4); at += 4)
        word = header.le32(at);
    if ((present & hasFlags) == 0)
        return 0;
    if ((present & hasTime) != 0)
        at = alignedTo(at, 8) + 8;
    return header.u8(at);
}

// The first of the packets that share a frame (IEEE 802.11, 9.3.2.2): destination, source, length, LLC.
Layer firstOfAggregate(Layer aggregate)
{
    constexpr std::size_t header = 14;
    return aggregate.from(header).first(aggregate.be16(header - 2));
}

} // namespace

LinkPayload readWlan(Layer frame, bool padded)
{
    constexpr unsigned management = 0, control = 1, data = 2; // types
    constexpr unsigned withoutData = 4, withQos = 8;          // bits of the subtypes of data
    constexpr unsigned toDs = 0x01, fromDs = 0x02, isProtected = 0x40, withHt = 0x80;
    constexpr std::uint16_t aggregated = 0x80; // in the QoS control field
    constexpr std::size_t sequenceControl = 22;
    constexpr std::uint16_t fragmentNumber = 0x000f, snapPoints = 0xaaaa;
    if (!frame.has(2))
        return LinkPayload::other(NotIp::CutShort);
    const unsigned version = frame.u8(0) & 3u, type = frame.u8(0) >> 2 & 3u, subtype = frame.u8(0) >> 4,
                   flags = frame.u8(1);
    if (version != 0)
        return LinkPayload::other(NotIp::CutShort);
    if (type == management)
        return LinkPayload::other(NotIp::WlanManagement);
    if (type == control)
        return LinkPayload::other(NotIp::WlanControl);
    if (type != data)
        return LinkPayload::other(NotIp::CutShort);
    if ((subtype & withoutData) != 0)
        return LinkPayload::other(NotIp::WlanNoData);
    if ((flags & isProtected) != 0)
        return LinkPayload::other(NotIp::WlanEncrypted);
    std::size_t header = 24;
    if ((flags & toDs) != 0 && (flags & fromDs) != 0)
        header += wlanAddress;
    std::uint16_t qos = 0;
    if ((subtype & withQos) != 0) {
        qos = frame.le16(header);
        header += 2;
        if ((flags & withHt) != 0)
            header += 4;
    }
    if (padded)
        header = alignedTo(header, 4);
    const Layer payload = frame.from(header);
    if (payload.size() == 0)
        return LinkPayload::other(NotIp::CutShort);
    // What goes on with another frame does not begin as one, whatever its number says.
    if ((frame.le16(sequenceControl) & fragmentNumber) != 0 && payload.be16(0) != snapPoints)
        return LinkPayload::other(NotIp::WlanFragment);
    return readLlc((qos & aggregated) != 0 ? firstOfAggregate(payload) : payload);
}

LinkPayload readRadiotap(Layer frame)
{
    constexpr std::uint8_t paddedData = 0x20;
    constexpr std::size_t fixedPart = 8;
    const std::size_t length = frame.le16(2);
    if (!frame.has(fixedPart) || length < fixedPart || !frame.has(length))
        return LinkPayload::other(NotIp::CutShort);
    return readWlan(frame.from(length), (radiotapFlags(frame.first(length)) & paddedData) != 0);
}

} // namespace packetloom
