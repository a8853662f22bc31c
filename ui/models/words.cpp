// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/words.h"

#include <QCoreApplication>

namespace packetloom {
namespace {

struct FlowWords
{
    Q_DECLARE_TR_FUNCTIONS(packetloom::FlowWords)
};

Cell wordsCell(const QString& shown, std::string_view name)
{
    if (name.empty())
        return {};
    const auto raw = QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    return Words{shown, raw, FlowWords::tr("In the dataset and in searches: %1").arg(raw)};
}

} // namespace

QString stateWords(FlowState state)
{
    switch (state) {
    case FlowState::New:
        return FlowWords::tr("new");
    case FlowState::Establishing:
        return FlowWords::tr("establishing");
    case FlowState::Established:
        return FlowWords::tr("established");
    case FlowState::DataTransfer:
        return FlowWords::tr("data transfer");
    case FlowState::Closing:
        return FlowWords::tr("closing");
    case FlowState::Closed:
        return FlowWords::tr("closed");
    case FlowState::Aborted:
        return FlowWords::tr("aborted");
    case FlowState::Ongoing:
        return FlowWords::tr("ongoing");
    case FlowState::Invalid:
        return FlowWords::tr("invalid");
    }
    return {};
}

QString closeTypeWords(CloseType type)
{
    switch (type) {
    case CloseType::None:
        return {};
    case CloseType::Graceful:
        return FlowWords::tr("graceful");
    case CloseType::Abortive:
        return FlowWords::tr("abortive");
    case CloseType::Open:
        return FlowWords::tr("open");
    case CloseType::Invalid:
        return FlowWords::tr("invalid");
    }
    return {};
}

QString invalidReasonWords(InvalidReason reason)
{
    switch (reason) {
    case InvalidReason::None:
        return {};
    case InvalidReason::InvalidSynAck:
        return FlowWords::tr("invalid SYN+ACK");
    case InvalidReason::InvalidAck:
        return FlowWords::tr("invalid ACK");
    case InvalidReason::RstDuringHandshake:
        return FlowWords::tr("RST during handshake");
    case InvalidReason::IncompleteNoSynAck:
        return FlowWords::tr("incomplete, no SYN+ACK");
    case InvalidReason::IncompleteNoAck:
        return FlowWords::tr("incomplete, no ACK");
    }
    return {};
}

QString outcomeWords(FlowOutcome outcome)
{
    switch (outcome) {
    case FlowOutcome::Graceful:
        return closeTypeWords(CloseType::Graceful);
    case FlowOutcome::Abortive:
        return closeTypeWords(CloseType::Abortive);
    case FlowOutcome::Open:
        return closeTypeWords(CloseType::Open);
    case FlowOutcome::InvalidSynAck:
        return invalidReasonWords(InvalidReason::InvalidSynAck);
    case FlowOutcome::InvalidAck:
        return invalidReasonWords(InvalidReason::InvalidAck);
    case FlowOutcome::RstDuringHandshake:
        return invalidReasonWords(InvalidReason::RstDuringHandshake);
    case FlowOutcome::IncompleteNoSynAck:
        return invalidReasonWords(InvalidReason::IncompleteNoSynAck);
    case FlowOutcome::IncompleteNoAck:
        return invalidReasonWords(InvalidReason::IncompleteNoAck);
    case FlowOutcome::Unclosed:
        return FlowWords::tr("neither opened nor closed");
    }
    return {};
}

QString outcomeKey(FlowOutcome outcome)
{
    const auto text = [](std::string_view name) {
        return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
    };
    switch (outcome) {
    case FlowOutcome::Graceful:
        return text(closeTypeName(CloseType::Graceful));
    case FlowOutcome::Abortive:
        return text(closeTypeName(CloseType::Abortive));
    case FlowOutcome::Open:
        return text(closeTypeName(CloseType::Open));
    case FlowOutcome::InvalidSynAck:
        return text(invalidReasonName(InvalidReason::InvalidSynAck));
    case FlowOutcome::InvalidAck:
        return text(invalidReasonName(InvalidReason::InvalidAck));
    case FlowOutcome::RstDuringHandshake:
        return text(invalidReasonName(InvalidReason::RstDuringHandshake));
    case FlowOutcome::IncompleteNoSynAck:
        return text(invalidReasonName(InvalidReason::IncompleteNoSynAck));
    case FlowOutcome::IncompleteNoAck:
        return text(invalidReasonName(InvalidReason::IncompleteNoAck));
    case FlowOutcome::Unclosed:
        return QStringLiteral("unclosed");
    }
    return {};
}

QString roleWords(PacketRole role)
{
    switch (role) {
    case PacketRole::Syn:
        return FlowWords::tr("connection request");
    case PacketRole::SynAck:
        return FlowWords::tr("connection acceptance");
    case PacketRole::Ack:
        return FlowWords::tr("connection established");
    case PacketRole::Data:
        return FlowWords::tr("data transfer");
    case PacketRole::DataAck:
        return FlowWords::tr("data acknowledgment");
    case PacketRole::Fin:
        return FlowWords::tr("close request");
    case PacketRole::CloseAck:
        return FlowWords::tr("close acknowledgment");
    case PacketRole::Rst:
        return FlowWords::tr("connection aborted");
    }
    return {};
}

QString rejectReasonWords(RejectReason reason)
{
    switch (reason) {
    case RejectReason::TooFewFields:
        return FlowWords::tr("too few fields");
    case RejectReason::TooManyFields:
        return FlowWords::tr("too many fields");
    case RejectReason::UnclosedQuote:
        return FlowWords::tr("a quote that is never closed");
    case RejectReason::NulByte:
        return FlowWords::tr("a NUL byte");
    case RejectReason::RowTooLong:
        return FlowWords::tr("longer than 1 MiB");
    case RejectReason::TimestampMissing:
        return FlowWords::tr("no timestamp");
    case RejectReason::TimestampUnreadable:
        return FlowWords::tr("a timestamp that cannot be read");
    case RejectReason::TimestampNotFinite:
        return FlowWords::tr("a timestamp that is not finite");
    case RejectReason::NumberOutOfRange:
        return FlowWords::tr("a number beyond 64 bits");
    case RejectReason::AddressNotUtf8:
        return FlowWords::tr("an address that is not UTF-8");
    case RejectReason::IpHeaderCut:
        return FlowWords::tr("captured too short for an IP header");
    case RejectReason::IpVersion:
        return FlowWords::tr("neither IPv4 nor IPv6");
    case RejectReason::IpHeaderLength:
        return FlowWords::tr("an IPv4 header that is shorter than one");
    case RejectReason::IpLength:
        return FlowWords::tr("an IPv4 packet that is shorter than its header");
    case RejectReason::NestedTooDeeply:
        return FlowWords::tr("too many packets within each other");
    case RejectReason::UnknownInterface:
        return FlowWords::tr("of an interface that the capture does not describe");
    case RejectReason::AddressMissing:
        return FlowWords::tr("no address");
    case RejectReason::NumberUnreadable:
        return FlowWords::tr("a number that cannot be read");
    case RejectReason::NotAnObject:
        return FlowWords::tr("no JSON object");
    }
    return {};
}

QString notIpWords(NotIp kind)
{
    switch (kind) {
    case NotIp::Arp:
        return FlowWords::tr("ARP");
    case NotIp::Lldp:
        return FlowWords::tr("LLDP");
    case NotIp::Llc:
        return FlowWords::tr("LLC (spanning tree and the like)");
    case NotIp::EtherType:
        return FlowWords::tr("another EtherType");
    case NotIp::Ppp:
        return FlowWords::tr("control protocols of PPP");
    case NotIp::Mpls:
        return FlowWords::tr("MPLS with something else in it");
    case NotIp::WlanManagement:
        return FlowWords::tr("management of 802.11");
    case NotIp::WlanControl:
        return FlowWords::tr("control of 802.11");
    case NotIp::WlanNoData:
        return FlowWords::tr("802.11 without data");
    case NotIp::WlanFragment:
        return FlowWords::tr("fragments of 802.11");
    case NotIp::WlanEncrypted:
        return FlowWords::tr("encrypted 802.11");
    case NotIp::LinkType:
        return FlowWords::tr("link types that are not read");
    case NotIp::CutShort:
        return FlowWords::tr("cut too short to tell");
    }
    return {};
}

QString tunnelWords(Tunnel tunnel)
{
    switch (tunnel) {
    case Tunnel::Ipv4InIpv4:
        return FlowWords::tr("IPv4 in IPv4");
    case Tunnel::Ipv6InIpv4:
        return FlowWords::tr("IPv6 in IPv4");
    case Tunnel::Ipv4InIpv6:
        return FlowWords::tr("IPv4 in IPv6");
    case Tunnel::Ipv6InIpv6:
        return FlowWords::tr("IPv6 in IPv6");
    case Tunnel::EtherIp:
        return FlowWords::tr("EtherIP");
    case Tunnel::Gre:
        return FlowWords::tr("GRE");
    case Tunnel::Pptp:
        return FlowWords::tr("PPTP");
    case Tunnel::Erspan:
        return FlowWords::tr("ERSPAN");
    case Tunnel::Wccp:
        return FlowWords::tr("WCCP");
    case Tunnel::Aruba:
        return FlowWords::tr("802.11 of Aruba in GRE");
    case Tunnel::GreInUdp:
        return FlowWords::tr("GRE in UDP");
    case Tunnel::GtpU:
        return FlowWords::tr("GTP-U");
    case Tunnel::Teredo:
        return FlowWords::tr("Teredo");
    case Tunnel::Vxlan:
        return FlowWords::tr("VXLAN");
    case Tunnel::Ayiya:
        return FlowWords::tr("AYIYA");
    case Tunnel::Geneve:
        return FlowWords::tr("GENEVE");
    }
    return {};
}

QString noPacketsWords()
{
    return FlowWords::tr("This is a table of flows: it has no packets.");
}

Cell stateCell(FlowState state)
{
    return wordsCell(stateWords(state), stateName(state));
}
Cell closeTypeCell(CloseType type)
{
    return wordsCell(closeTypeWords(type), closeTypeName(type));
}
Cell invalidReasonCell(InvalidReason reason)
{
    return wordsCell(invalidReasonWords(reason), invalidReasonName(reason));
}

Cell flagsCell(const TcpFlags& flags)
{
    const FlagTypeName name(flags);
    const auto text = QString::fromUtf8(name.text().data(), static_cast<qsizetype>(name.text().size()));
    return Words{text, text, {}};
}

Cell protocolCell(const Packet& packet)
{
    if (!packet.hasProtocol)
        return {};
    const QString number = QString::number(packet.protocol);
    switch (packet.protocol) {
    case protocolTcp:
        return Words{QStringLiteral("TCP"), number, {}};
    case protocolUdp:
        return Words{QStringLiteral("UDP"), number, {}};
    case protocolIcmp:
        return Words{QStringLiteral("ICMP"), number, {}};
    default:
        return Words{number, number, {}};
    }
}

} // namespace packetloom
