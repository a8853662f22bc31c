// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/ip_map.h"
#include "core/input/address_decoder.h"
#include "tests/fuzz/fuzz_input.h"

#include <limits>
#include <string>

using namespace packetloom;
using namespace packetloom::test;

/// A map knows every address that it gives, and an error is one of those that are told.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto map = IpMap::parse(std::string(FuzzInput(data, size).text()), "map.json");
    if (!map) {
        const auto& error = map.error();
        require(error.code == Errc::MapSyntax || error.code == Errc::MapShape || error.code == Errc::MapValue,
                "one of the map's errors");
        require(error.file == "map.json", "the error names the file");
        return 0;
    }
    std::size_t known = 0;
    constexpr auto most = std::numeric_limits<std::int64_t>::max();
    for (const std::int64_t id : {-most - 1, std::int64_t{-1}, std::int64_t{0}, std::int64_t{1},
                                  std::int64_t{2}, std::int64_t{3}, std::int64_t{10}, most}) {
        const auto address = map->address(id);
        known += address ? 1u : 0u;
        require(!address || map->knows(*address), "the address is known");
        if (address && id > 0)
            require(decodeAddressId(std::to_string(id), *map) == *address, "an id is decoded to it");
    }
    require(known <= map->size(), "no more than there are");
    return 0;
}
