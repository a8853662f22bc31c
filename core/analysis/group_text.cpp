// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/group_text.h"

#include "core/filter/filter_parser.h"
#include "core/model/flow_life.h"
#include "core/model/ip_text.h"
#include "core/support/date_text.h"
#include "core/support/text_format.h"
#include "core/support/utf8.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>
#include <string_view>
#include <variant>

namespace packetloom {
namespace {

std::string_view stateWord(const GroupValue& value)
{
    switch (value.key) {
    case GroupKey::State:
        return value.word ? *value.word : stateName(static_cast<FlowState>(value.number));
    case GroupKey::Close:
        return closeTypeName(static_cast<CloseType>(value.number));
    default:
        return invalidReasonName(static_cast<InvalidReason>(value.number));
    }
}

/// A text as a value of a filter: bare where it cannot be taken for anything else.
std::string quoted(std::string_view text)
{
    const auto bare = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
               c == ':' || c == '_' || c == '/';
    };
    if (!text.empty() && std::all_of(text.begin(), text.end(), bare))
        return std::string(text);
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

/// Makes the parts of a filter; empty for what cannot be said.
class FilterMaker
{
public:
    FilterMaker(bool ofPackets, bool furtherFlags, const GroupSteps& steps, const AddressTable& addresses)
        : ofPackets_(ofPackets), furtherFlags_(furtherFlags), steps_(steps), addresses_(addresses)
    {
    }

    [[nodiscard]] std::string part(const GroupValue& value) const
    {
        switch (value.key) {
        case GroupKey::Source:
            return test(source(), address(value.address));
        case GroupKey::Destination:
            return test(destination(), address(value.address));
        case GroupKey::Address:
            return test("addr", address(value.address));
        case GroupKey::SourceSubnet:
            return subnet(source(), value);
        case GroupKey::DestinationSubnet:
            return subnet(destination(), value);
        case GroupKey::Subnet:
            return value.subnet ? subnet("addr", value)
                                : '(' + subnet("src", value) + " or " + subnet("dst", value) + ')';
        case GroupKey::Pair:
            return pair(address(value.address), address(value.other));
        case GroupKey::SourcePort:
        case GroupKey::DestinationPort:
        case GroupKey::Port:
            return test(groupKeyName(value.key), std::to_string(value.number));
        case GroupKey::Flags: // other packets may have bits there, too
            return furtherFlags_ ? std::string() : "proto == tcp and " + test("flags", quoted(*value.word));
        case GroupKey::Service:
            if (ofPackets_ && value.word->empty())
                return {}; // one port without a name is not enough
            [[fallthrough]];
        case GroupKey::Protocol:
            return test(groupKeyName(value.key), isUtf8(*value.word) ? quoted(*value.word) : std::string());
        case GroupKey::State:
        case GroupKey::Close:
        case GroupKey::Reason: {
            const auto word = stateWord(value);
            return test(groupKeyName(value.key), isUtf8(word) ? quoted(word) : std::string());
        }
        case GroupKey::Time:
            return slice(value.number);
        }
        return {};
    }

    /// Whether a part of a filter of flows says something else of packets: then it must stand in flow().
    [[nodiscard]] bool asksPackets(GroupKey key) const
    {
        switch (key) {
        case GroupKey::Source:
        case GroupKey::Destination:
        case GroupKey::SourceSubnet:
        case GroupKey::DestinationSubnet: // these have names of their own in flows
        case GroupKey::State:
        case GroupKey::Close:
        case GroupKey::Reason:
        case GroupKey::Time:
            return false;
        default:
            return !ofPackets_;
        }
    }

private:
    [[nodiscard]] std::string_view source() const { return ofPackets_ ? "src" : "initiator"; }
    [[nodiscard]] std::string_view destination() const { return ofPackets_ ? "dst" : "responder"; }

    static std::string test(std::string_view field, const std::string& value)
    {
        return value.empty() ? value : std::string(field) + " == " + value;
    }

    /// Empty for a text that would be taken for a block, or is not text at all.
    [[nodiscard]] std::string address(AddressId id) const
    {
        const auto text = addresses_.text(id);
        return isUtf8(text) && !IpNetwork::parse(text) ? quoted(text) : std::string();
    }

    static std::string pair(const std::string& a, const std::string& b)
    {
        if (a.empty() || b.empty())
            return {};
        const auto way = [](const std::string& from, const std::string& to) {
            return test("src", from) + " and " + test("dst", to);
        };
        return a == b ? way(a, a) : '(' + way(a, b) + " or " + way(b, a) + ')';
    }

    static std::string subnet(std::string_view field, const GroupValue& value)
    {
        return value.subnet ? test(field, subnetText(*value.subnet))
                            : std::string(field) + " not in {0.0.0.0/0 ::/0}";
    }

    static std::string time(std::int64_t microseconds)
    {
        if (auto date = utcTime(microseconds);
            parseDate(date) && parseDate(date)->microseconds == microseconds)
            return '"' + date + '"';
        constexpr std::int64_t second = 1'000'000;
        const std::int64_t whole = microseconds / second, rest = microseconds % second;
        auto digits = std::to_string(std::abs(rest));
        digits.insert(0, 6 - digits.size(), '0');
        return (microseconds < 0 ? "-" : "") + std::to_string(std::abs(whole)) + '.' + digits;
    }

    [[nodiscard]] std::string slice(std::int64_t begin) const
    {
        const std::string field = ofPackets_ ? "time" : "start";
        auto text = field + " >= " + time(begin);
        if (begin <= std::numeric_limits<std::int64_t>::max() - steps_.sliceWidth)
            text += " and " + field + " < " + time(begin + steps_.sliceWidth);
        return text;
    }

    bool ofPackets_, furtherFlags_;
    GroupSteps steps_;
    const AddressTable& addresses_;
};

} // namespace

std::string subnetText(const Subnet& subnet)
{
    std::array<char, longestIpText> text{};
    const auto length = writeIpText(std::span(subnet.base.bytes).first(subnet.base.length), text);
    return std::string(text.data(), length) + '/' + std::to_string(subnet.prefix);
}

std::string groupValueText(const GroupValue& value, const AddressTable& addresses)
{
    const auto text = [&](AddressId id) { return std::string(addresses.text(id)); };
    switch (value.key) {
    case GroupKey::Source:
    case GroupKey::Destination:
    case GroupKey::Address:
        return text(value.address);
    case GroupKey::SourceSubnet:
    case GroupKey::DestinationSubnet:
    case GroupKey::Subnet:
        return value.subnet ? subnetText(*value.subnet) : std::string();
    case GroupKey::Pair:
        return text(value.address) + " <-> " + text(value.other);
    case GroupKey::Protocol:
    case GroupKey::Service:
    case GroupKey::Flags:
        return std::string(*value.word);
    case GroupKey::State:
    case GroupKey::Close:
    case GroupKey::Reason:
        return std::string(stateWord(value));
    case GroupKey::SourcePort:
    case GroupKey::DestinationPort:
    case GroupKey::Port:
    case GroupKey::Time:
        return std::to_string(value.number);
    }
    return {};
}

std::optional<std::string> groupFilter(const GroupTable& table, std::size_t group,
                                       const AddressTable& addresses)
{
    const FilterMaker maker(table.ofPackets(), table.hasFurtherFlags(), table.steps(), addresses);
    std::string filter, ofFlow;
    for (std::size_t level = 0; level < table.levels(); ++level) {
        const auto value = table.value(level, group);
        const auto part = maker.part(value);
        if (part.empty())
            return std::nullopt;
        std::string& joined = maker.asksPackets(value.key) ? ofFlow : filter;
        joined += (joined.empty() ? "" : " and ") + part;
    }
    if (!ofFlow.empty())
        filter += (filter.empty() ? "flow(" : " and flow(") + ofFlow + ')';
    // Numbers at the ends of their range cannot be written.
    if (std::holds_alternative<FilterProblem>(
            parseFilter(filter, table.ofPackets() ? FilterSubject::Packets : FilterSubject::Flows)))
        return std::nullopt;
    return filter;
}

std::optional<std::string> flowGroupFilter(const GroupValue& value, const GroupSteps& steps,
                                           const AddressTable& addresses)
{
    const FilterMaker maker(false, false, steps, addresses);
    auto part = maker.part(value);
    if (maker.asksPackets(value.key) && !part.empty())
        part = "flow(" + part + ')';
    if (part.empty() || std::holds_alternative<FilterProblem>(parseFilter(part, FilterSubject::Flows)))
        return std::nullopt;
    return part;
}

} // namespace packetloom
