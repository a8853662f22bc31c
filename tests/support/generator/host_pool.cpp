// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/host_pool.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>

namespace packetloom::generator {
namespace {

constexpr std::uint16_t firstClientPort = 32768;
constexpr std::uint16_t lastClientPort = 60999;
constexpr std::size_t pieceBytes = std::size_t{1} << 20;

// An odd factor permutes the addresses of 240.0.0.0/4.
std::uint32_t spoofedAddress(std::uint32_t number)
{
    return 0xF0000000U + ((number + 1) * 2654435761U & (HostPool::mostSpoofed - 1));
}

std::uint32_t clientAddress(std::uint32_t i)
{
    if (i % 5 == 4)
        return (i / 5 < 250 * 250 ? 0xC0A80000U : 0xAC100000U) // 192.168., 172.16.
               + (i / 5 / 250 << 8) + i / 5 % 250 + 2;
    return 0x0A010000U + (i / 250 << 8) + i % 250 + 2;
}

std::uint32_t serverAddress(std::uint32_t i)
{
    constexpr std::array<std::uint32_t, 4> networks{0xCB007100U, 0xC6336400U, 0xC0000200U, 0x0A000000U};
    if (i < 4 * 250)
        return networks[i % 4] + i / 4 + 1;
    return 0xC6120000U + i;
}

std::uint16_t service(Random& random)
{
    constexpr std::array<std::uint16_t, 16> services{443, 443, 443, 443, 443, 443, 80,   80,
                                                     80,  22,  25,  993, 445, 53,  8080, 3306};
    return services[random.below(services.size())];
}

} // namespace

HostPool::HostPool(const HostOptions& options, Random& random)
    : written_(options.addresses),
      randomInterfaces_(options.randomInterfaces),
      ipv6Connections_(options.ipv6PerMillion - options.ipv6PerMillion / 5), // the newer protocol is rarer
      spoofedBeyond_(options.spoofed)
{
    const std::uint32_t count = options.count;
    const std::uint32_t serverCount = std::max(1U, count / 16);
    const std::uint32_t spoofedCount = std::max(1U, count / 8);
    const std::uint32_t clientCount = count - serverCount - spoofedCount;
    const auto ofIpv6 = [&](std::uint32_t hosts) {
        const std::uint64_t wanted = std::uint64_t{hosts} * options.ipv6PerMillion / 1'000'000;
        return std::clamp<std::uint32_t>(static_cast<std::uint32_t>(wanted), 1, hosts - 1);
    };
    const bool ipv6 = options.ipv6PerMillion > 0 && serverCount >= 3 && clientCount >= 10;
    clients6_.count = ipv6 ? ofIpv6(clientCount) : 0;
    servers6_.count = ipv6 ? ofIpv6(serverCount) : 0;
    clients_.count = clientCount - clients6_.count;
    servers_.count = serverCount - servers6_.count;
    spoofed_.count = spoofedCount;
    clients6_.first = clients_.count;
    servers_.first = clientCount;
    servers6_.first = servers_.first + servers_.count;
    spoofed_.first = clientCount + serverCount;

    cumulated_.reserve(count);
    for (std::uint32_t rank = 0, sum = 0; rank < count; ++rank)
        cumulated_.push_back(sum += (1U << 24) / (rank + 2)); // below 2^28 for a million hosts

    for (std::uint32_t host = 0; host < spoofed_.first; ++host) {
        const bool client = host < clientCount;
        const auto port = client ? random.between(firstClientPort, lastClientPort) : service(random);
        ports_.push_back(static_cast<std::uint16_t>(port));
        if (!client) {
            const bool near = host < servers6_.first && (host - servers_.first) % 4 == 3;
            roundTrips_.push_back(near ? random.between(200, 900) : random.heavyTailed(4000, 4));
        }
    }

    ids_.resize(count);
    std::iota(ids_.begin(), ids_.end(), 1U);
    for (std::uint32_t i = count - 1; i > 0; --i)
        std::swap(ids_[i], ids_[random.below(i + 1)]);

    addresses_.reserve(count);
    columnStarts_.reserve(std::size_t{count} + 1);
    for (std::uint32_t host = 0; host < count; ++host) {
        addresses_.push_back(addressInPool(host));
        columnStarts_.push_back(static_cast<std::uint32_t>(columns_.size()));
        columns_ += written_ == Addresses::Ids ? std::to_string(ids_[host]) : addresses_.back().text();
    }
    columnStarts_.push_back(static_cast<std::uint32_t>(columns_.size()));
}

Path HostPool::connection(Random& random, Family family)
{
    const bool ipv6 = family == Family::Any && servers6_.count > 0 && random.chance(ipv6Connections_);
    Path path;
    path.ipv6 = ipv6;
    path.client = popular(ipv6 ? clients6_ : clients_, random);
    path.server = popular(ipv6 ? servers6_ : servers_, random);
    auto& port = ports_[path.client];
    path.clientPort = port;
    port = port == lastClientPort ? firstClientPort : static_cast<std::uint16_t>(port + 1);
    path.serverPort = ports_[path.server];
    path.roundTrip = roundTrips_[path.server - servers_.first];
    return path;
}

std::uint32_t HostPool::spoofedSource(Random& random)
{
    if (spoofedBeyond_ > 0) {
        const std::uint32_t source = nextSpoofed_;
        nextSpoofed_ = source + 1 < spoofedBeyond_ ? source + 1 : 0;
        return total() + source;
    }
    return spoofed_.first + random.below(spoofed_.count);
}

std::uint32_t HostPool::popular(const Group& group, Random& random) const
{
    const auto end = cumulated_.begin() + static_cast<std::ptrdiff_t>(group.count);
    const auto found = std::upper_bound(cumulated_.begin(), end, random.below(*(end - 1)));
    return group.first + static_cast<std::uint32_t>(found - cumulated_.begin());
}

IpAddress HostPool::address(std::uint32_t host) const
{
    return host < total() ? addresses_[host] : IpAddress::v4(spoofedAddress(shuffledSpoofed(host)));
}

IpAddress HostPool::addressInPool(std::uint32_t host) const
{
    if (host < clients6_.first)
        return IpAddress::v4(clientAddress(host));
    if (host < servers_.first)
        return ipv6Address(0x1, host, host - clients6_.first + 0x10);
    if (host < servers6_.first)
        return IpAddress::v4(serverAddress(host - servers_.first));
    if (host < spoofed_.first)
        return ipv6Address(0x80, host, host - servers6_.first + 1);
    // An odd factor permutes the 2^22 addresses of 100.64.0.0/10: neighbours in the pool look unrelated.
    return IpAddress::v4(0x64400000U + (((host - spoofed_.first + 1) * 2654435761U) & 0x3FFFFFU));
}

IpAddress HostPool::ipv6Address(std::uint16_t site, std::uint32_t host, std::uint32_t number) const
{
    std::array<std::uint16_t, 8> groups{0x2001, 0xDB8, site};
    if (randomInterfaces_) {
        groups[3] = static_cast<std::uint16_t>(host & 0xFF);
        std::uint64_t interface = Random(host).next();
        for (std::size_t i = 4; i < groups.size(); ++i, interface >>= 16)
            groups[i] = static_cast<std::uint16_t>(interface & 0xFFFF);
    } else {
        groups[6] = static_cast<std::uint16_t>(number >> 16);
        groups[7] = static_cast<std::uint16_t>(number & 0xFFFF);
    }
    return IpAddress::v6(groups);
}

std::uint32_t HostPool::shuffledSpoofed(std::uint32_t host) const
{
    // A factor without a divisor in common with the count permutes the numbers below it; a prime beyond it
    // has none.
    return static_cast<std::uint32_t>((host - total()) * 2654435761ULL % spoofedBeyond_);
}

char* HostPool::writeSpoofed(char* at, std::uint32_t host) const
{
    const std::uint32_t number = shuffledSpoofed(host);
    if (written_ == Addresses::Ids)
        return std::to_chars(at, at + longestColumn, total() + 1 + number).ptr;
    const std::uint32_t address = spoofedAddress(number);
    for (int shift = 24; shift >= 0; shift -= 8) {
        at = std::to_chars(at, at + 3, (address >> shift) & 255).ptr;
        *at++ = '.';
    }
    return at - 1;
}

void HostPool::writeIpMap(const TextConsumer& consumer) const
{
    const std::uint32_t all = total() + spoofedBeyond_;
    std::string json = "{\n";
    for (std::uint32_t i = 0; i < all; ++i) {
        const bool inPool = i < total();
        json +=
            "  \"" + (inPool ? addresses_[i] : IpAddress::v4(spoofedAddress(i - total()))).text() + "\": ";
        json += std::to_string(inPool ? ids_[i] : i + 1) + (i + 1 < all ? ",\n" : "\n");
        if (json.size() >= pieceBytes) {
            if (!consumer(json))
                return;
            json.clear();
        }
    }
    consumer(json + "}\n");
}

bool HostPool::isIpv6(std::uint32_t host) const
{
    return host - clients6_.first < clients6_.count || host - servers6_.first < servers6_.count;
}

Path HostPool::sweep(std::uint64_t probe, Random& random) const
{
    const std::uint32_t others = total() - 1;
    Path path;
    path.server = static_cast<std::uint32_t>(1 + probe * 2654435761ULL % others);
    path.clientPort = 61'000;
    path.serverPort = static_cast<std::uint16_t>(1 + probe / others * 32'771 % 65'535);
    path.roundTrip = random.heavyTailed(1000, 4);
    path.ipv6 = isIpv6(path.server);
    return path;
}

} // namespace packetloom::generator
