// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/address_query.h"

#include "core/filter/ip_network.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t rowsBetweenStops = std::size_t{1} << 14;

bool timeToAsk(std::size_t i, StopFlag stop)
{
    return i % rowsBetweenStops == 0 && stopped(stop);
}

std::uint64_t bigEndian(std::span<const std::uint8_t> bytes)
{
    std::uint64_t number = 0;
    for (const std::uint8_t byte : bytes)
        number = number << 8 | byte;
    return number;
}

std::uint64_t keyOf(std::uint64_t number)
{
    return number;
}
std::uint64_t keyOf(std::int64_t number)
{
    return sortKey(number);
}

// Rows by a number each; `valueOf(row)` is a 64-bit integer.
template <class ValueOf>
std::vector<std::uint32_t> sortedBy(const std::vector<std::uint32_t>& rows, bool descending, StopFlag stop,
                                    ValueOf valueOf)
{
    std::vector<KeyedRow> keyed;
    keyed.reserve(rows.size());
    for (const std::uint32_t row : rows)
        keyed.push_back({keyOf(valueOf(row)), row});
    return sortedRows(std::move(keyed), descending, stop);
}

// The same by sums of bytes, which may be wider than 64 bits (then slower).
template <class SumOf>
std::vector<std::uint32_t> sortedBySum(std::vector<std::uint32_t> rows, bool descending, StopFlag stop,
                                       SumOf sumOf)
{
    const bool narrow = std::all_of(rows.begin(), rows.end(), [&](auto row) { return sumOf(row).fits64(); });
    if (narrow)
        return sortedBy(rows, descending, stop, [&](auto row) { return sumOf(row).clamped(); });
    std::stable_sort(rows.begin(), rows.end(),
                     [&](auto a, auto b) { return descending ? sumOf(b) < sumOf(a) : sumOf(a) < sumOf(b); });
    return rows;
}

template <class Wanted>
std::vector<std::uint32_t> rowsThat(std::size_t count, StopFlag stop, Wanted wanted)
{
    std::vector<std::uint32_t> rows;
    for (std::size_t i = 0; i < count; ++i) {
        if (timeToAsk(i, stop))
            return {};
        if (wanted(i))
            rows.push_back(static_cast<std::uint32_t>(i));
    }
    return rows;
}

std::vector<std::vector<std::uint8_t>> matches(const AddressTable& addresses, std::string_view text,
                                               StopFlag stop)
{
    std::vector<std::vector<std::uint8_t>> byWord;
    for (const auto& word : searchWords(text))
        byWord.push_back(addressesHolding(addresses, word, stop));
    return byWord;
}

} // namespace

std::vector<std::uint32_t> sortedRows(std::vector<KeyedRow> rows, bool descending, StopFlag stop)
{
    std::uint64_t smallest = ~std::uint64_t{0}, largest = 0;
    for (KeyedRow& row : rows) {
        row.key = descending ? ~row.key : row.key;
        smallest = std::min(smallest, row.key);
        largest = std::max(largest, row.key);
    }
    // A radix sort from the lowest digit: stable, and only as many passes as the range of the keys needs.
    constexpr unsigned digitBits = 11;
    constexpr std::uint64_t digitMask = (1u << digitBits) - 1;
    std::vector<KeyedRow> other(rows.size());
    const std::uint64_t range = rows.empty() ? 0 : largest - smallest;
    for (unsigned shift = 0; shift < 64 && range >> shift != 0; shift += digitBits) {
        if (stopped(stop))
            return {};
        const auto digit = [&](const KeyedRow& row) { return (row.key - smallest) >> shift & digitMask; };
        std::array<std::size_t, digitMask + 1> places{};
        for (const KeyedRow& row : rows)
            ++places[digit(row)];
        std::size_t next = 0;
        for (std::size_t& place : places)
            next += std::exchange(place, next);
        for (const KeyedRow& row : rows)
            other[places[digit(row)]++] = row;
        rows.swap(other);
    }
    std::vector<std::uint32_t> result(rows.size());
    std::transform(rows.begin(), rows.end(), result.begin(), [](const KeyedRow& row) { return row.row; });
    return result;
}

std::vector<std::uint32_t> addressRanks(const AddressTable& addresses, StopFlag stop)
{
    std::vector<KeyedRow> v4, ids;
    std::vector<std::pair<IpAddress, std::uint32_t>> v6;
    std::vector<std::uint32_t> others;
    for (std::uint32_t i = 0; i < addresses.size(); ++i) {
        if (timeToAsk(i, stop))
            return {};
        const auto text = addresses.text(AddressId{i});
        std::uint64_t id = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
        if (!text.empty() && error == std::errc() && end == text.data() + text.size())
            ids.push_back({id, i});
        else if (const auto ip = IpAddress::parse(text); ip && ip->length == 4)
            v4.push_back({bigEndian(std::span(ip->bytes).first(4)), i});
        else if (ip)
            v6.emplace_back(*ip, i);
        else
            others.push_back(i);
    }
    std::stable_sort(v6.begin(), v6.end(),
                     [](const auto& a, const auto& b) { return a.first.bytes < b.first.bytes; });
    std::sort(others.begin(), others.end(), [&](std::uint32_t a, std::uint32_t b) {
        return addresses.text(AddressId{a}) < addresses.text(AddressId{b});
    });

    std::vector<std::uint32_t> ranks(addresses.size());
    std::uint32_t next = 0;
    const auto sortedV4 = sortedRows(std::move(v4), false, stop);
    for (const std::uint32_t i : sortedV4)
        ranks[i] = next++;
    for (const auto& [ip, i] : v6)
        ranks[i] = next++;
    const auto sortedIds = sortedRows(std::move(ids), false, stop);
    for (const std::uint32_t i : sortedIds)
        ranks[i] = next++;
    for (const std::uint32_t i : others)
        ranks[i] = next++;
    return stopped(stop) ? std::vector<std::uint32_t>() : ranks;
}

std::vector<std::string> searchWords(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n\v\f";
    std::vector<std::string> words;
    while (true) {
        const auto begin = text.find_first_not_of(blanks);
        if (begin == std::string_view::npos)
            return words;
        text.remove_prefix(begin);
        const auto length = std::min(text.find_first_of(blanks), text.size());
        std::string word(text.substr(0, length));
        std::transform(word.begin(), word.end(), word.begin(), lowerLetter);
        words.push_back(std::move(word));
        text.remove_prefix(length);
    }
}

std::vector<std::uint8_t> addressesHolding(const AddressTable& addresses, std::string_view word,
                                           StopFlag stop)
{
    std::vector<std::uint8_t> holding(addresses.size());
    for (std::uint32_t i = 0; i < addresses.size() && !timeToAsk(i, stop); ++i)
        holding[i] = holdsWord(addresses.text(AddressId{i}), word) ? 1 : 0;
    return holding;
}

WideSum totalBytes(const AddressCounters& counters)
{
    WideSum sum = counters.sentBytes;
    return sum += counters.receivedBytes;
}

WideSum totalBytes(const AddressPair& pair)
{
    WideSum sum = pair.bytesFromA;
    return sum += pair.bytesFromB;
}

std::vector<std::uint32_t> selectAddresses(const CountedPackets& analysis, const AddressQuery& query,
                                           StopFlag stop)
{
    const auto& order = analysis.addressStats.inOrder();
    const auto byWord = matches(analysis.addresses, query.text, stop);
    auto rows = rowsThat(order.size(), stop, [&](std::size_t i) {
        return std::all_of(byWord.begin(), byWord.end(),
                           [&](const auto& holding) { return holding[index(order[i])] != 0; });
    });
    if (stopped(stop) || !query.sortBy)
        return stopped(stop) ? std::vector<std::uint32_t>() : rows;

    const bool down = query.descending;
    const auto counters = [&](std::uint32_t row) { return analysis.addressStats.counters(order[row]); };
    switch (*query.sortBy) {
    case AddressColumn::Address: {
        const auto ranks = addressRanks(analysis.addresses, stop);
        if (ranks.empty())
            return {};
        return sortedBy(rows, down, stop,
                        [&](auto row) -> std::uint64_t { return ranks[index(order[row])]; });
    }
    case AddressColumn::Packets:
        return sortedBy(rows, down, stop,
                        [&](auto row) { return counters(row).sentPackets + counters(row).receivedPackets; });
    case AddressColumn::SentPackets:
        return sortedBy(rows, down, stop, [&](auto row) { return counters(row).sentPackets; });
    case AddressColumn::ReceivedPackets:
        return sortedBy(rows, down, stop, [&](auto row) { return counters(row).receivedPackets; });
    case AddressColumn::Bytes:
        return sortedBySum(rows, down, stop, [&](auto row) { return totalBytes(counters(row)); });
    case AddressColumn::SentBytes:
        return sortedBySum(rows, down, stop, [&](auto row) { return counters(row).sentBytes; });
    case AddressColumn::ReceivedBytes:
        return sortedBySum(rows, down, stop, [&](auto row) { return counters(row).receivedBytes; });
    case AddressColumn::FirstSeen:
        return sortedBy(rows, down, stop, [&](auto row) { return counters(row).firstTimestamp; });
    case AddressColumn::LastSeen:
        return sortedBy(rows, down, stop, [&](auto row) { return counters(row).lastTimestamp; });
    }
    return rows;
}

std::vector<std::uint32_t> selectPairs(const CountedPackets& analysis, const PairQuery& query, StopFlag stop)
{
    const auto pairs = analysis.pairs.pairs();
    const auto byWord = matches(analysis.addresses, query.text, stop);
    auto rows = rowsThat(pairs.size(), stop, [&](std::size_t i) {
        const auto a = pairs[i].a, b = pairs[i].b;
        return (!query.address || a == *query.address || b == *query.address) &&
               std::all_of(byWord.begin(), byWord.end(), [&](const auto& holding) {
                   return holding[index(a)] != 0 || holding[index(b)] != 0;
               });
    });
    if (stopped(stop) || !query.sortBy)
        return stopped(stop) ? std::vector<std::uint32_t>() : rows;

    const bool down = query.descending;
    switch (*query.sortBy) {
    case PairColumn::A:
    case PairColumn::B: {
        const auto ranks = addressRanks(analysis.addresses, stop);
        if (ranks.empty())
            return {};
        return sortedBy(rows, down, stop, [&](auto row) -> std::uint64_t {
            return ranks[index(query.sortBy == PairColumn::A ? pairs[row].a : pairs[row].b)];
        });
    }
    case PairColumn::Packets:
        return sortedBy(rows, down, stop,
                        [&](auto row) { return pairs[row].packetsFromA + pairs[row].packetsFromB; });
    case PairColumn::PacketsFromA:
        return sortedBy(rows, down, stop, [&](auto row) { return pairs[row].packetsFromA; });
    case PairColumn::PacketsFromB:
        return sortedBy(rows, down, stop, [&](auto row) { return pairs[row].packetsFromB; });
    case PairColumn::Bytes:
        return sortedBySum(rows, down, stop, [&](auto row) { return totalBytes(pairs[row]); });
    case PairColumn::BytesFromA:
        return sortedBySum(rows, down, stop, [&](auto row) { return pairs[row].bytesFromA; });
    case PairColumn::BytesFromB:
        return sortedBySum(rows, down, stop, [&](auto row) { return pairs[row].bytesFromB; });
    case PairColumn::FirstSeen:
        return sortedBy(rows, down, stop, [&](auto row) { return pairs[row].firstTimestamp; });
    case PairColumn::LastSeen:
        return sortedBy(rows, down, stop, [&](auto row) { return pairs[row].lastTimestamp; });
    }
    return rows;
}

} // namespace packetloom
