// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/ip_network.h"

#include <algorithm>
#include <charconv>
#include <string>

#ifdef _WIN32
#include <winsock2.h>
#include <ws2tcpip.h>
#else
#include <arpa/inet.h>
#endif

namespace packetloom {

std::optional<IpAddress> IpAddress::parse(std::string_view text)
{
    constexpr std::size_t longest = 45; // INET6_ADDRSTRLEN - 1
    if (text.empty() || text.size() > longest || text.find('\0') != std::string_view::npos)
        return std::nullopt;
    const std::string terminated(text);
    IpAddress address;
    if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1)
        address.length = 4;
    else if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1)
        address.length = 16;
    else
        return std::nullopt;
    return address;
}

std::optional<IpNetwork> IpNetwork::parse(std::string_view text)
{
    const auto slash = text.find('/');
    if (slash == std::string_view::npos)
        return std::nullopt;
    const auto base = IpAddress::parse(text.substr(0, slash));
    const auto digits = text.substr(slash + 1);
    IpNetwork network;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), network.prefix_);
    if (!base || digits.empty() || error != std::errc() || end != digits.data() + digits.size() ||
        network.prefix_ > base->length * 8u)
        return std::nullopt;
    network.base_ = *base;
    return network;
}

bool IpNetwork::contains(const IpAddress& address) const
{
    if (address.length != base_.length)
        return false;
    const std::size_t wholeBytes = prefix_ / 8;
    const auto first = base_.bytes.begin();
    if (!std::equal(first, first + static_cast<std::ptrdiff_t>(wholeBytes), address.bytes.begin()))
        return false;
    if (prefix_ % 8 == 0)
        return true;
    const auto difference = static_cast<unsigned>(base_.bytes[wholeBytes] ^ address.bytes[wholeBytes]);
    return difference >> (8 - prefix_ % 8) == 0;
}

} // namespace packetloom
