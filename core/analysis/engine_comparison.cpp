// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/engine_comparison.h"

#include "core/analysis/engine_judgement.h"
#include "core/analysis/flow_overlaps.h"
#include "core/analysis/reference_flows.h"
#include "core/support/guard.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace packetloom {
namespace {

/// Which things hang together.
class Joined
{
public:
    explicit Joined(std::size_t count) : up_(count) { std::iota(up_.begin(), up_.end(), std::uint32_t{0}); }

    std::uint32_t of(std::uint32_t one)
    {
        while (up_[one] != one)
            one = up_[one] = up_[up_[one]];
        return one;
    }
    void join(std::uint32_t a, std::uint32_t b)
    {
        a = of(a);
        b = of(b);
        up_[std::max(a, b)] = std::min(a, b);
    }

private:
    std::vector<std::uint32_t> up_;
};

} // namespace

/// Flows of the reference have the numbers from 0 on, behind them come those of TCP of the exact engine.
class EngineComparer
{
public:
    EngineComparer(const FlowTable& reference, const ExactFlows& flows, FlowOverlaps overlaps)
        : reference_(reference),
          exact_(flows),
          overlaps_(std::move(overlaps)),
          references_(static_cast<std::uint32_t>(reference.size())),
          joined_(reference.size() + overlaps_.exact.size())
    {
    }

    EngineComparisonPtr compare()
    {
        for (const FlowOverlap& overlap : overlaps_.all)
            joined_.join(overlap.reference, nodeOf(overlap.exact));
        const auto count = static_cast<std::uint32_t>(references_ + overlaps_.exact.size());
        std::vector<std::uint32_t> begins(std::size_t{count} + 1);
        for (std::uint32_t node = 0; node < count; ++node)
            ++begins[joined_.of(node) + 1];
        std::partial_sum(begins.begin(), begins.end(), begins.begin());
        std::vector<std::uint32_t> nodes(count);
        auto next = begins;
        for (std::uint32_t node = 0; node < count; ++node)
            nodes[next[joined_.of(node)]++] = node;
        next = {};
        for (std::uint32_t i = 0; i < count; ++i) {
            if (begins[i] != begins[i + 1])
                take({nodes.data() + begins[i], nodes.data() + begins[i + 1]});
        }
        putInOrder();
        return made_;
    }

private:
    [[nodiscard]] std::uint32_t nodeOf(std::uint32_t exact) const
    {
        const auto at = std::lower_bound(overlaps_.exact.begin(), overlaps_.exact.end(), exact);
        return references_ + static_cast<std::uint32_t>(at - overlaps_.exact.begin());
    }

    void take(std::span<const std::uint32_t> nodes)
    {
        // Flows of the reference stand in the order of completion, those of the exact engine in that of time.
        std::vector<std::uint32_t> reference, exact;
        for (const auto node : nodes) {
            if (node < references_)
                reference.push_back(node);
            else
                exact.push_back(overlaps_.exact[node - references_]);
        }
        std::ranges::sort(reference, {}, [&](std::uint32_t i) { return reference_.firstRow(i); });
        const EngineJudgement judgement{reference_, overlaps_.facts};
        const auto why = judgement.difference(
            reference, exact.size(), [&](std::size_t i) { return exact_.flow(exact[i]); },
            overlapOf(reference));
        EngineCounts& counts = why ? made_->counts_[static_cast<std::size_t>(*why)] : made_->agree_;
        ++counts.cases;
        counts.reference += reference.size();
        counts.exact += exact.size();
        counts.packets += packetsOf(reference, exact);
        if (!why)
            return;
        auto& all = made_->flows_;
        const auto size = [&] { return static_cast<std::uint32_t>(all.size()); };
        const std::uint32_t begin = size();
        all.insert(all.end(), reference.begin(), reference.end());
        const std::uint32_t exactBegin = size();
        all.insert(all.end(), exact.begin(), exact.end());
        made_->cases_[static_cast<std::size_t>(*why)].push_back({begin, exactBegin, size()});
    }

    /// Packets that the flows have in common with those of the exact engine.
    [[nodiscard]] std::uint64_t overlapOf(std::span<const std::uint32_t> reference) const
    {
        std::uint64_t packets = 0;
        for (const auto i : reference) {
            for (auto at = std::ranges::lower_bound(overlaps_.all, i, {}, &FlowOverlap::reference);
                 at != overlaps_.all.end() && at->reference == i; ++at)
                packets += at->packets;
        }
        return packets;
    }

    [[nodiscard]] std::uint64_t packetsOf(std::span<const std::uint32_t> reference,
                                          std::span<const std::uint32_t> exact) const
    {
        std::uint64_t packets = 0;
        for (const auto i : reference)
            packets += reference_.packets(i);
        for (const auto i : exact)
            packets += reference.empty() ? packetloom::packetsOf(exact_.flow(i)) : 0;
        return packets;
    }

    void putInOrder()
    {
        const auto firstRow = [&](const EngineComparison::Place& place) {
            const auto flow = made_->flows_[place.begin];
            return place.begin < place.exactBegin ? reference_.firstRow(flow) : exact_.firstRow(flow);
        };
        for (auto& cases : made_->cases_)
            std::ranges::sort(cases, {}, firstRow);
    }

    const FlowTable& reference_;
    const ExactFlows& exact_;
    const FlowOverlaps overlaps_;
    const std::uint32_t references_;
    Joined joined_;
    std::shared_ptr<EngineComparison> made_ = std::make_shared<EngineComparison>();
};

std::string_view engineDifferenceName(EngineDifference difference)
{
    constexpr std::array<std::string_view, engineDifferenceCount> names{"number_wraps",
                                                                        "handshake_out_of_order",
                                                                        "ack_out_of_place",
                                                                        "ack_with_data",
                                                                        "reset_in_handshake",
                                                                        "never_established",
                                                                        "half_closed",
                                                                        "reset_with_close",
                                                                        "begin_missed",
                                                                        "direction",
                                                                        "late_packets",
                                                                        "read_chunk",
                                                                        "reference_inactivity",
                                                                        "syn_with_another_number",
                                                                        "port_reuse",
                                                                        "after_linger",
                                                                        "exact_inactivity",
                                                                        "attempt_ended",
                                                                        "left_out",
                                                                        "reference_only",
                                                                        "exact_only",
                                                                        "several",
                                                                        "other"};
    return names[static_cast<std::size_t>(difference)];
}

EngineCase EngineComparison::at(EngineDifference difference, std::size_t i) const
{
    const Place& place = cases_[static_cast<std::size_t>(difference)][i];
    const std::span flows(flows_);
    return {difference, flows.subspan(place.begin, place.exactBegin - place.begin),
            flows.subspan(place.exactBegin, place.end - place.exactBegin)};
}

std::vector<std::uint32_t> EngineComparison::referenceFlows(EngineDifference difference) const
{
    std::vector<std::uint32_t> flows;
    for (std::size_t i = 0; i < cases(difference); ++i) {
        const auto these = at(difference, i).reference;
        flows.insert(flows.end(), these.begin(), these.end());
    }
    std::ranges::sort(flows);
    return flows;
}

Result<ComparedEngines> compareEngines(const std::shared_ptr<const Analysis>& analysis, StopFlag stop)
{
    return guarded([&]() -> Result<ComparedEngines> {
        const auto reference = referenceFlowsOf(analysis, stop);
        if (!reference)
            return reference.error();
        const auto* const capture = analysis->capture();
        const bool exactIsThere = capture && capture->exact;
        const Options options = capture ? capture->options : Options();
        const auto exact = exactIsThere ? Result<ExactFlowsPtr>(capture->exact)
                                        : exactFlowsOf(*analysis, options.exact, options.threads, stop);
        if (!exact)
            return exact.error();
        auto overlaps = FlowOverlaps::of(**reference, **exact, analysis->spool, stop);
        if (!overlaps)
            return std::move(overlaps).error();
        return ComparedEngines{*reference, *exact,
                               EngineComparer(**reference, **exact, *std::move(overlaps)).compare(),
                               !exactIsThere};
    });
}

} // namespace packetloom
