// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/address_filter.h"
#include "core/input/ip_map.h"
#include "core/model/address_table.h"
#include "core/support/growth.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tsl/robin_map.h>
#include <vector>

namespace packetloom {

/// Turns address fields into addresses: ids through the IP map, anything else as it stands (docs/reading.md,
/// 18). Each distinct field text is decoded, checked and matched against the filter once.
class AddressDecoder
{
public:
    struct Address
    {
        AddressId id{};
        bool wanted = true; ///< the address filter asks for it, or there is no filter
        bool valid = true;  ///< false: the text is not UTF-8; id is then meaningless
    };

    /// `map`, `filter` (may be null: everything is wanted) and `table` must outlive the decoder.
    AddressDecoder(const IpMap& map, const AddressFilter* filter, AddressTable& table)
        : map_(map), filter_(filter), table_(table)
    {
    }

    Address decode(std::string_view field);
    /// Whether decode() gives a field that is UTF-8 as it stands, and no small id.
    [[nodiscard]] bool standsForItself(std::string_view field) const;
    /// decode() of one that stands for itself.
    Address decodeItself(std::string_view field, std::uint64_t hash)
    {
        const AddressId id = table_.intern(field, hash);
        return {.id = id, .wanted = isWanted(id), .valid = true};
    }
    /// Of those that stand for themselves: what the table knows already.
    void find(std::span<AddressTable::Wanted> fields) const { table_.find(fields); }
    Address decodeKnown(AddressId id) { return {.id = id, .wanted = isWanted(id), .valid = true}; }
    /// decode() of the decimal text of an id of at most 6 digits, which is not 0.
    Address decodeSmallId(std::uint32_t id)
    {
        if (id < knownSmallIds_.size() && knownSmallIds_[id]) [[likely]]
            return *knownSmallIds_[id];
        return decodeNewSmallId(id);
    }
    /// See growthOf(): for so many new fields, without what the table of addresses takes.
    [[nodiscard]] std::uint64_t growth(std::size_t more) const
    {
        return growthOfTable(known_, more) + (filter_ ? 2 * growthOf(wishes_, more) : 0);
    }
    [[nodiscard]] bool filters() const { return filter_ != nullptr; }
    /// From now on every field is an address as it stands, as in a dataset: nothing is missing or an id.
    /// Before the first decode().
    void takeVerbatim() { verbatim_ = true; }

private:
    enum class Wish : std::uint8_t { Unasked, Wanted, Unwanted };

    Address decodeNew(std::string_view field);
    Address interned(std::string_view text);
    bool isWanted(AddressId id);
    Address decodeNewSmallId(std::uint32_t id);

    const IpMap& map_;
    const AddressFilter* filter_;
    AddressTable& table_;
    bool verbatim_ = false;
    TextArena arena_;
    tsl::robin_map<std::string_view, Address, TextHash> known_; ///< but for those that stand for themselves
    std::vector<Wish> wishes_;                                  ///< by address number, if there is a filter
    std::vector<std::optional<Address>> knownSmallIds_; ///< ids without leading zeros, directly by number
};

/// Whether a packet between two addresses is asked for.
inline bool wanted(const AddressDecoder::Address& source, const AddressDecoder::Address& destination,
                   FilterEnds ends)
{
    return ends == FilterEnds::Both ? source.wanted && destination.wanted
                                    : source.wanted || destination.wanted;
}

/// The address of an id given as decimal digits: from the map, else the id's decimal text without leading
/// zeros.
std::string decodeAddressId(std::string_view digits, const IpMap& map);

/// AddressFilter::parse() with the ids of a map.
Result<AddressFilter> parseAddressFilter(std::string_view list, const IpMap& map);

} // namespace packetloom
