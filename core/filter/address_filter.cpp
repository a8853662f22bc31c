// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/address_filter.h"

#include <algorithm>

namespace packetloom {
namespace {

std::string_view withoutBlanks(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos)
        return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool isId(std::string_view entry)
{
    return !entry.empty() && entry.find_first_not_of("0123456789") == std::string_view::npos;
}

} // namespace

Result<AddressFilter> AddressFilter::parse(std::string_view list,
                                           const std::function<std::string(std::string_view id)>& addressOf)
{
    AddressFilter filter;
    for (std::size_t begin = 0; begin <= list.size();) {
        const auto comma = std::min(list.find(',', begin), list.size());
        const auto entry = withoutBlanks(list.substr(begin, comma - begin));
        begin = comma + 1;
        if (isId(entry))
            filter.exact_.emplace(addressOf(entry));
        else if (const auto network = IpNetwork::parse(entry))
            filter.networks_.push_back(*network);
        else if (const auto slash = entry.find('/');
                 slash != std::string_view::npos && IpAddress::parse(entry.substr(0, slash)))
            return Error{.code = Errc::FilterEntry, .detail = std::string(entry), .file = {}};
        else
            filter.exact_.emplace(entry);
    }
    return filter;
}

void AddressFilter::forEachEntry(std::string_view list,
                                 const std::function<void(std::string_view entry, bool isId)>& visit)
{
    for (std::size_t begin = 0; begin <= list.size();) {
        const auto comma = std::min(list.find(',', begin), list.size());
        const auto entry = withoutBlanks(list.substr(begin, comma - begin));
        begin = comma + 1;
        visit(entry, isId(entry));
    }
}

bool AddressFilter::isAddressBlockOrId(std::string_view entry)
{
    return isId(entry) || IpNetwork::parse(entry) || IpAddress::parse(entry);
}

bool AddressFilter::matches(std::string_view address) const
{
    if (exact_.contains(address))
        return true;
    if (networks_.empty())
        return false;
    const auto numeric = IpAddress::parse(address);
    return numeric && std::any_of(networks_.begin(), networks_.end(),
                                  [&](const IpNetwork& network) { return network.contains(*numeric); });
}

} // namespace packetloom
