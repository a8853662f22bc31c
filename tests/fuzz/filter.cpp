// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_completion.h"
#include "core/filter/filter_parser.h"
#include "core/filter/row_filter.h"
#include "core/input/address_decoder.h"
#include "core/input/csv/number.h"
#include "core/support/ascii_case.h"
#include "tests/fuzz/fuzz_input.h"
#include "ui/filter_text.h"

#include <charconv>
#include <span>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

namespace {

void checkFilter(std::string_view text)
{
    static const auto map = IpMap::parse(R"({"10.0.0.1": 1, "10.0.0.17": 17, "name": 3})");
    require(map.has_value(), "the map can be read");
    const auto filter = parseAddressFilter(text, *map);
    if (filter) {
        for (const char* address : {"", "10.0.0.1", "10.1.2.3", "fe80::1", "name", "17"})
            static_cast<void>(filter->matches(address));
        static_cast<void>(filter->matches(text));
    } else {
        require(filter.error().code == Errc::FilterEntry, "an entry that is none");
    }
}

void checkNetwork(std::string_view text)
{
    const auto network = IpNetwork::parse(text);
    if (!network)
        return;
    const auto base = IpAddress::parse(text.substr(0, text.find('/')));
    require(base && network->contains(*base), "a network has its own address");
}

void checkNumber(std::string_view text)
{
    const auto number = parseNumber(text);
    require(!isMissing(text) || number.kind == Number::Kind::Missing, "what is missing is no number");
    std::int64_t whole = 0;
    const char* const end = text.data() + text.size();
    const auto [last, problem] = std::from_chars(text.data(), end, whole);
    if (!text.empty() && problem == std::errc() && last == end)
        require(number.kind == Number::Kind::Integer && number.whole == whole, "an integer's value");
    require(number.remainder >= -1 && number.remainder <= 1 &&
                (number.remainder == 0 || number.kind == Number::Kind::Fraction),
            "only fractions leave something");
}

void checkParts(const FilterExpression& expression)
{
    using Kind = FilterExpression::Kind;
    require(!expression.parts.empty() || !expression.values.empty() || expression.kind == Kind::Any ||
                expression.kind == Kind::Present,
            "an expression asks for something");
    for (const auto& part : expression.parts)
        checkParts(part);
}

/// Some packets of all kinds.
std::vector<Packet> packetsFor(AddressTable& addresses)
{
    std::vector<Packet> packets;
    for (const char* address : {"", "10.0.0.1", "172.28.3.14", "fe80::1", "printer", "17"}) {
        for (const std::int64_t protocol : {1, 6, 17, 58, 300}) {
            Packet packet;
            packet.source = addresses.intern(address);
            packet.destination = addresses.intern("10.0.0.17");
            packet.sourcePort = 443;
            packet.destinationPort = -5;
            packet.flags.bits = protocol * 3;
            packet.length = 60;
            packet.protocol = protocol;
            packet.hasProtocol = protocol != 300;
            packets.push_back(packet);
        }
    }
    return packets;
}

void checkRows(const FilterExpression& expression)
{
    AddressTable addresses;
    const auto packets = packetsFor(addresses);
    const RowFilter filter(addresses, expression);
    std::vector<std::uint8_t> all(packets.size()), one(1);
    filter.match(packets, 0, all);
    for (std::size_t i = 0; i < packets.size(); ++i) {
        filter.match(std::span(packets).subspan(i, 1), i, one);
        require(one.front() == all[i] && all[i] <= 1, "a packet's match is its own");
        require(all[i] == 0 || filter.canMatch(packets[i].source, packets[i].destination),
                "what matches could");
    }
}

void checkCompletion(std::string_view text, FilterSubject subject)
{
    for (const auto cursor : {text.size(), text.size() / 2}) {
        const auto completion = completeFilter(text, cursor, subject);
        require(completion.position <= cursor && completion.position + completion.length <= text.size(),
                "what is replaced lies in the text");
        const auto begun = text.substr(completion.position, cursor - completion.position);
        for (const auto& candidate : completion.candidates)
            require(beginsWith(candidate.text, lowerText(begun)), "candidates go on as was begun");
    }
}

void checkExpression(std::string_view text)
{
    for (const auto subject : {FilterSubject::Flows, FilterSubject::Packets}) {
        checkCompletion(text, subject);
        const auto parsed = parseFilter(text, subject);
        if (const auto* const problem = std::get_if<FilterProblem>(&parsed)) {
            require(problem->position + problem->length <= text.size(), "a problem lies in the text");
            continue;
        }
        const auto& expression = std::get<0>(parsed);
        if (!expression)
            continue;
        checkParts(*expression);
        require(subject == FilterSubject::Packets || canAskFlows(*expression), "flows can be asked");
        checkRows(*expression);
    }
}

void checkTyped(const QString& text)
{
    qsizetype end = 0;
    for (const auto& entry : addressEntries(text)) {
        require(entry.position >= end && text.mid(entry.position, entry.text.size()) == entry.text,
                "entries stand where they say");
        end = entry.position + entry.text.size();
    }
    const auto list = addressList(text);
    require(addressList(list) == list, "a list is its own list");
    if (const auto time = parseTime(text))
        require(parseTime(QString::number(*time)) == time, "a time is its own number");
}

} // namespace

/// What people type: filters, networks, numbers and times.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto text = FuzzInput(data, size).text();
    checkFilter(text);
    checkNetwork(text);
    checkNumber(text);
    checkExpression(text);
    checkTyped(QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())));
    return 0;
}
