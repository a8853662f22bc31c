// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace packetloom {

/// How a packet carries another one (docs/captures.md, 13).
enum class Tunnel : std::uint8_t {
    Ipv4InIpv4,
    Ipv6InIpv4,
    Ipv4InIpv6,
    Ipv6InIpv6,
    EtherIp,
    Gre,
    Pptp,
    Erspan,
    Wccp,
    Aruba,
    GreInUdp,
    GtpU,
    Teredo,
    Vxlan,
    Ayiya,
    Geneve
};
inline constexpr std::size_t tunnelCount = 16;
/// A stable machine-readable name ("gtp_u"), for JSON.
std::string_view tunnelKey(Tunnel tunnel);

/// What a frame of a packet capture can be found to be, beside its packet (docs/captures.md, 15 to 19).
enum class FrameMark : std::uint8_t {
    Cut,           ///< captured shorter than it was on the wire
    HeaderCut,     ///< so short that the header behind that of IP is not whole
    FirstFragment, ///< of an IP packet
    LaterFragment,
    Ipv4Checked, ///< the checksum of the IPv4 header was compared
    Ipv4Wrong,   ///< it is not what it should be
    Ipv4Unset,   ///< that, and it looks as if the card was to fill it in
    TcpChecked,
    TcpWrong,
    TcpUnset,
    UdpChecked,
    UdpWrong,
    UdpUnset,
    UdpWithout ///< 0: its sender made none (RFC 768)
};
inline constexpr std::size_t frameMarkCount = 14;

/// Sets of them: a bit each.
using FrameMarkSet = std::uint16_t;
using TunnelSet = std::uint16_t;
static_assert(frameMarkCount <= 16 && tunnelCount <= 16);
constexpr FrameMarkSet bitOf(FrameMark mark)
{
    return static_cast<FrameMarkSet>(1U << static_cast<unsigned>(mark));
}
constexpr TunnelSet bitOf(Tunnel tunnel)
{
    return static_cast<TunnelSet>(1U << static_cast<unsigned>(tunnel));
}

/// What was found of a frame. Most frames have nothing.
struct FrameNote
{
    std::uint32_t row = 0; ///< of its batch
    FrameMarkSet marks = 0;
    TunnelSet tunnels = 0;
};

/// Of how many frames what was found.
struct FrameCounts
{
    std::array<std::uint64_t, frameMarkCount> marks{};
    std::array<std::uint64_t, tunnelCount> tunnels{};

    void add(const FrameNote& note);
    void add(const FrameCounts& other);
    [[nodiscard]] std::uint64_t operator[](FrameMark mark) const
    {
        return marks[static_cast<std::size_t>(mark)];
    }
    [[nodiscard]] std::uint64_t operator[](Tunnel tunnel) const
    {
        return tunnels[static_cast<std::size_t>(tunnel)];
    }
    friend bool operator==(const FrameCounts&, const FrameCounts&) = default;
};

/// The frames of a batch, in order. Notes may also be of rows within tunnels.
struct FrameNotes
{
    /// From this row on frames have this link type.
    struct Link
    {
        static constexpr std::uint32_t unknown = ~std::uint32_t{0}; ///< their interface is not described

        std::uint32_t row = 0;
        std::uint32_t type = unknown; ///< LINKTYPE_ value
    };
    std::vector<Link> links;
    std::vector<FrameNote> notes;
    FrameCounts counts;               ///< of all notes
    std::vector<std::uint32_t> inner; ///< rows that are no frames but packets within that of the row before
    /// Of each row what tells its IP packet from others, wherever it was captured (PacketFingerprint);
    /// 0 of rows that have none.
    std::vector<std::uint64_t> fingerprints;

    void add(const FrameNote& note)
    {
        notes.push_back(note);
        if (note.marks == bitOf(FrameMark::Cut) && note.tunnels == 0) // of most packets, if of any
            ++counts.marks[static_cast<std::size_t>(FrameMark::Cut)];
        else
            counts.add(note);
    }
    void clear(); ///< keeps the memory
};

} // namespace packetloom
