// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/flows/zeek_rules.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::array names{
    FieldName{"ts", FlowField::Start},
    FieldName{"duration", FlowField::Duration},
    FieldName{"id.orig_h", FlowField::Source},
    FieldName{"id.orig_p", FlowField::SourcePort},
    FieldName{"id.resp_h", FlowField::Destination},
    FieldName{"id.resp_p", FlowField::DestinationPort},
    FieldName{"proto", FlowField::Protocol},
    FieldName{"service", FlowField::Service},
    FieldName{"conn_state", FlowField::State},
    FieldName{"orig_pkts", FlowField::SentPackets},
    FieldName{"resp_pkts", FlowField::ReceivedPackets},
    FieldName{"orig_ip_bytes", FlowField::SentBytes},
    FieldName{"orig_bytes", FlowField::SentBytes},
    FieldName{"resp_ip_bytes", FlowField::ReceivedBytes},
    FieldName{"resp_bytes", FlowField::ReceivedBytes},
};

struct Ending
{
    std::string_view word;
    FlowEnding ending;
};
constexpr std::array endings{
    Ending{"S0", {FlowState::Establishing, CloseType::None, false}},
    Ending{"S1", {FlowState::Established, CloseType::Open, true}},
    Ending{"S2", {FlowState::Closing, CloseType::Open, true}},
    Ending{"S3", {FlowState::Closing, CloseType::Open, true}},
    Ending{"SF", {FlowState::Closed, CloseType::Graceful, true}},
    Ending{"REJ", {FlowState::Aborted, CloseType::Abortive, false}},
    Ending{"RSTO", {FlowState::Aborted, CloseType::Abortive, true}},
    Ending{"RSTR", {FlowState::Aborted, CloseType::Abortive, true}},
    Ending{"RSTOS0", {FlowState::Aborted, CloseType::Abortive, false}},
    Ending{"RSTRH", {FlowState::Aborted, CloseType::Abortive, false}},
    Ending{"SH", {FlowState::Establishing, CloseType::None, false}},
    Ending{"SHR", {FlowState::Establishing, CloseType::None, false}},
    Ending{"OTH", {FlowState::New, CloseType::None, false}},
};

} // namespace

FlowEnding zeekEnding(std::string_view protocol, std::string_view state)
{
    const auto known =
        std::find_if(endings.begin(), endings.end(), [&](const Ending& one) { return one.word == state; });
    return protocol == "tcp" && known != endings.end() ? known->ending : FlowEnding();
}

const FlowRules& zeekRules()
{
    static constexpr FlowRules rules{.names = names, .ending = zeekEnding};
    return rules;
}

} // namespace packetloom
