// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/sorted_runs.h"

#include "core/support/packed_column.h"

#include <algorithm>

namespace packetloom {
namespace {

constexpr std::size_t batchRows = 4096, blockRows = 512;
constexpr std::size_t mostColumns = 16;

/// calls(column) of each number of a row; the same order for packing and unpacking.
template <class Each>
void forEachNumber(const Each& each)
{
    const auto number = [&](auto member) {
        each([member](const FlowRow& r) { return static_cast<std::int64_t>(member(r)); },
             [member](FlowRow& r, std::int64_t n) {
                 auto& field = member(r);
                 field = static_cast<std::remove_reference_t<decltype(field)>>(n);
             });
    };
    number([](auto& r) -> auto& { return r.row; });
    number([](auto& r) -> auto& { return r.packet.timestamp; });
    number([](auto& r) -> auto& { return r.packet.sequence; });
    number([](auto& r) -> auto& { return r.packet.acknowledgment; });
    number([](auto& r) -> auto& { return r.packet.length; });
    number([](auto& r) -> auto& { return r.packet.flags.bits; });
    number([](auto& r) -> auto& { return r.packet.flags.origin; });
    number([](auto& r) -> auto& { return r.extras.payload; });
    number([](auto& r) -> auto& { return r.extras.ipBytes; });
    number([](auto& r) -> auto& { return r.extras.window; });
    number([](auto& r) -> auto& { return r.extras.windowScale; });
    number([](auto& r) -> auto& { return r.extras.icmpType; });
    number([](auto& r) -> auto& { return r.extras.icmpCode; });
    number([](auto& r) -> auto& { return r.extras.damage; });
}

} // namespace

// The standard's heaps have the greatest on top.
static constexpr auto later = [](const auto& a, const auto& b) { return inTime(b->head(), a->head()); };

void SortedRuns::add(std::vector<FlowRow> rows)
{
    held_ += rows.size();
    auto run = std::make_unique<Run>();
    run->rows = std::move(rows);
    heap_.push_back(std::move(run));
    std::push_heap(heap_.begin(), heap_.end(), later);
}

// Moves packets of the earliest run to the batch. False after a failure.
bool SortedRuns::step(std::vector<FlowRow>& batch)
{
    std::pop_heap(heap_.begin(), heap_.end(), later);
    Run& run = *heap_.back();
    batch.push_back(run.rows[run.at++]);
    if (!run.spilled)
        --held_;
    if (run.at == run.rows.size() && !refill(run)) {
        heap_.pop_back();
        return !failure_;
    }
    std::push_heap(heap_.begin(), heap_.end(), later);
    return true;
}

bool SortedRuns::take(std::optional<std::int64_t> horizon, const Visit& visit)
{
    const auto before = [&](const FlowRow& row) { return !horizon || row.packet.timestamp < *horizon; };
    std::vector<FlowRow> batch;
    while (!heap_.empty() && before(heap_.front()->head())) {
        Run& only = *heap_.front();
        if (heap_.size() == 1 && !only.spilled && before(only.rows.back())) { // nearly always: no copies
            const std::size_t rest = only.rows.size() - only.at;
            if (!batch.empty() && !visit(batch))
                return false;
            batch.clear();
            const bool more = visit(std::span(only.rows).subspan(only.at));
            held_ -= rest;
            heap_.clear();
            return more;
        }
        if (!step(batch))
            return false;
        if (batch.size() == batchRows) {
            if (!visit(batch))
                return false;
            batch.clear();
        }
    }
    return batch.empty() || visit(batch);
}

bool SortedRuns::refill(Run& run)
{
    run.rows.clear();
    run.at = 0;
    if (run.blocks.empty())
        return false;
    const Block block = run.blocks.back();
    run.blocks.pop_back();
    packed_.resize(block.bytes + packedColumnSlack);
    auto read = file_.readAt(block.offset, {reinterpret_cast<char*>(packed_.data()), block.bytes});
    if (!read) {
        failure_ = std::move(read).error();
        return false;
    }
    FlowRow blank;
    blank.packet.protocol = place_.protocol;
    blank.packet.hasProtocol = true;
    run.rows.assign(block.rows, blank);
    const std::uint8_t* at = packed_.data();
    forEachNumber([&](const auto& /*get*/, const auto& set) {
        at = unpackColumn(at, run.rows.size(),
                          [&](std::size_t i, std::int64_t number) { set(run.rows[i], number); });
    });
    unpackColumn(at, run.rows.size(), [&](std::size_t i, std::int64_t turned) {
        const Endpoint &from = turned != 0 ? place_.key.high : place_.key.low,
                       &to = turned != 0 ? place_.key.low : place_.key.high;
        Packet& packet = run.rows[i].packet;
        packet.source = from.address;
        packet.sourcePort = from.port;
        packet.destination = to.address;
        packet.destinationPort = to.port;
    });
    return true;
}

Result<SortedRuns::Block> SortedRuns::write(std::span<const FlowRow> rows)
{
    if (!file_.isOpen()) {
        auto file = File::temporary(folder_);
        if (!file)
            return std::move(file).error();
        file_ = *std::move(file);
    }
    packed_.resize(mostColumns * (packedColumnHead + 8 * blockRows) + packedColumnSlack);
    std::uint8_t* at = packed_.data();
    forEachNumber([&](const auto& get, const auto& /*set*/) {
        at = packColumn(at, rows.size(), [&](std::size_t i) { return get(rows[i]); });
    });
    at = packColumn(at, rows.size(),
                    [&](std::size_t i) { return std::int64_t{FlowKey::isTurned(rows[i].packet) ? 1 : 0}; });
    const auto size = static_cast<std::size_t>(at - packed_.data());
    // Not write(): on Windows readAt() moves its place.
    if (auto done = file_.writeAt(fileSize_, {reinterpret_cast<const char*>(packed_.data()), size}); !done)
        return std::move(done).error();
    const Block block{fileSize_, static_cast<std::uint32_t>(size), static_cast<std::uint32_t>(rows.size())};
    fileSize_ += size;
    return block;
}

Result<void> SortedRuns::spill()
{
    std::vector<std::unique_ptr<Run>> spilled;
    for (auto& run : heap_) {
        if (run->spilled)
            spilled.push_back(std::move(run));
    }
    std::erase_if(heap_, [](const auto& run) { return !run; });
    std::make_heap(heap_.begin(), heap_.end(), later);
    auto run = std::make_unique<Run>();
    run->spilled = true;
    std::vector<FlowRow> batch;
    while (!heap_.empty()) {
        batch.clear();
        while (!heap_.empty() && batch.size() < blockRows)
            step(batch);
        auto block = write(batch);
        if (!block)
            return std::move(block).error();
        run->blocks.push_back(*block);
    }
    std::reverse(run->blocks.begin(), run->blocks.end());
    if (refill(*run))
        spilled.push_back(std::move(run));
    heap_ = std::move(spilled);
    std::make_heap(heap_.begin(), heap_.end(), later);
    if (failure_)
        return *failure_;
    return {};
}

} // namespace packetloom
