// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/cell_text.h"

#include "core/model/packet.h"

#include <algorithm>
#include <array>
#include <charconv>

namespace packetloom {
namespace {

constexpr std::string_view middleDot = "\xC2\xB7", arrow = "\xE2\x86\x92";
// As Wireshark writes all twelve bits in their order: three reserved ones, AE (or NS), CWR to FIN.
constexpr std::size_t flagPlaces = 12;
constexpr std::size_t mostLetters = 8; // one each; more are flags by place that are none

struct Named
{
    std::string_view name;
    std::int64_t number;
};

constexpr std::array flagNames{
    Named{"FIN", TcpFlags::fin},
    Named{"SYN", TcpFlags::syn},
    Named{"RST", TcpFlags::rst},
    Named{"RESET", TcpFlags::rst},
    Named{"PSH", TcpFlags::psh},
    Named{"PUSH", TcpFlags::psh},
    Named{"ACK", TcpFlags::ack},
    Named{"URG", TcpFlags::urg},
    Named{"ECE", TcpFlags::ece},
    Named{"ECN", TcpFlags::ece},
    Named{"CWR", TcpFlags::cwr},
    Named{"NS", 256},
    Named{"AE", 256},
    Named{"NONE", 0},
};
constexpr std::array flagLetters{
    Named{"F", TcpFlags::fin}, Named{"S", TcpFlags::syn}, Named{"R", TcpFlags::rst},
    Named{"P", TcpFlags::psh}, Named{"A", TcpFlags::ack}, Named{".", TcpFlags::ack},
    Named{"U", TcpFlags::urg}, Named{"E", TcpFlags::ece}, Named{"C", TcpFlags::cwr},
    Named{"W", TcpFlags::cwr},
};
// IANA, Assigned Internet Protocol Numbers.
constexpr std::array protocols{
    Named{"TCP", 6},    Named{"UDP", 17},   Named{"ICMP", 1},   Named{"ICMPV6", 58},   Named{"IPV6-ICMP", 58},
    Named{"IGMP", 2},   Named{"IGMPV2", 2}, Named{"IGMPV3", 2}, Named{"GRE", 47},      Named{"ESP", 50},
    Named{"AH", 51},    Named{"SCTP", 132}, Named{"OSPF", 89},  Named{"PIM", 103},     Named{"PIMV2", 103},
    Named{"VRRP", 112}, Named{"EIGRP", 88}, Named{"DCCP", 33},  Named{"UDPLITE", 136},
};

char upper(char c)
{
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

bool sameLetters(std::string_view text, std::string_view upperCase)
{
    return text.size() == upperCase.size() && std::equal(text.begin(), text.end(), upperCase.begin(),
                                                         [](char a, char b) { return upper(a) == b; });
}

template <class Table>
const Named* named(const Table& table, std::string_view name)
{
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const Named& entry) { return sameLetters(name, entry.name); });
    return found == table.end() ? nullptr : &*found;
}

bool isLetter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

/// "·······A··S·", also with stars or points for the dots: letters count by their place.
std::optional<std::int64_t> flagsByPlace(std::string_view text)
{
    constexpr std::string_view letters = "RRRNCEUAPRSF", newer = "RRRACEUAPRSF";
    std::int64_t bits = 0;
    std::size_t place = 0;
    for (; !text.empty(); ++place) {
        const bool dot = text.starts_with(middleDot);
        const char c = text.front();
        text.remove_prefix(dot ? middleDot.size() : 1);
        if (place == flagPlaces)
            return std::nullopt;
        if (dot || c == '*' || c == '.')
            continue;
        if (c != letters[place] && c != newer[place])
            return std::nullopt;
        bits |= std::int64_t{1} << (flagPlaces - 1 - place);
    }
    return place == flagPlaces ? std::optional(bits) : std::nullopt;
}

std::optional<std::int64_t> flagsByLetter(std::string_view text)
{
    if (text.size() > mostLetters)
        return std::nullopt;
    std::int64_t bits = 0;
    for (const char& c : text) {
        const auto* const flag = named(flagLetters, {&c, 1});
        if (!flag)
            return std::nullopt;
        bits |= flag->number;
    }
    return bits;
}

std::optional<std::int64_t> flagsByName(std::string_view text)
{
    std::int64_t bits = 0;
    bool any = false;
    while (!text.empty()) {
        if (!isLetter(text.front())) {
            if (std::string_view(" ,+|/-;[](){}<>").find(text.front()) == std::string_view::npos)
                return std::nullopt;
            text.remove_prefix(1);
            continue;
        }
        const auto end = std::min(
            static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), isLetter) - text.begin()),
            text.size());
        const auto* const flag = named(flagNames, text.substr(0, end));
        if (!flag)
            return std::nullopt;
        bits |= flag->number;
        any = true;
        text.remove_prefix(end);
    }
    return any ? std::optional(bits) : std::nullopt;
}

/// "443", or with a name before it: "https(443)".
std::optional<std::int64_t> portAtEnd(std::string_view text)
{
    text = withoutBlanks(text);
    if (text.ends_with(')'))
        text.remove_suffix(1);
    std::size_t begin = text.size();
    while (begin > 0 && text[begin - 1] >= '0' && text[begin - 1] <= '9')
        --begin;
    if (begin > 0 && text[begin - 1] != ' ' && text[begin - 1] != '(')
        return std::nullopt;
    std::int64_t port = 0;
    const auto [end, error] = std::from_chars(text.data() + begin, text.data() + text.size(), port);
    return begin < text.size() && error == std::errc() && port <= 65535 ? std::optional(port) : std::nullopt;
}

std::optional<std::int64_t> valueBehind(std::string_view text, std::string_view key)
{
    const auto at = text.find(key);
    if (at == std::string_view::npos)
        return std::nullopt;
    std::int64_t value = 0;
    const char* const begin = text.data() + at + key.size();
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
    return error == std::errc() ? std::optional(value) : std::nullopt;
}

} // namespace

std::string_view withoutBlanks(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::string_view oneOf(std::string_view cell, Tunnels tunnels)
{
    const auto comma = tunnels == Tunnels::Outer ? cell.find(',') : cell.rfind(',');
    if (comma == std::string_view::npos) [[likely]]
        return withoutBlanks(cell);
    return withoutBlanks(tunnels == Tunnels::Outer ? cell.substr(0, comma) : cell.substr(comma + 1));
}

Number parseAnyNumber(std::string_view text)
{
    text = withoutBlanks(text);
    if (text.size() < 3 || text[0] != '0' || (text[1] | 0x20) != 'x')
        return parseNumber(text);
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
    if (error == std::errc::result_out_of_range || value > std::uint64_t{1} << 62)
        return {.kind = Number::Kind::OutOfRange};
    if (error != std::errc() || end != text.data() + text.size())
        return {};
    return {static_cast<std::int64_t>(value), Number::Kind::Integer, 0};
}

Number parseFlags(std::string_view text)
{
    text = withoutBlanks(text);
    if (text.starts_with("0x")) { // "0x012 (SYN, ACK)"
        if (const auto blank = text.find(" ("); blank != std::string_view::npos)
            text = text.substr(0, blank);
    }
    const Number number = parseAnyNumber(text);
    if (number.kind != Number::Kind::Unreadable)
        return number;
    auto bits = flagsByPlace(text);
    if (!bits)
        bits = flagsByLetter(text);
    if (!bits)
        bits = flagsByName(text);
    return bits ? Number{*bits, Number::Kind::Integer, 0} : Number{};
}

std::optional<std::int64_t> protocolByName(std::string_view name)
{
    const auto* const protocol = named(protocols, withoutBlanks(name));
    return protocol ? std::optional(protocol->number) : std::nullopt;
}

InfoText parseInfo(std::string_view text)
{
    InfoText info;
    auto between = text.find(arrow);
    std::size_t behind = between + arrow.size();
    if (between == std::string_view::npos) {
        between = text.find(" > ");
        behind = between + 3;
    }
    if (between == std::string_view::npos)
        return info;
    const auto source = portAtEnd(text.substr(0, between));
    const auto rest = withoutBlanks(text.substr(behind));
    const auto destination = portAtEnd(rest.substr(0, std::min(rest.find(' '), rest.size())));
    if (!source || !destination)
        return info;
    const auto bracket = rest.find('['), close = rest.find(']');
    const bool flags =
        bracket != std::string_view::npos && close != std::string_view::npos && bracket < close;
    if (flags)
        info.flags = flagsByName(rest.substr(bracket, close - bracket + 1)); // "[SYN, ACK]", "[<None>]"
    info.length = valueBehind(rest, "Len=");
    info.sequence = valueBehind(rest, "Seq=");
    info.acknowledgment = valueBehind(rest, "Ack=");
    if (info.flags && info.sequence)
        info.protocol = protocolTcp;
    else if (info.length && !info.sequence)
        info.protocol = protocolUdp;
    else
        return {};
    info.sourcePort = *source;
    info.destinationPort = *destination;
    return info;
}

} // namespace packetloom
