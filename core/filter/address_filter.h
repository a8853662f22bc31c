// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/ip_network.h"
#include "core/support/hash_mix.h"
#include "core/support/result.h"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <tsl/robin_set.h>
#include <vector>

namespace packetloom {

/// The addresses that the user asked for: exact texts, CIDR blocks, and ids of the IP map.
class AddressFilter
{
public:
    /// `list` is separated by commas; blanks around an entry are ignored. An entry that is neither block nor
    /// id is compared with the addresses as it stands, whatever it is, as in the reference; an empty one
    /// stands for the empty address. FilterEntry for an address with a slash and no prefix length that fits.
    /// `addressOf` gives the address of an id, in decimal digits.
    static Result<AddressFilter> parse(std::string_view list,
                                       const std::function<std::string(std::string_view id)>& addressOf);
    /// The entries of a list as parse() takes them, without the blanks around them, and whether each is an
    /// id.
    static void forEachEntry(std::string_view list,
                             const std::function<void(std::string_view entry, bool isId)>& visit);
    /// Whether an entry is an address, a block or an id, and not just a text to compare with.
    [[nodiscard]] static bool isAddressBlockOrId(std::string_view entry);

    /// Whether a decoded address is asked for.
    [[nodiscard]] bool matches(std::string_view address) const;

private:
    tsl::robin_set<std::string, TextHash, std::equal_to<>> exact_;
    std::vector<IpNetwork> networks_;
};

/// Which ends of a packet the address filter must match. The reference knows Either alone.
enum class FilterEnds : std::uint8_t { Either, Both };

} // namespace packetloom
