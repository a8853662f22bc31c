// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/address_decoder.h"

#include "core/input/csv/number.h"
#include "core/support/utf8.h"

#include <algorithm>
#include <charconv>

namespace packetloom {
namespace {

constexpr std::size_t smallIdDigits = 6;

bool allDigits(std::string_view text)
{
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A column of ids with gaps in it becomes one of floating-point numbers on its way through pandas: "17.0" is
// id 17.
std::optional<std::int64_t> wholeIdOfFraction(std::string_view text)
{
    const Number number = parseNumber(text);
    if (number.kind != Number::Kind::Fraction || number.remainder != 0)
        return std::nullopt;
    return number.whole;
}

// An IPv4 address has more than one dot, an IPv6 or MAC address a colon; no number and no name of a missing
// value has.
bool isNoNumber(std::string_view text)
{
    const auto dot = text.find('.');
    return text.find(':') != text.npos || (dot != text.npos && text.find('.', dot + 1) != text.npos);
}

std::string addressOfId(std::int64_t id, const IpMap& map)
{
    const auto address = map.address(id);
    return address ? std::string(*address) : std::to_string(id);
}

} // namespace

std::string decodeAddressId(std::string_view digits, const IpMap& map)
{
    digits.remove_prefix(std::min(digits.find_first_not_of('0'), digits.size() - 1));
    std::int64_t id = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), id);
    return error == std::errc() ? addressOfId(id, map) : std::string(digits);
}

bool AddressDecoder::standsForItself(std::string_view field) const
{
    return verbatim_ || isNoNumber(field);
}

AddressDecoder::Address AddressDecoder::decode(std::string_view field)
{
    if (!field.empty() && field.size() <= smallIdDigits && field[0] != '0' && allDigits(field)) {
        std::uint32_t id = 0;
        for (const char c : field)
            id = id * 10 + static_cast<std::uint32_t>(c - '0');
        return decodeSmallId(id);
    }
    // Almost every field that is no id is an address as it stands, and then the table knows it already.
    if (standsForItself(field)) {
        if (const auto id = table_.find(field))
            return {.id = *id, .wanted = isWanted(*id), .valid = true};
        return isUtf8(field) ? interned(field) : Address{.valid = false};
    }
    if (const auto found = known_.find(field); found != known_.end())
        return found->second;
    const Address address = decodeNew(field);
    if (address.valid) // broken texts are not worth remembering
        known_.emplace(arena_.keep(field), address);
    return address;
}

AddressDecoder::Address AddressDecoder::decodeNewSmallId(std::uint32_t id)
{
    if (id >= knownSmallIds_.size())
        knownSmallIds_.resize(std::max(id + std::size_t{1}, knownSmallIds_.size() * 2));
    const auto field = std::to_string(id);
    return *(knownSmallIds_[id] = verbatim_ ? interned(field) : decodeNew(field));
}

AddressDecoder::Address AddressDecoder::decodeNew(std::string_view field)
{
    std::string decoded;
    if (isMissing(field))
        decoded.clear();
    else if (allDigits(field))
        decoded = decodeAddressId(field, map_);
    else if (!isUtf8(field))
        return {.valid = false};
    else if (const auto id = wholeIdOfFraction(field))
        decoded = addressOfId(*id, map_);
    else
        decoded = field;
    return interned(decoded);
}

AddressDecoder::Address AddressDecoder::interned(std::string_view text)
{
    const AddressId id = table_.intern(text);
    return {.id = id, .wanted = isWanted(id), .valid = true};
}

bool AddressDecoder::isWanted(AddressId id)
{
    if (!filter_)
        return true;
    if (index(id) >= wishes_.size())
        wishes_.resize(std::max(index(id) + std::size_t{1}, wishes_.size() * 2));
    Wish& wish = wishes_[index(id)];
    if (wish == Wish::Unasked)
        wish = filter_->matches(table_.text(id)) ? Wish::Wanted : Wish::Unwanted;
    return wish == Wish::Wanted;
}

Result<AddressFilter> parseAddressFilter(std::string_view list, const IpMap& map)
{
    return AddressFilter::parse(list, [&](std::string_view id) { return decodeAddressId(id, map); });
}

} // namespace packetloom
