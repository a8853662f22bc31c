// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/packed_flow.h"

#include "core/flow/long_flow.h"

#include <algorithm>

namespace packetloom {

FlowPacket FlowPackets::operator[](std::size_t i) const
{
    if (!run_)
        return all_[i];
    FlowPacket wanted;
    std::size_t before = 0;
    run_->read([&](std::span<const FlowPacket> batch) {
        const bool here = i - before < batch.size();
        if (here)
            wanted = batch[i - before];
        before += batch.size();
        return !here;
    });
    return wanted;
}

void FlowBatch::add(const PackedFlow& flow)
{
    flows_.push_back(flow);
    flows_.back().bytes = {};
    flows_.back().plain = {};
    const std::size_t begin = bytes();
    bytes_.resize(begin + flow.bytes.size() + codecSlack);
    std::copy(flow.bytes.begin(), flow.bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(begin));
    plain_.insert(plain_.end(), flow.plain.begin(), flow.plain.end());
    ends_.push_back({begin + flow.bytes.size(), plain_.size()});
    packets_ += flow.packets;
}

PackedFlow FlowBatch::flow(std::size_t i) const
{
    const End begin = i == 0 ? End() : ends_[i - 1], end = ends_[i];
    PackedFlow flow = flows_[i];
    flow.bytes = std::span(bytes_).subspan(begin.bytes, end.bytes - begin.bytes);
    flow.plain = std::span(plain_).subspan(begin.plain, end.plain - begin.plain);
    return flow;
}

void FlowBatch::clear()
{
    flows_.clear();
    ends_.clear();
    bytes_.clear();
    plain_.clear();
    packets_ = 0;
}

CompletedFlow FlowUnpacker::unpack(const PackedFlow& flow, const GoOn& goOn)
{
    CompletedFlow completed{.number = flow.number,
                            .key = flow.key,
                            .packets = {},
                            .byTimeout = flow.byTimeout,
                            .openedByHigh = flow.openedByHigh,
                            .firstRow = flow.firstRow,
                            .lastRow = flow.lastRow};
    if (flow.spilled) {
        run_ = openLongFlow(flow, folder_, goOn);
        completed.packets = FlowPackets(*run_);
        return completed;
    }
    if (!flow.plain.empty()) {
        completed.packets = flow.plain;
        return completed;
    }
    packets_.clear();
    packets_.reserve(static_cast<std::size_t>(flow.packets));
    PacketPrediction prediction;
    for (std::span<const std::uint8_t> rest = flow.bytes; !rest.empty();)
        packets_.push_back(decodePacket(rest, prediction));
    if (!flow.inOrder)
        std::stable_sort(packets_.begin(), packets_.end(), earlier);
    completed.packets = packets_;
    return completed;
}

} // namespace packetloom
