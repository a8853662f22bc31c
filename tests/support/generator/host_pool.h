// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/packet.h"
#include "tests/support/generator/random.h"

#include <string>
#include <string_view>
#include <vector>

namespace packetloom::generator {

/// How addresses stand in the capture.
enum class Addresses : std::uint8_t { Ids, Text };

/// The hosts of a capture: clients, servers and addresses that only ever occur as spoofed sources, a tenth of
/// them IPv6. All addresses are private, for documentation, for benchmarks or of carrier NAT (RFC 1918,
/// 5737, 3849, 2544, 6598), so that no capture accuses a real host of anything. Some hosts are far busier
/// than others (Zipf). Memory: about 100 bytes a host.
class HostPool
{
public:
    static constexpr std::uint32_t smallest = 4;
    static constexpr std::uint32_t largest = 1'000'000;

    /// `count` is from `smallest` to `largest`.
    HostPool(std::uint32_t count, Addresses addresses, Random& random);

    enum class Family : std::uint8_t { Any, Ipv4 };
    /// A client's connection to a server's service, with a client port not used lately.
    Path connection(Random& random, Family family = Family::Any);
    /// IPv4.
    std::uint32_t spoofedSource(Random& random) const;

    /// The column's text for a host.
    [[nodiscard]] std::string_view column(std::uint32_t host) const
    {
        return std::string_view(columns_).substr(columnStarts_[host],
                                                 columnStarts_[host + 1] - columnStarts_[host]);
    }
    /// The JSON object {"address": id} of all hosts, ids 1..count in no order, with a final newline.
    [[nodiscard]] std::string ipMap() const;

private:
    struct Group
    {
        std::uint32_t first = 0, count = 0;
    };

    std::string addressText(std::uint32_t host) const;
    std::uint32_t popular(const Group& group, Random& random) const;
    [[nodiscard]] std::uint32_t total() const { return spoofed_.first + spoofed_.count; }

    Group clients_, clients6_, servers_, servers6_, spoofed_; // in this order of indices
    std::vector<std::uint32_t> cumulated_;                    // of Zipf weights by rank, for all groups
    std::vector<std::uint32_t> ids_;
    std::vector<std::uint16_t> ports_;      // clients: the next source port; servers: the service
    std::vector<std::uint32_t> roundTrips_; // of the servers, microseconds
    std::string columns_;
    std::vector<std::uint32_t> columnStarts_;
};

} // namespace packetloom::generator
