// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/unheard_sides.h"

#include "core/flow/exact/serial_number.h"

namespace packetloom {

std::optional<std::int64_t> UnheardSides::take(const Packet& packet, std::uint64_t index, std::size_t side,
                                               SegmentVerdict& verdict)
{
    if (verdict.marks & Ignored)
        return std::nullopt;
    Side &own = sides_[side], &other = sides_[1 - side];
    std::optional<std::int64_t> shift;
    if (own.heardAt == never) {
        own.heardAt = index;
        if (own.acknowledged) {
            const auto first =
                static_cast<std::uint32_t>(static_cast<std::uint64_t>(packet.sequence) -
                                           static_cast<std::uint64_t>(verdict.relativeSequence));
            own.shift = serialDistance(own.base, first);
            shift = own.shift;
        }
    }
    if (other.heardAt != never || !packet.flags.has(TcpFlags::ack))
        return shift;
    const auto number = static_cast<std::uint32_t>(packet.acknowledgment);
    if (!other.acknowledged) {
        other.acknowledged = true;
        other.base = number - 1;
        other.highest = number;
        other.relative = 1;
    }
    const std::int32_t further = serialDistance(number, other.highest);
    verdict.relativeAcknowledgment = other.relative + further;
    if (further > 0) {
        other.relative += further;
        other.highest = number;
    }
    return shift;
}

} // namespace packetloom
