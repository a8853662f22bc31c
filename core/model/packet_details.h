// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace packetloom {

/// What a packet capture knows of a packet beyond a Packet. Other inputs know none of it.
enum class Detail : std::uint8_t {
    Payload,        ///< bytes behind the transport header (of other protocols: behind IP's) on the wire
    Window,         ///< of TCP, as it stands there: not scaled (RFC 7323)
    HopLimit,       ///< TTL of IPv4, hop limit of IPv6
    Identification, ///< of IPv4; of IPv6 that of the fragments, where the packet is one
    Checksum,       ///< of TCP and UDP
    Vlan,           ///< identifier of the outermost tag (IEEE 802.1Q)
    Interface,      ///< number in the file, from 0
    Offset,         ///< of the frame's first byte in the (decompressed) file
    /// Of the whole IP packet, its header included, as its length field says; 0 where that was left to the
    /// card that cuts it into segments.
    IpBytes,
    WindowScale, ///< of TCP: shift count in the options of a SYN, as it stands there (RFC 7323)
    IcmpType,    ///< of ICMP and ICMPv6, where 8 bytes of it were captured and it is no later fragment
    IcmpCode,
    Damage, ///< bits of PacketExtras::Damage
};
inline constexpr std::size_t detailCount = 13;

/// A stable name.
constexpr std::string_view detailName(Detail detail)
{
    constexpr std::array<std::string_view, detailCount> names{
        "payload", "window",   "hop_limit",    "ip_id",     "checksum",  "vlan",  "interface",
        "offset",  "ip_bytes", "window_scale", "icmp_type", "icmp_code", "damage"};
    return names[static_cast<std::size_t>(detail)];
}

/// A set of them.
class Details
{
public:
    constexpr Details() = default;
    static constexpr Details all()
    {
        Details details;
        details.bits_ = (1u << detailCount) - 1;
        return details;
    }
    constexpr Details& add(Detail detail)
    {
        bits_ |= bit(detail);
        return *this;
    }
    [[nodiscard]] constexpr bool has(Detail detail) const { return (bits_ & bit(detail)) != 0; }
    [[nodiscard]] constexpr bool any() const { return bits_ != 0; }
    template <class Visit>
    constexpr void forEach(const Visit& visit) const
    {
        for (std::uint32_t left = bits_; left != 0; left &= left - 1)
            visit(static_cast<Detail>(std::countr_zero(left)));
    }

private:
    static constexpr std::uint32_t bit(Detail detail) { return 1u << static_cast<unsigned>(detail); }
    std::uint32_t bits_ = 0;
};

/// Details of the packets of a batch, one column each, so that who asks for one does not pay for all. A
/// column is empty where nobody asked for it or the input does not know it.
struct DetailColumns
{
    /// Of a packet without such a thing: a window without TCP, a payload behind a header that was cut off.
    static constexpr std::int64_t none = -1;

    [[nodiscard]] const std::vector<std::int64_t>& of(Detail detail) const
    {
        return columns[static_cast<std::size_t>(detail)];
    }
    [[nodiscard]] std::vector<std::int64_t>& of(Detail detail)
    {
        return columns[static_cast<std::size_t>(detail)];
    }
    [[nodiscard]] bool any() const
    {
        return std::any_of(columns.begin(), columns.end(),
                           [](const auto& column) { return !column.empty(); });
    }
    /// Packet `from` takes the place of packet `to`.
    void move(std::size_t from, std::size_t to)
    {
        for (auto& column : columns) {
            if (!column.empty())
                column[to] = column[from];
        }
    }
    /// Keeps those of the first so many packets.
    void cut(std::size_t packets)
    {
        for (auto& column : columns) {
            if (!column.empty())
                column.resize(packets);
        }
    }
    /// Keeps the memory.
    void clear()
    {
        for (auto& column : columns)
            column.clear();
    }

    std::array<std::vector<std::int64_t>, detailCount> columns;
};

} // namespace packetloom
