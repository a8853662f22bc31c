// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/frame_notes.h"

#include <bit>

namespace packetloom {
namespace {

constexpr std::array<std::string_view, tunnelCount> tunnelKeys{
    "ipv4_in_ipv4", "ipv6_in_ipv4", "ipv4_in_ipv6", "ipv6_in_ipv6", "ether_ip", "gre",   "pptp",  "erspan",
    "wccp",         "aruba",        "gre_in_udp",   "gtp_u",        "teredo",   "vxlan", "ayiya", "geneve"};

template <std::size_t Count>
void addBits(std::array<std::uint64_t, Count>& counts, unsigned bits)
{
    for (; bits != 0; bits &= bits - 1)
        ++counts[static_cast<std::size_t>(std::countr_zero(bits))];
}

template <std::size_t Count>
void addAll(std::array<std::uint64_t, Count>& counts, const std::array<std::uint64_t, Count>& others)
{
    for (std::size_t i = 0; i < Count; ++i)
        counts[i] += others[i];
}

} // namespace

std::string_view tunnelKey(Tunnel tunnel)
{
    return tunnelKeys[static_cast<std::size_t>(tunnel)];
}

void FrameCounts::add(const FrameNote& note)
{
    addBits(marks, note.marks);
    addBits(tunnels, note.tunnels);
}

void FrameCounts::add(const FrameCounts& other)
{
    addAll(marks, other.marks);
    addAll(tunnels, other.tunnels);
}

void FrameNotes::clear()
{
    links.clear();
    notes.clear();
    counts = {};
    inner.clear();
    fingerprints.clear();
}

} // namespace packetloom
