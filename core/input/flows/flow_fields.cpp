// SPDipProtocolName(*number)-FileCopyrightText: The Packetloom developers
// SPDipProtocolName(*number)-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/flow_fields.h"

#include "core/filter/ip_network.h"
#include "core/input/csv/row_interpreter.h"
#include "core/input/flows/table_text.h"
#include "core/model/ip_protocol.h"
#include "core/model/service_name.h"
#include "core/support/utf8.h"

#include <algorithm>
#include <charconv>
#include <limits>

namespace packetloom {
namespace {

RejectReason numberReason(const Number& number)
{
    return number.kind == Number::Kind::OutOfRange ? RejectReason::NumberOutOfRange
                                                   : RejectReason::NumberUnreadable;
}

std::optional<std::int64_t> wholeNumber(std::string_view digits, int base)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    const bool good = error == std::errc() && end == digits.data() + digits.size() && value >= 0;
    return good ? std::optional(value) : std::nullopt;
}

/// Argus and nfdump may write the name that a system's list of services has.
bool isServiceName(std::string_view text)
{
    constexpr std::size_t longest = 64;
    return text.size() <= longest && ((text[0] | 0x20) >= 'a' && (text[0] | 0x20) <= 'z') &&
           std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z') || c == '-' ||
                      c == '_' || c == '.' || c == '+' || c == '*' || c == '/';
           });
}

/// nfdump's type.code of ICMP, as NetFlow puts them into the port.
std::optional<std::int64_t> typeAndCode(std::string_view text)
{
    const auto point = text.find('.');
    if (point == std::string_view::npos)
        return std::nullopt;
    const auto type = wholeNumber(text.substr(0, point), 10), code = wholeNumber(text.substr(point + 1), 10);
    constexpr std::int64_t most = 255;
    return type && code && *type <= most && *code <= most ? std::optional(*type << 8 | *code) : std::nullopt;
}

std::optional<std::uint64_t> sumOf(const std::optional<std::uint64_t>& a,
                                   const std::optional<std::uint64_t>& b)
{
    return a && b ? std::optional(*a + *b) : std::nullopt;
}

/// What the table leaves to be concluded of a count: the sum of both ways, and one of them from the other.
void complete(std::optional<std::uint64_t>& sent, std::optional<std::uint64_t>& received,
              std::optional<std::uint64_t>& sum, bool oneWay)
{
    if (sum && sent && !received && *sum >= *sent)
        received = *sum - *sent;
    else if (sum && received && !sent && *sum >= *received)
        sent = *sum - *received;
    if (oneWay && sent && !received)
        received = 0;
    if (const auto both = sumOf(sent, received))
        sum = both;
    else if (!sum)
        sum = sent ? sent : received;
}

} // namespace

bool FlowInterpreter::reject(FlowRow& row, RejectReason reason, FlowField field) const
{
    const auto name = std::find_if(rules_.names.begin(), rules_.names.end(),
                                   [&](const FieldName& one) { return one.field == field; });
    row.rejected = reason;
    row.column = name != rules_.names.end() ? name->name : std::string_view();
    return false;
}

bool FlowInterpreter::times(const FlowFields& fields, FlowRow& row)
{
    FlowRecord& record = row.record;
    const auto take = [&](FlowField field, std::int64_t& microseconds) {
        const auto time = fields[field] ? parseFlowTime(*fields[field], rules_.order)
                                        : FlowTime{.kind = Number::Kind::Missing};
        if (time.kind != Number::Kind::Integer)
            return reject(row, timestampReason(time.kind), field);
        microseconds = time.microseconds;
        if (!time.zone)
            note(FlowDoubt::NoZone);
        if (!time.date)
            note(FlowDoubt::NoDate);
        return true;
    };
    if (!take(FlowField::Start, record.start))
        return false;
    record.end = record.start;
    if (fields[FlowField::End]) {
        if (!take(FlowField::End, record.end))
            return false;
    } else if (fields[FlowField::Duration]) {
        const auto duration = parseScaled(*fields[FlowField::Duration], rules_.durationDigits);
        if (duration.kind == Number::Kind::Missing)
            return true;
        if (!duration.usable())
            return reject(row, numberReason(duration), FlowField::Duration);
        if (duration.whole > 0 && record.start > std::numeric_limits<std::int64_t>::max() - duration.whole)
            return reject(row, RejectReason::NumberOutOfRange, FlowField::Duration);
        record.end = record.start + std::max<std::int64_t>(duration.whole, 0);
    }
    record.end = std::max(record.end, record.start); // CICFlowMeter knows negative durations
    return true;
}

bool FlowInterpreter::address(const FlowFields& fields, FlowField field,
                              std::array<char, longestIpText>& canonical, std::string_view& text,
                              FlowRow& row) const
{
    text = trimmed(fields[field].value_or(""));
    if (text.empty())
        return reject(row, RejectReason::AddressMissing, field);
    if (const auto address = IpAddress::parse(text)) {
        const auto length = writeIpText({address->bytes.data(), address->length}, canonical);
        text = {canonical.data(), length};
        return true;
    }
    return isUtf8(text) || reject(row, RejectReason::AddressNotUtf8, field);
}

bool FlowInterpreter::port(const FlowFields& fields, FlowField field, std::int64_t& number,
                           FlowRow& row) const
{
    const auto text = trimmed(fields[field].value_or(""));
    number = 0;
    if (text.empty())
        return true;
    if (row.record.protocol.starts_with("icmp")) {
        if (const auto both = typeAndCode(text)) {
            number = *both;
            return true;
        }
    }
    if (text.starts_with("0x") || text.starts_with("0ipProtocolName(*number)")) {
        const auto hex = wholeNumber(text.substr(2), 16);
        number = hex.value_or(0);
        return hex || reject(row, RejectReason::NumberUnreadable, field);
    }
    const auto decimal = parseNumber(text);
    if (decimal.usable() && decimal.whole >= 0 && decimal.remainder == 0) {
        number = decimal.whole;
        return true;
    }
    if (!isServiceName(text))
        return reject(row, numberReason(decimal), field);
    number = servicePort(text).value_or(0);
    if (field == FlowField::DestinationPort && row.record.service.empty())
        row.record.service = text;
    return true;
}

bool FlowInterpreter::count(const FlowFields& fields, FlowField field, std::optional<std::uint64_t>& number,
                            FlowRow& row) const
{
    number.reset();
    const auto text = trimmed(fields[field].value_or(""));
    if (text.empty())
        return true;
    const auto value = parseNumber(text);
    if (!value.usable() || value.whole < 0)
        return reject(row, numberReason(value), field);
    number = static_cast<std::uint64_t>(value.whole);
    return true;
}

void FlowInterpreter::protocol(const FlowFields& fields, FlowRecord& record)
{
    protocol_ = trimmed(fields[FlowField::Protocol].value_or(""));
    std::transform(protocol_.begin(), protocol_.end(), protocol_.begin(), lowerLetter);
    const auto number = wholeNumber(protocol_, 10);
    const auto known = number ? ipProtocolName(*number) : std::string_view();
    record.protocol = !known.empty() ? known : std::string_view(protocol_);
}

void FlowInterpreter::interpret(const FlowFields& fields, FlowRow& row)
{
    row.rejected.reset();
    row.column = {};
    FlowRecord& record = row.record;
    record = {};
    protocol(fields, record);
    record.service = trimmed(fields[FlowField::Service].value_or(""));
    record.state = trimmed(fields[FlowField::State].value_or(""));
    const bool good = times(fields, row) && address(fields, FlowField::Source, source_, record.source, row) &&
                      address(fields, FlowField::Destination, destination_, record.destination, row) &&
                      port(fields, FlowField::SourcePort, record.sourcePort, row) &&
                      port(fields, FlowField::DestinationPort, record.destinationPort, row) &&
                      count(fields, FlowField::SentPackets, record.sentPackets, row) &&
                      count(fields, FlowField::ReceivedPackets, record.receivedPackets, row) &&
                      count(fields, FlowField::SentBytes, record.sentBytes, row) &&
                      count(fields, FlowField::ReceivedBytes, record.receivedBytes, row) &&
                      count(fields, FlowField::Packets, record.packets, row) &&
                      count(fields, FlowField::Bytes, record.bytes, row);
    if (!good)
        return;
    complete(record.sentPackets, record.receivedPackets, record.packets, rules_.oneWay);
    complete(record.sentBytes, record.receivedBytes, record.bytes, rules_.oneWay);
    if (rules_.ending)
        record.ending = rules_.ending(record.protocol, record.state);
}

} // namespace packetloom
