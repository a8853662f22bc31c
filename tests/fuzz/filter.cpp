// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_parser.h"
#include "core/input/address_decoder.h"
#include "core/input/csv/number.h"
#include "tests/fuzz/fuzz_input.h"
#include "ui/filter_text.h"

#include <charconv>
#include <string>

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

void checkExpression(std::string_view text)
{
    const auto parsed = parseFilter(text);
    if (const auto* const problem = std::get_if<FilterProblem>(&parsed))
        require(problem->position + problem->length <= text.size(), "a problem lies in the text");
    else if (const auto& expression = std::get<0>(parsed))
        require(!expression->parts.empty() || !expression->values.empty() ||
                    expression->kind == FilterExpression::Kind::Any,
                "an expression asks for something");
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
