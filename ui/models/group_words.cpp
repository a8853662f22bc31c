// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/models/group_words.h"

#include "core/analysis/group_text.h"
#include "ui/models/words.h"

#include <QCoreApplication>

namespace packetloom {
namespace {

struct GroupWords
{
    Q_DECLARE_TR_FUNCTIONS(packetloom::GroupWords)
};

Cell none(const QString& tip)
{
    return Words{GroupWords::tr("(none)"), {}, tip};
}

Cell orNone(Cell cell, const QString& tip)
{
    return std::holds_alternative<std::monostate>(cell) ? none(tip) : cell;
}

} // namespace

QString groupKeyTitle(GroupKey key)
{
    switch (key) {
    case GroupKey::Source:
        return GroupWords::tr("Source");
    case GroupKey::Destination:
        return GroupWords::tr("Destination");
    case GroupKey::Address:
        return GroupWords::tr("Address");
    case GroupKey::SourceSubnet:
        return GroupWords::tr("Source subnet");
    case GroupKey::DestinationSubnet:
        return GroupWords::tr("Destination subnet");
    case GroupKey::Subnet:
        return GroupWords::tr("Subnet");
    case GroupKey::Pair:
        return GroupWords::tr("Pair of addresses");
    case GroupKey::SourcePort:
        return GroupWords::tr("Source port");
    case GroupKey::DestinationPort:
        return GroupWords::tr("Destination port");
    case GroupKey::Port:
        return GroupWords::tr("Port");
    case GroupKey::Protocol:
        return GroupWords::tr("Protocol");
    case GroupKey::Service:
        return GroupWords::tr("Service");
    case GroupKey::State:
        return GroupWords::tr("State");
    case GroupKey::Close:
        return GroupWords::tr("Closed");
    case GroupKey::Reason:
        return GroupWords::tr("Why invalid");
    case GroupKey::Flags:
        return GroupWords::tr("Flags");
    case GroupKey::Time:
        return GroupWords::tr("Time");
    }
    return {};
}

QString groupKeyTip(GroupKey key)
{
    switch (key) {
    case GroupKey::Source:
        return GroupWords::tr(
            "Of a flow the initiator: who sent the SYN, or else the first packet; of a packet its sender");
    case GroupKey::Destination:
        return GroupWords::tr("Of a flow the other end than the initiator");
    case GroupKey::Address:
        return GroupWords::tr("Either end: a flow counts for both");
    case GroupKey::SourceSubnet:
        return GroupWords::tr("The front of the source's address");
    case GroupKey::DestinationSubnet:
        return GroupWords::tr("The front of the destination's address");
    case GroupKey::Subnet:
        return GroupWords::tr("The front of either address: a flow between two subnets counts for both");
    case GroupKey::Pair:
        return GroupWords::tr("Two addresses, whoever of them is the source");
    case GroupKey::SourcePort:
        return GroupWords::tr("The port of the source");
    case GroupKey::DestinationPort:
        return GroupWords::tr("Usually the port of the service");
    case GroupKey::Port:
        return GroupWords::tr("Either port: a flow counts for both");
    case GroupKey::Protocol:
        return GroupWords::tr("Protocol above IP");
    case GroupKey::Service:
        return GroupWords::tr("What a table of flows says of the service; else what usually listens on the "
                              "port of the destination");
    case GroupKey::State:
        return GroupWords::tr(
            "State of the connection after its last packet; of a table of flows its own word");
    case GroupKey::Close:
        return GroupWords::tr("How the flow closed");
    case GroupKey::Reason:
        return GroupWords::tr("What is wrong with the handshake of an invalid flow");
    case GroupKey::Flags:
        return GroupWords::tr("The TCP flags of a packet");
    case GroupKey::Time:
        return GroupWords::tr("Slices of time (UTC) in which flows began, or packets were");
    }
    return {};
}

Cell groupValueCell(const GroupValue& value, const AddressTable& addresses)
{
    switch (value.key) {
    case GroupKey::Source:
    case GroupKey::Destination:
    case GroupKey::Address:
        return addresses.text(value.address).empty() ? none(GroupWords::tr("Rows without an address"))
                                                     : HostileText{addresses.text(value.address)};
    case GroupKey::SourceSubnet:
    case GroupKey::DestinationSubnet:
    case GroupKey::Subnet: {
        if (!value.subnet)
            return none(GroupWords::tr("Addresses that are no IP addresses, as ids without an IP map"));
        const auto text = QString::fromStdString(subnetText(*value.subnet));
        return Words{text, text, {}};
    }
    case GroupKey::Pair: {
        const auto both = [&](auto shown) {
            return shown(addresses.text(value.address)) + QStringLiteral(" ↔ ") +
                   shown(addresses.text(value.other));
        };
        const auto whole = both(wholeText);
        return Words{both([](std::string_view text) { return visibleText(text, shownCharacters / 2); }),
                     whole,
                     both([](std::string_view text) { return visibleText(text, toolTipCharacters / 2); })};
    }
    case GroupKey::SourcePort:
    case GroupKey::DestinationPort:
    case GroupKey::Port:
        return Identifier{value.number};
    case GroupKey::Protocol:
    case GroupKey::Service:
    case GroupKey::Flags:
        return value.word->empty() ? none(GroupWords::tr("Not known")) : HostileText{*value.word};
    case GroupKey::State:
        if (!value.word)
            return stateCell(static_cast<FlowState>(value.number));
        return value.word->empty() ? none(GroupWords::tr("Not known")) : HostileText{*value.word};
    case GroupKey::Close:
        return orNone(closeTypeCell(static_cast<CloseType>(value.number)),
                      GroupWords::tr("Neither opened nor closed in the capture"));
    case GroupKey::Reason:
        return orNone(invalidReasonCell(static_cast<InvalidReason>(value.number)),
                      GroupWords::tr("Valid flows"));
    case GroupKey::Time:
        return Instant{value.number};
    }
    return {};
}

} // namespace packetloom
