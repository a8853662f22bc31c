// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_row_messages.h"

#include <array>
#include <cstddef>

namespace packetloom {

std::string rejectReasonText(RejectReason reason)
{
    constexpr std::array<const char*, rejectReasonCount> texts{
        "too few fields",
        "too many fields",
        "a quote that is never closed",
        "a NUL byte",
        "longer than 1 MiB",
        "no timestamp",
        "a timestamp that cannot be read",
        "a timestamp that is not finite",
        "a number beyond 64 bits",
        "an address that is not UTF-8",
        "captured too short for an IP header",
        "neither IPv4 nor IPv6",
        "an IPv4 header that is shorter than one",
        "an IPv4 packet that is shorter than its header",
        "too many packets within each other",
        "of an interface that the capture does not describe",
        "no address",
        "a number that cannot be read",
        "no JSON object",
    };
    return texts[static_cast<std::size_t>(reason)];
}

std::string notIpText(NotIp kind)
{
    constexpr std::array<const char*, notIpCount> texts{
        "ARP",
        "LLDP",
        "LLC (spanning tree and the like)",
        "another EtherType",
        "control protocols of PPP",
        "MPLS with something else in it",
        "management of 802.11",
        "control of 802.11",
        "802.11 without data",
        "fragments of 802.11",
        "encrypted 802.11",
        "link types that are not read",
        "cut too short to tell",
    };
    return texts[static_cast<std::size_t>(kind)];
}

} // namespace packetloom
