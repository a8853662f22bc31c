// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/tcp_flags.h"
#include "core/support/hash_mix.h"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tsl/robin_map.h>
#include <vector>

namespace packetloom {

/// How many TCP packets there are of each flag type, in order of first appearance.
class FlagStats
{
public:
    struct Count
    {
        std::string name;
        std::uint64_t packets = 0;
    };

    void add(const TcpFlags& flags);
    /// What another one counted of packets after all of these.
    void append(const FlagStats& later);
    void clear();
    /// What a dataset recorded instead of packets, in order of first appearance. False when it is there
    /// already.
    bool restore(std::string_view name, std::uint64_t packets);
    [[nodiscard]] const std::vector<Count>& counts() const { return counts_; }

private:
    std::size_t indexOf(const TcpFlags& flags);

    std::vector<Count> counts_;
    tsl::robin_map<std::string, std::size_t, TextHash> byName_;
    std::array<std::size_t, 256>
        byByte_{}; ///< index + 1 for the plain flag bytes, which is all that is common
};

} // namespace packetloom
