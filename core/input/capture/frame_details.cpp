// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/capture/frame_details.h"

#include "core/input/capture/checksum.h"
#include "core/model/packet_extras.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::int64_t none = DetailColumns::none;

template <class Number>
std::int64_t orNone(const std::optional<Number>& number)
{
    return number ? std::int64_t{*number} : none;
}

// Without a header there is no telling: it was cut off, or is not to be believed.
std::int64_t payloadOf(const IpHeader& ip, const TransportHeader& transport)
{
    if (ip.fragment != Fragment::Later && hasPorts(ip.protocol) && transport.headerBytes == 0)
        return none;
    return std::max<std::int64_t>(std::int64_t{ip.payloadBytes} - transport.headerBytes, 0);
}

std::int64_t icmpByte(const IpHeader& ip, std::size_t at)
{
    const bool icmp = ip.protocol == ipproto::icmp || ip.protocol == ipproto::icmpv6;
    return icmp && ip.fragment != Fragment::Later && !isHeaderBad(ip) ? std::int64_t{ip.payload.u8(at)}
                                                                      : none;
}

std::int64_t damageOf(const IpHeader& ip, FrameMarkSet marks, bool checked)
{
    unsigned damage = checked ? checksumDamage(ip, marks) : 0u;
    if (!ip.destination || ip.payload.size() < ip.payloadBytes)
        damage |= PacketExtras::PayloadCut;
    if (isHeaderBad(ip))
        damage |= PacketExtras::BadHeader;
    if (ip.fragment == Fragment::Later)
        damage |= PacketExtras::LaterFragment;
    return damage;
}

} // namespace

void addDetails(const DetailRules& rules, const FrameBlock& block, const Frame& frame,
                const DecodedFrame& decoded, FrameMarkSet marks, DetailColumns& columns)
{
    const IpHeader& ip = decoded.ip;
    const TransportHeader& transport = decoded.transport;
    const bool tcp = ip.protocol == ipproto::tcp && transport.headerBytes > 0;
    const auto detailOf = [&](Detail detail) -> std::int64_t {
        switch (detail) {
        case Detail::Payload:
            return payloadOf(ip, transport);
        case Detail::Window:
            return tcp ? std::int64_t{transport.window} : none;
        case Detail::HopLimit:
            return ip.hopLimit;
        case Detail::Identification:
            return !ip.isIpv6() || ip.fragment != Fragment::Whole ? std::int64_t{ip.identification} : none;
        case Detail::Checksum:
            return orNone(transport.checksum);
        case Detail::Vlan:
            return orNone(decoded.vlan);
        case Detail::Interface:
            return frame.interface;
        case Detail::Offset:
            return static_cast<std::int64_t>(block.fileOffset + frame.offset);
        case Detail::IpBytes:
            return ip.totalBytes;
        case Detail::WindowScale:
            return orNone(windowScale(ip, transport));
        case Detail::IcmpType:
            return icmpByte(ip, 0);
        case Detail::IcmpCode:
            return icmpByte(ip, 1);
        case Detail::Damage:
            return damageOf(ip, marks, rules.checksums);
        }
        return none;
    };
    rules.wanted.forEach([&](Detail detail) { columns.of(detail).push_back(detailOf(detail)); });
}

} // namespace packetloom
