// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/address_table.h"
#include "core/model/ip_text.h"
#include "core/shard/packed_bytes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace packetloom {

/// Texts of addresses that stand together: four bytes for the canonical text of an IPv4 address, 16 for one
/// of IPv6, else the text with its length; before them how many of which kind follow each other.
class AddressesOut
{
public:
    void add(std::string_view text);
    /// Appends them.
    void putTo(BytesOut& out) const;
    [[nodiscard]] std::size_t count() const { return count_; }
    [[nodiscard]] std::size_t size() const { return bytes_.size() + runs_.size(); }
    void clear();

private:
    enum Kind : std::uint8_t { Ipv4, Ipv6, Text };
    friend class AddressesIn;

    void note(Kind kind);

    BytesOut bytes_;
    std::vector<std::pair<std::uint64_t, Kind>> runs_;
    std::size_t count_ = 0;
};

/// The inverse: takes them off the front of `in`.
class AddressesIn
{
public:
    explicit AddressesIn(BytesIn& in);

    /// How many are left. None where `in` is bad.
    [[nodiscard]] std::uint64_t left() const { return left_; }
    /// The next one; valid as long as what `in` reads, and `room`.
    using Room = std::array<char, longestIpText>;
    std::string_view next(Room& room);
    /// The same of all that are left, without their texts.
    void skipAll();
    /// Behind the last one: what `in` goes on with.
    void finish(BytesIn& in) const { in = bytes_; }

private:
    BytesIn bytes_;
    std::vector<std::uint64_t> runs_; ///< length, and kind in the two low bits
    std::size_t run_ = 0;
    std::uint64_t left_ = 0, leftOfRun_ = 0;
};

/// All that `in` begins with, into `addresses`; their ids behind those in `ids`.
void internAddresses(BytesIn& in, AddressTable& addresses, std::vector<AddressId>& ids);

} // namespace packetloom
