// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/packet_extras.h"

#include <algorithm>
#include <limits>

namespace packetloom {
namespace {

// What does not fit is no number of a packet.
template <class Number>
Number detailOf(const DetailColumns& details, Detail detail, std::size_t i)
{
    const auto& column = details.of(detail);
    if (column.empty())
        return PacketExtras::unknown;
    return static_cast<Number>(std::min<std::int64_t>(column[i], std::numeric_limits<Number>::max()));
}

} // namespace

static_assert(PacketExtras::unknown == DetailColumns::none);

Details detailsOfExtras()
{
    return Details()
        .add(Detail::Payload)
        .add(Detail::IpBytes)
        .add(Detail::Window)
        .add(Detail::WindowScale)
        .add(Detail::IcmpType)
        .add(Detail::IcmpCode)
        .add(Detail::Damage);
}

PacketExtras extrasOf(const DetailColumns& details, std::size_t i)
{
    const auto& damage = details.of(Detail::Damage);
    return {.payload = detailOf<std::int32_t>(details, Detail::Payload, i),
            .ipBytes = detailOf<std::int32_t>(details, Detail::IpBytes, i),
            .window = detailOf<std::int32_t>(details, Detail::Window, i),
            .windowScale = detailOf<std::int16_t>(details, Detail::WindowScale, i),
            .icmpType = detailOf<std::int16_t>(details, Detail::IcmpType, i),
            .icmpCode = detailOf<std::int16_t>(details, Detail::IcmpCode, i),
            .damage = damage.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(damage[i])};
}

void addExtras(DetailColumns& details, const PacketExtras& extras)
{
    details.of(Detail::Payload).push_back(extras.payload);
    details.of(Detail::IpBytes).push_back(extras.ipBytes);
    details.of(Detail::Window).push_back(extras.window);
    details.of(Detail::WindowScale).push_back(extras.windowScale);
    details.of(Detail::IcmpType).push_back(extras.icmpType);
    details.of(Detail::IcmpCode).push_back(extras.icmpCode);
    details.of(Detail::Damage).push_back(extras.damage);
}

} // namespace packetloom
