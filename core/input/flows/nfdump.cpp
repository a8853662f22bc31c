// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/nfdump.h"

#include "core/input/flows/csv_flows.h"

namespace packetloom {
namespace {

constexpr std::array names{
    FieldName{"ts", FlowField::Start},
    FieldName{"firstseen", FlowField::Start},
    FieldName{"te", FlowField::End},
    FieldName{"lastseen", FlowField::End},
    FieldName{"td", FlowField::Duration},
    FieldName{"duration", FlowField::Duration},
    FieldName{"sa", FlowField::Source},
    FieldName{"srcaddr", FlowField::Source},
    FieldName{"sp", FlowField::SourcePort},
    FieldName{"srcport", FlowField::SourcePort},
    FieldName{"da", FlowField::Destination},
    FieldName{"dstaddr", FlowField::Destination},
    FieldName{"dp", FlowField::DestinationPort},
    FieldName{"dstport", FlowField::DestinationPort},
    FieldName{"pr", FlowField::Protocol},
    FieldName{"proto", FlowField::Protocol},
    FieldName{"flg", FlowField::State},
    FieldName{"flags", FlowField::State},
    FieldName{"ipkt", FlowField::SentPackets},
    FieldName{"inpackets", FlowField::SentPackets},
    FieldName{"packets", FlowField::SentPackets},
    FieldName{"opkt", FlowField::ReceivedPackets},
    FieldName{"outpackets", FlowField::ReceivedPackets},
    FieldName{"ibyt", FlowField::SentBytes},
    FieldName{"inbytes", FlowField::SentBytes},
    FieldName{"bytes", FlowField::SentBytes},
    FieldName{"obyt", FlowField::ReceivedBytes},
    FieldName{"outbytes", FlowField::ReceivedBytes},
};
constexpr FlowRules rules{.names = names, .oneWay = true};
constexpr std::string_view summary = "Summary";

} // namespace

bool recogniseNfdump(std::string_view head)
{
    const auto columns = columnNamesOf(head);
    return (hasAny(columns, {"ts"}) && hasAny(columns, {"sa"}) && hasAny(columns, {"da"}) &&
            hasAny(columns, {"pr"})) ||
           (hasAny(columns, {"firstseen"}) && hasAny(columns, {"srcaddr"}) && hasAny(columns, {"dstaddr"}));
}

Result<std::unique_ptr<FlowSource>> openNfdump(FlowTableBytes bytes)
{
    return std::unique_ptr<FlowSource>(std::make_unique<CsvFlows>(std::move(bytes), rules, summary));
}

} // namespace packetloom
