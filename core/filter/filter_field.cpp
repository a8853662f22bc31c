// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/filter/filter_field.h"

#include "core/model/tcp_flags.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

namespace packetloom {
namespace {

using enum FilterField;

constexpr auto anyIp = AddressFamily::Any, ip4 = AddressFamily::Ip4, ip6 = AddressFamily::Ip6;
constexpr std::uint8_t tcp = 6, udp = 17, sctp = 132;

// Wireshark's names are those of Wireshark 4.
constexpr std::array names{
    FieldName{"src", Source},
    FieldName{"source", Source},
    FieldName{"ip.src", Source, ip4},
    FieldName{"ipv6.src", Source, ip6},
    FieldName{"dst", Destination},
    FieldName{"destination", Destination},
    FieldName{"ip.dst", Destination, ip4},
    FieldName{"ipv6.dst", Destination, ip6},
    FieldName{"addr", Address},
    FieldName{"address", Address},
    FieldName{"host", Address},
    FieldName{"ip.addr", Address, ip4},
    FieldName{"ip.host", Address, ip4},
    FieldName{"ipv6.addr", Address, ip6},
    FieldName{"ipv6.host", Address, ip6},
    FieldName{"sport", SourcePort},
    FieldName{"tcp.srcport", SourcePort, anyIp, tcp},
    FieldName{"udp.srcport", SourcePort, anyIp, udp},
    FieldName{"sctp.srcport", SourcePort, anyIp, sctp},
    FieldName{"dport", DestinationPort},
    FieldName{"tcp.dstport", DestinationPort, anyIp, tcp},
    FieldName{"udp.dstport", DestinationPort, anyIp, udp},
    FieldName{"sctp.dstport", DestinationPort, anyIp, sctp},
    FieldName{"port", Port},
    FieldName{"tcp.port", Port, anyIp, tcp},
    FieldName{"udp.port", Port, anyIp, udp},
    FieldName{"sctp.port", Port, anyIp, sctp},
    FieldName{"proto", Protocol},
    FieldName{"protocol", Protocol},
    FieldName{"ip.proto", Protocol, ip4},
    FieldName{"service", Service},
    FieldName{"time", Time},
    FieldName{"frame.time", Time},
    FieldName{"frame.time_epoch", Time},
    FieldName{"initiator", Initiator},
    FieldName{"responder", Responder},
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
    FieldName{"len", Length},
    FieldName{"length", Length},
    FieldName{"frame.len", Length},
    FieldName{"seq", Sequence, anyIp, tcp},
    FieldName{"tcp.seq", Sequence, anyIp, tcp},
    FieldName{"tcp.seq_raw", Sequence, anyIp, tcp},
    FieldName{"ack", Acknowledgment, anyIp, tcp},
    FieldName{"tcp.ack", Acknowledgment, anyIp, tcp},
    FieldName{"tcp.ack_raw", Acknowledgment, anyIp, tcp},
    FieldName{"flags", Flags, anyIp, tcp},
    FieldName{"tcp.flags", Flags, anyIp, tcp},
    FieldName{"flags.fin", FlagFin, anyIp, tcp},
    FieldName{"tcp.flags.fin", FlagFin, anyIp, tcp},
    FieldName{"flags.syn", FlagSyn, anyIp, tcp},
    FieldName{"tcp.flags.syn", FlagSyn, anyIp, tcp},
    FieldName{"flags.rst", FlagRst, anyIp, tcp},
    FieldName{"flags.reset", FlagRst, anyIp, tcp},
    FieldName{"tcp.flags.reset", FlagRst, anyIp, tcp},
    FieldName{"flags.psh", FlagPsh, anyIp, tcp},
    FieldName{"flags.push", FlagPsh, anyIp, tcp},
    FieldName{"tcp.flags.push", FlagPsh, anyIp, tcp},
    FieldName{"flags.ack", FlagAck, anyIp, tcp},
    FieldName{"tcp.flags.ack", FlagAck, anyIp, tcp},
    FieldName{"flags.urg", FlagUrg, anyIp, tcp},
    FieldName{"tcp.flags.urg", FlagUrg, anyIp, tcp},
    FieldName{"flags.ece", FlagEce, anyIp, tcp},
    FieldName{"tcp.flags.ece", FlagEce, anyIp, tcp},
    FieldName{"tcp.flags.ecn", FlagEce, anyIp, tcp}, // until Wireshark 3.6
    FieldName{"flags.cwr", FlagCwr, anyIp, tcp},
    FieldName{"tcp.flags.cwr", FlagCwr, anyIp, tcp},
};

struct FieldFacts
{
    FilterField field;
    FilterType type;
    FilterSubject subject;
    std::int64_t flag = 0;
};

constexpr auto ofBoth = FilterSubject::Both, ofFlows = FilterSubject::Flows,
               ofPackets = FilterSubject::Packets;

// By FilterField.
constexpr std::array facts{
    FieldFacts{Source, FilterType::Address, ofBoth},
    FieldFacts{Destination, FilterType::Address, ofBoth},
    FieldFacts{Address, FilterType::Address, ofBoth},
    FieldFacts{SourcePort, FilterType::Number, ofBoth},
    FieldFacts{DestinationPort, FilterType::Number, ofBoth},
    FieldFacts{Port, FilterType::Number, ofBoth},
    FieldFacts{Protocol, FilterType::Protocol, ofBoth},
    FieldFacts{Service, FilterType::Word, ofBoth},
    FieldFacts{Time, FilterType::Time, ofBoth},
    FieldFacts{Initiator, FilterType::Address, ofFlows},
    FieldFacts{Responder, FilterType::Address, ofFlows},
    FieldFacts{Number, FilterType::Number, ofFlows},
    FieldFacts{Start, FilterType::Time, ofFlows},
    FieldFacts{End, FilterType::Time, ofFlows},
    FieldFacts{Duration, FilterType::Duration, ofFlows},
    FieldFacts{Packets, FilterType::Number, ofFlows},
    FieldFacts{Bytes, FilterType::Number, ofFlows},
    FieldFacts{State, FilterType::Word, ofFlows},
    FieldFacts{Close, FilterType::Word, ofFlows},
    FieldFacts{Reason, FilterType::Word, ofFlows},
    FieldFacts{Timeout, FilterType::Truth, ofFlows},
    FieldFacts{Length, FilterType::Number, ofPackets},
    FieldFacts{Sequence, FilterType::Number, ofPackets},
    FieldFacts{Acknowledgment, FilterType::Number, ofPackets},
    FieldFacts{Flags, FilterType::Flags, ofPackets},
    FieldFacts{FlagFin, FilterType::Truth, ofPackets, TcpFlags::fin},
    FieldFacts{FlagSyn, FilterType::Truth, ofPackets, TcpFlags::syn},
    FieldFacts{FlagRst, FilterType::Truth, ofPackets, TcpFlags::rst},
    FieldFacts{FlagPsh, FilterType::Truth, ofPackets, TcpFlags::psh},
    FieldFacts{FlagAck, FilterType::Truth, ofPackets, TcpFlags::ack},
    FieldFacts{FlagUrg, FilterType::Truth, ofPackets, TcpFlags::urg},
    FieldFacts{FlagEce, FilterType::Truth, ofPackets, TcpFlags::ece},
    FieldFacts{FlagCwr, FilterType::Truth, ofPackets, TcpFlags::cwr},
};
constexpr bool isByField()
{
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (facts[i].field != static_cast<FilterField>(i))
            return false;
    }
    return facts.size() == static_cast<std::size_t>(FirstFigure);
}
static_assert(isByField());

FilterType typeOf(FigureKind kind)
{
    switch (kind) {
    case FigureKind::Word:
        return FilterType::Word;
    case FigureKind::Number:
    case FigureKind::Bytes:
        return FilterType::Number;
    case FigureKind::Duration:
        return FilterType::Duration;
    case FigureKind::Truth:
        return FilterType::Truth;
    }
    return FilterType::Number;
}

constexpr const FieldFacts& factsOf(FilterField field)
{
    return facts[static_cast<std::size_t>(field)];
}

/// The names above, and each figure's own and that with "flow." before it.
class AllNames
{
public:
    AllNames() : all_(names.begin(), names.end())
    {
        for (std::size_t i = 0; i < flowFigureCount; ++i) {
            const FlowFigureFacts& figure = flowFigures()[i];
            ofFlow_[i] = "flow." + std::string(figure.name);
            all_.push_back({figure.name, fieldOf(figure.figure)});
            all_.push_back({ofFlow_[i], fieldOf(figure.figure)});
        }
    }
    AllNames(const AllNames&) = delete;
    AllNames& operator=(const AllNames&) = delete;
    ~AllNames() = default;
    [[nodiscard]] std::span<const FieldName> all() const { return all_; }

private:
    std::array<std::string, flowFigureCount> ofFlow_;
    std::vector<FieldName> all_;
};

} // namespace

std::span<const FieldName> fieldNames()
{
    static const AllNames all;
    return all.all();
}

const FieldName* fieldNamed(std::string_view name)
{
    const auto all = fieldNames();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const FieldName& f) { return f.name == name; });
    return found == all.end() ? nullptr : &*found;
}

std::string_view nameOf(FilterField field)
{
    const auto all = fieldNames();
    return std::find_if(all.begin(), all.end(), [&](const FieldName& f) { return f.field == field; })->name;
}

FilterType typeOf(FilterField field)
{
    const auto figure = figureOf(field);
    return figure ? typeOf(factsOf(*figure).kind) : factsOf(field).type;
}

FilterSubject subjectOf(FilterField field)
{
    return figureOf(field) ? FilterSubject::Flows : factsOf(field).subject;
}

bool isOrdered(FilterType type)
{
    return type == FilterType::Number || type == FilterType::Duration || type == FilterType::Time ||
           type == FilterType::Protocol || type == FilterType::Flags;
}

bool isText(FilterType type)
{
    return type == FilterType::Address || type == FilterType::Word || type == FilterType::Protocol;
}

std::int64_t flagOf(FilterField field)
{
    return figureOf(field) ? 0 : factsOf(field).flag;
}

} // namespace packetloom
