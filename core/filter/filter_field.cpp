// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_field.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

using enum FilterField;

constexpr std::array names{
    FieldName{"src", Source},
    FieldName{"source", Source},
    FieldName{"initiator", Source},
    FieldName{"ip.src", Source},
    FieldName{"ipv6.src", Source},
    FieldName{"dst", Destination},
    FieldName{"destination", Destination},
    FieldName{"responder", Destination},
    FieldName{"ip.dst", Destination},
    FieldName{"ipv6.dst", Destination},
    FieldName{"addr", Address},
    FieldName{"address", Address},
    FieldName{"host", Address},
    FieldName{"ip.addr", Address},
    FieldName{"ipv6.addr", Address},
    FieldName{"sport", SourcePort},
    FieldName{"tcp.srcport", SourcePort},
    FieldName{"udp.srcport", SourcePort},
    FieldName{"dport", DestinationPort},
    FieldName{"tcp.dstport", DestinationPort},
    FieldName{"udp.dstport", DestinationPort},
    FieldName{"port", Port},
    FieldName{"tcp.port", Port},
    FieldName{"udp.port", Port},
    FieldName{"proto", Protocol},
    FieldName{"protocol", Protocol},
    FieldName{"ip.proto", Protocol},
    FieldName{"service", Service},
    FieldName{"number", Number},
    FieldName{"flow", Number},
    FieldName{"tcp.stream", Number},
    FieldName{"start", Start},
    FieldName{"end", End},
    FieldName{"duration", Duration},
    FieldName{"flow.duration", Duration},
    FieldName{"packets", Packets},
    FieldName{"flow.packets", Packets},
    FieldName{"bytes", Bytes},
    FieldName{"flow.bytes", Bytes},
    FieldName{"state", State},
    FieldName{"flow.state", State},
    FieldName{"close", Close},
    FieldName{"flow.close", Close},
    FieldName{"reason", Reason},
    FieldName{"flow.reason", Reason},
    FieldName{"timeout", Timeout},
    FieldName{"flow.timeout", Timeout},
};

} // namespace

std::span<const FieldName> fieldNames()
{
    return names;
}

const FieldName* fieldNamed(std::string_view name)
{
    const auto* const found =
        std::find_if(names.begin(), names.end(), [&](const FieldName& f) { return f.name == name; });
    return found == names.end() ? nullptr : found;
}

std::string_view nameOf(FilterField field)
{
    return std::find_if(names.begin(), names.end(), [&](const FieldName& f) { return f.field == field; })
        ->name;
}

FilterType typeOf(FilterField field)
{
    switch (field) {
    case Source:
    case Destination:
    case Address:
        return FilterType::Address;
    case SourcePort:
    case DestinationPort:
    case Port:
    case Number:
    case Packets:
    case Bytes:
        return FilterType::Number;
    case Start:
    case End:
        return FilterType::Time;
    case Duration:
        return FilterType::Duration;
    case Protocol:
    case Service:
    case State:
    case Close:
    case Reason:
        return FilterType::Word;
    case Timeout:
        break;
    }
    return FilterType::Truth;
}

} // namespace packetloom
