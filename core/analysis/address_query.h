// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/counted_packets.h"
#include "core/support/ascii_case.h"
#include "core/support/stop_flag.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom {

/// A row with the number that it is sorted by.
struct KeyedRow
{
    std::uint64_t key;
    std::uint32_t row;
};
/// A signed number as a key of the same order.
constexpr std::uint64_t sortKey(std::int64_t number)
{
    return static_cast<std::uint64_t>(number) ^ std::uint64_t{1} << 63;
}
/// Sorts by key, rows of equal keys stay in their order (also when descending), and returns the row numbers.
std::vector<std::uint32_t> sortedRows(std::vector<KeyedRow> rows, bool descending, StopFlag stop = nullptr);

/// The place of every address in the order for people: IPv4 by number, IPv6 by number, ids without an address
/// by number, then all other texts byte by byte. By address number.
std::vector<std::uint32_t> addressRanks(const AddressTable& addresses, StopFlag stop = nullptr);

/// The words of a search text: separated by blanks, ASCII letters in lower case.
std::vector<std::string> searchWords(std::string_view text);
/// Which addresses hold the word, by address number.
std::vector<std::uint8_t> addressesHolding(const AddressTable& addresses, std::string_view word,
                                           StopFlag stop = nullptr);

enum class AddressColumn : std::uint8_t {
    Address,
    Packets, ///< sent and received
    SentPackets,
    ReceivedPackets,
    Bytes, ///< sent and received
    SentBytes,
    ReceivedBytes,
    FirstSeen,
    LastSeen,
};
inline constexpr int addressColumnCount = 9;

/// Which addresses of TCP packets to show, and in what order.
struct AddressQuery
{
    std::string text;                                   ///< every word of it must be in the address
    std::optional<AddressColumn> sortBy = std::nullopt; ///< none: in order of first appearance
    bool descending = false;
};
/// Indexes into analysis.addressStats.inOrder().
std::vector<std::uint32_t> selectAddresses(const CountedPackets& analysis, const AddressQuery& query,
                                           StopFlag stop = nullptr);

enum class PairColumn : std::uint8_t {
    A, ///< AddressPair::a
    B,
    Packets, ///< both ways
    PacketsFromA,
    PacketsFromB,
    Bytes, ///< both ways
    BytesFromA,
    BytesFromB,
    FirstSeen,
    LastSeen,
};
inline constexpr int pairColumnCount = 10;

/// Which pairs of addresses to show, and in what order.
struct PairQuery
{
    std::string text;                                ///< every word of it must be in one of the two addresses
    std::optional<AddressId> address = std::nullopt; ///< one of the two
    std::optional<PairColumn> sortBy = std::nullopt; ///< none: in order of first appearance
    bool descending = false;
};
/// Indexes into analysis.pairs.pairs().
std::vector<std::uint32_t> selectPairs(const CountedPackets& analysis, const PairQuery& query,
                                       StopFlag stop = nullptr);

/// Traffic both ways.
WideSum totalBytes(const AddressCounters& counters);
WideSum totalBytes(const AddressPair& pair);

} // namespace packetloom
