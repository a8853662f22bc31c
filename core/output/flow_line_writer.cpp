// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/flow_line_writer.h"

#include "core/output/conn_log/local_use.h"

#include <string>

namespace packetloom {

FlowLineWriter::FlowLineWriter(const FlowLinesFormat& format, const AddressTable& addresses,
                               const std::optional<FilterExpression>& filter)
    : format_(format), addresses_(addresses)
{
    if (filter)
        filter_.emplace(addresses, *filter);
    learnAddresses();
}

void FlowLineWriter::learnAddresses()
{
    for (auto i = static_cast<std::uint32_t>(local_.size()); i < addresses_.size(); ++i) {
        const auto address = IpAddress::parse(addresses_.text(AddressId{i}));
        local_.push_back(address ? std::optional(isLocalUse(*address)) : std::nullopt);
    }
    if (filter_)
        filter_->learn(addresses_);
}

void FlowLineWriter::add(const ExactFlow& flow, TextBuffer& out)
{
    if (local_.size() < addresses_.size())
        learnAddresses();
    const auto originator = flow.originatorEnd().address, responder = flow.responderEnd().address;
    const auto originatorText = addresses_.text(originator), responderText = addresses_.text(responder);
    const std::string uid = uids_.next(flow, originatorText, responderText);
    if (filter_ && !filter_->matches(flow))
        return;
    ++written_;
    ++states_[static_cast<std::size_t>(flow.state)];
    format_.line(
        out, {flow, uid, originatorText, responderText, local_[index(originator)], local_[index(responder)]});
}

} // namespace packetloom
