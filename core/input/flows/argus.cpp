// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/argus.h"

#include "core/input/flows/csv_flows.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::array names{
    FieldName{"starttime", FlowField::Start},
    FieldName{"stime", FlowField::Start},
    FieldName{"lasttime", FlowField::End},
    FieldName{"ltime", FlowField::End},
    FieldName{"dur", FlowField::Duration},
    FieldName{"duration", FlowField::Duration},
    FieldName{"srcaddr", FlowField::Source},
    FieldName{"saddr", FlowField::Source},
    FieldName{"sport", FlowField::SourcePort},
    FieldName{"dstaddr", FlowField::Destination},
    FieldName{"daddr", FlowField::Destination},
    FieldName{"dport", FlowField::DestinationPort},
    FieldName{"proto", FlowField::Protocol},
    FieldName{"state", FlowField::State},
    FieldName{"srcpkts", FlowField::SentPackets},
    FieldName{"spkts", FlowField::SentPackets},
    FieldName{"dstpkts", FlowField::ReceivedPackets},
    FieldName{"dpkts", FlowField::ReceivedPackets},
    FieldName{"srcbytes", FlowField::SentBytes},
    FieldName{"sbytes", FlowField::SentBytes},
    FieldName{"dstbytes", FlowField::ReceivedBytes},
    FieldName{"dbytes", FlowField::ReceivedBytes},
    FieldName{"totpkts", FlowField::Packets},
    FieldName{"pkts", FlowField::Packets},
    FieldName{"totbytes", FlowField::Bytes},
    FieldName{"bytes", FlowField::Bytes},
};

/// The TCP flags of both ends, "FSPA_FSA": what `ra -Z b` writes for the state.
bool isFlags(std::string_view state)
{
    return std::count(state.begin(), state.end(), '_') == 1 &&
           state.find_first_not_of("FSRPAUEC_") == std::string_view::npos;
}

FlowEnding endingOfFlags(std::string_view state)
{
    const auto source = state.substr(0, state.find('_')), destination = state.substr(source.size() + 1);
    const auto both = [&](char flag) {
        return source.find(flag) != std::string_view::npos &&
               destination.find(flag) != std::string_view::npos;
    };
    if (state.find('R') != std::string_view::npos)
        return {FlowState::Aborted, CloseType::Abortive, false};
    if (both('F'))
        return {FlowState::Closed, CloseType::Graceful, both('S')};
    return {};
}

/// By ra(1), "state". Of other protocols than TCP the words tell of answers, not of ends.
FlowEnding argusEnding(std::string_view protocol, std::string_view state)
{
    if (protocol != "tcp")
        return {};
    if (state == "FIN" || state == "CLO")
        return {FlowState::Closed, CloseType::Graceful, true};
    if (state == "RST")
        return {FlowState::Aborted, CloseType::Abortive, false};
    if (state == "CON" || state == "EST")
        return {FlowState::Established, CloseType::Open, true};
    if (state == "REQ" || state == "ACC")
        return {FlowState::Establishing, CloseType::None, false};
    return isFlags(state) ? endingOfFlags(state) : FlowEnding();
}

constexpr FlowRules rules{.names = names, .ending = argusEnding};

} // namespace

bool recogniseArgus(std::string_view head)
{
    const auto columns = columnNamesOf(head);
    return hasAny(columns, {"starttime", "stime"}) && hasAny(columns, {"srcaddr", "saddr"}) &&
           hasAny(columns, {"dstaddr", "daddr"});
}

Result<std::unique_ptr<FlowSource>> openArgus(FlowTableBytes bytes)
{
    return std::unique_ptr<FlowSource>(std::make_unique<CsvFlows>(std::move(bytes), rules));
}

} // namespace packetloom
