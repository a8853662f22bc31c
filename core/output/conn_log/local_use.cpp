// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/conn_log/local_use.h"

#include <algorithm>
#include <vector>

namespace packetloom {

bool isLocalUse(const IpAddress& address)
{
    static const auto blocks = [] {
        std::vector<IpNetwork> parsed;
        for (const char* const text :
             {"0.0.0.0/8",       "10.0.0.0/8",     "100.64.0.0/10", "127.0.0.0/8",    "169.254.0.0/16",
              "172.16.0.0/12",   "192.0.0.0/24",   "192.0.2.0/24",  "192.168.0.0/16", "198.18.0.0/15",
              "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4",   "::/128",         "::1/128",
              "::ffff:0:0/96",   "100::/64",       "2001:2::/48",   "2001:db8::/32",  "fc00::/7",
              "fe80::/10"})
            parsed.push_back(*IpNetwork::parse(text));
        return parsed;
    }();
    return std::any_of(blocks.begin(), blocks.end(),
                       [&](const IpNetwork& block) { return block.contains(address); });
}

} // namespace packetloom
