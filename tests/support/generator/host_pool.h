// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/block_buffer.h"
#include "tests/support/generator/ip_address.h"
#include "tests/support/generator/packet.h"
#include "tests/support/generator/random.h"

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom::generator {

/// How addresses stand in a capture that is CSV.
enum class Addresses : std::uint8_t { Ids, Text };

struct HostOptions
{
    std::uint32_t count = 1000; ///< from HostPool::smallest to HostPool::largest
    Addresses addresses = Addresses::Ids;
    std::uint32_t ipv6PerMillion = 100'000; ///< of the hosts
    bool randomInterfaces = false;
    /// Spoofed sources beyond the pool, taken one after the other; 0: those of the pool, at random.
    std::uint32_t spoofed = 0;
};

/// The hosts of a capture: clients, servers and addresses that only ever occur as spoofed sources. All
/// addresses are private, for documentation, for benchmarks, of carrier NAT or reserved (RFC 1918, 5737,
/// 3849, 2544, 6598, 1112), so that no capture accuses a real host of anything. Some hosts are far busier
/// than others (Zipf). Memory: about 120 bytes a host; none for spoofed sources beyond the pool.
class HostPool
{
public:
    static constexpr std::uint32_t smallest = 4;
    static constexpr std::uint32_t largest = 1'000'000;
    static constexpr std::uint32_t mostSpoofed = 1U << 28; ///< the addresses of 240.0.0.0/4
    static constexpr std::uint32_t longestColumn = 40;

    HostPool(const HostOptions& options, Random& random);

    enum class Family : std::uint8_t { Any, Ipv4 };
    /// A client's connection to a server's service, with a client port not used lately.
    Path connection(Random& random, Family family = Family::Any);
    /// IPv4.
    std::uint32_t spoofedSource(Random& random);
    /// The first host tries a port of another: all hosts in turn, then the next port of each; every
    /// `probe` up to 65,535 times the others is different.
    [[nodiscard]] Path sweep(std::uint64_t probe, Random& random) const;

    /// Writes the column's text for a host, at most longestColumn bytes; returns its end.
    char* writeColumn(char* at, std::uint32_t host) const
    {
        if (host >= total()) [[unlikely]]
            return writeSpoofed(at, host);
        const std::uint32_t size = columnStarts_[host + 1] - columnStarts_[host];
        std::memcpy(at, columns_.data() + columnStarts_[host], size);
        return at + size;
    }
    [[nodiscard]] IpAddress address(std::uint32_t host) const;
    /// The JSON object {"address": id} of all hosts, ids from 1 in no order, with a final newline.
    void writeIpMap(const TextConsumer& consumer) const;

private:
    struct Group
    {
        std::uint32_t first = 0, count = 0;
    };

    [[nodiscard]] IpAddress addressInPool(std::uint32_t host) const;
    [[nodiscard]] IpAddress ipv6Address(std::uint16_t site, std::uint32_t host, std::uint32_t number) const;
    char* writeSpoofed(char* at, std::uint32_t host) const;
    /// A number below spoofedBeyond_ for each such source in the order of appearance, itself in no order.
    [[nodiscard]] std::uint32_t shuffledSpoofed(std::uint32_t host) const;
    [[nodiscard]] bool isIpv6(std::uint32_t host) const;
    std::uint32_t popular(const Group& group, Random& random) const;
    [[nodiscard]] std::uint32_t total() const { return spoofed_.first + spoofed_.count; }

    Addresses written_;
    bool randomInterfaces_;
    std::uint32_t ipv6Connections_; // per million
    std::uint32_t spoofedBeyond_, nextSpoofed_ = 0;
    Group clients_, clients6_, servers_, servers6_, spoofed_; // in this order of indices
    std::vector<std::uint32_t> cumulated_;                    // of Zipf weights by rank, for all groups
    std::vector<IpAddress> addresses_;                        // of the pool
    std::vector<std::uint32_t> ids_;
    std::vector<std::uint16_t> ports_;      // clients: the next source port; servers: the service
    std::vector<std::uint32_t> roundTrips_; // of the servers, microseconds
    std::string columns_;
    std::vector<std::uint32_t> columnStarts_;
};

} // namespace packetloom::generator
