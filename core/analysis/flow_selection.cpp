// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/flow_selection.h"

#include "core/analysis/flow_filter.h"

#include <algorithm>
#include <array>
#include <span>

namespace packetloom {

FlowSelection::FlowSelection(const CaptureAnalysis& analysis, const FilterExpression& flows, StopFlag stop)
{
    const FlowFilter filter(analysis, flows, stop);
    const FlowTable& table = analysis.flows;
    std::vector<std::uint8_t> wanted(analysis.exact ? table.size() : 0);
    std::array<std::uint8_t, 4096> hits{};
    for (std::size_t first = 0; first < table.size() && !stopped(stop); first += hits.size()) {
        const auto some = std::span(hits).first(std::min(hits.size(), table.size() - first));
        filter.match(first, some);
        for (std::size_t i = 0; i < some.size(); ++i) {
            if (some[i] == 0)
                continue;
            const auto flow = first + i;
            ++flows_;
            if (analysis.exact) {
                wanted[flow] = 1;
                continue;
            }
            const auto [at, isNew] =
                byKey_.try_emplace(table.key(flow), static_cast<std::uint32_t>(spans_.size()));
            spans_.push_back({table.firstRow(flow), table.lastRow(flow), isNew ? none : at->second});
            at.value() = static_cast<std::uint32_t>(spans_.size() - 1);
        }
    }
    if (analysis.exact)
        exact_.emplace(*analysis.exact, &wanted);
}

bool FlowSelection::has(const Packet& packet, const PacketExtras& extras, std::uint64_t row) const
{
    if (exact_)
        return exact_->flowOf(packet, extras, row) != FlowMembers::none;
    if (!packet.isTcp() || !FlowKey::hasFlow(packet))
        return false;
    const auto found = byKey_.find(FlowKey::of(packet));
    if (found == byKey_.end())
        return false;
    for (auto span = found->second; span != none; span = spans_[span].next) {
        if (row >= spans_[span].first && row <= spans_[span].last)
            return true;
    }
    return false;
}

} // namespace packetloom
