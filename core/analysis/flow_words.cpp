// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_words.h"

#include "core/analysis/analysis.h"
#include "core/analysis/flow_facts.h"
#include "core/model/service_name.h"

namespace packetloom {

std::string_view flowProtocol(const Analysis& analysis, std::size_t flow)
{
    const auto* const facts = analysis.flowFacts();
    return facts ? facts->protocol(flow) : std::string_view("tcp");
}

std::string_view flowService(const Analysis& analysis, std::size_t flow)
{
    const auto* const facts = analysis.flowFacts();
    const auto own = facts ? facts->service(flow) : std::string_view();
    if (!own.empty())
        return own;
    // The ports of other protocols are something else, as the types of ICMP.
    const auto protocol = flowProtocol(analysis, flow);
    const bool hasPorts = protocol == "tcp" || protocol == "udp" || protocol == "sctp";
    return hasPorts ? serviceName(analysis.flows.destinationPort(flow)) : std::string_view();
}

std::string_view flowStateWord(const Analysis& analysis, std::size_t flow)
{
    const auto* const facts = analysis.flowFacts();
    return facts ? facts->state(flow) : std::string_view();
}

} // namespace packetloom
