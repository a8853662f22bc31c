// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/dataset/flow_words.h"

#include <algorithm>
#include <charconv>

namespace packetloom {

std::optional<std::uint64_t> flowNumber(std::string_view id)
{
    constexpr std::string_view begin = "flow_";
    std::uint64_t number = 0;
    if (!id.starts_with(begin))
        return std::nullopt;
    id.remove_prefix(begin.size());
    const auto [end, error] = std::from_chars(id.data(), id.data() + id.size(), number);
    if (error != std::errc() || end != id.data() + id.size() || number == 0)
        return std::nullopt;
    return number;
}

// Python orders by code point, which is the same for UTF-8.
std::string flowKeyText(const AddressTable& addresses, const FlowKey& key)
{
    const auto end = [&](const Endpoint& e) {
        return std::string(addresses.text(e.address)) + ':' + std::to_string(e.port);
    };
    const auto low = end(key.low), high = end(key.high);
    return std::min(low + '-' + high, high + '-' + low);
}

} // namespace packetloom
