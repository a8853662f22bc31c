// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/exact/flow_sorter.h"

#include "core/flow/exact/packed_exact_flow.h"
#include "core/shard/merged_flows.h"

#include <algorithm>
#include <span>
#include <string>
#include <system_error>
#include <utility>

namespace packetloom {
namespace {

constexpr std::size_t flowsAQuestion = 4096;

BlockFileName nameOf(std::size_t number)
{
    return {"", "sorted flows " + std::to_string(number)};
}

} // namespace

FlowSorter::~FlowSorter()
{
    std::error_code ignored;
    for (const auto& file : files_)
        std::filesystem::remove(file, ignored);
}

void FlowSorter::add(const ExactFlow& flow)
{
    if (error_) // nobody wants it any more
        return;
    const std::size_t begin = bytes_.size();
    packExactFlow(flow, bytes_);
    flows_.push_back({placeOf(flow), begin, bytes_.size() - begin});
    if (bytes_.size() + flows_.size() * sizeof(Packed) >= most_)
        spill();
}

Result<void> FlowSorter::writeTo(ExactFlowWriter& file)
{
    std::ranges::sort(flows_, {}, &Packed::place);
    for (std::size_t i = 0; i < flows_.size(); ++i) {
        file.add(std::span<const std::uint8_t>(bytes_).subspan(flows_[i].offset, flows_[i].size));
        if (i % flowsAQuestion == 0 && !goOn_())
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    }
    flows_.clear();
    bytes_.clear();
    return {};
}

void FlowSorter::spill()
{
    const auto path = folder_ / ("sorted-" + std::to_string(files_.size()));
    ExactFlowWriter file(path, nameOf(files_.size()), addresses_);
    files_.push_back(path);
    auto written = writeTo(file);
    if (written)
        written = file.finish();
    if (!written && !error_)
        error_ = std::move(written).error();
}

Result<void> FlowSorter::finish(ExactFlowWriter& file)
{
    if (!files_.empty() && !flows_.empty())
        spill();
    if (error_)
        return *error_;
    if (files_.empty())
        return writeTo(file);
    MergedFlows<ExactFlowReader> flows;
    for (std::size_t i = 0; i < files_.size(); ++i) {
        auto reader = ExactFlowReader::open(files_[i], nameOf(i), addresses_);
        if (!reader)
            return std::move(reader).error();
        flows.add(*std::move(reader));
    }
    if (auto begun = flows.begin(0); !begun)
        return begun;
    for (std::uint64_t i = 0;; ++i) {
        const auto flow = flows.next();
        if (!flow)
            return flow.error();
        if (!*flow)
            return {};
        file.add(**flow);
        if (file.failed())
            return file.error();
        if (i % flowsAQuestion == 0 && !goOn_())
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
    }
}

} // namespace packetloom
