// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace packetloom {

/// The flows of several files, each in the order of their places, in one order. `Reader` has the types Flow
/// and Place, and: blocks(), with the `place` of their first flow and how many `flows` they have; goTo(block)
/// and next(), null at the end; place() of the flow at hand.
template <class Reader>
class MergedFlows
{
public:
    using Flow = typename Reader::Flow;
    using Place = typename Reader::Place;

    /// Before begin().
    void add(std::unique_ptr<Reader> reader)
    {
        for (const auto& block : reader->blocks())
            total_ += block.flows;
        parts_.push_back({std::move(reader), nullptr});
    }
    [[nodiscard]] std::uint64_t total() const { return total_; }
    /// Calls each(reader).
    template <class Each>
    void forEachReader(const Each& each) const
    {
        for (const auto& part : parts_)
            each(*part.reader);
    }

    /// What next() gives first is flow `wanted`, from 0. Blocks before it are not read but for the last ones.
    Result<void> begin(std::uint64_t wanted)
    {
        std::uint64_t passed = 0; // flows before those that the parts will begin with
        const auto start = startOf(wanted, passed);
        heap_.clear();
        taken_.reset();
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            parts_[i].reader->goTo(start[i]);
            if (auto moved = advance(i); !moved)
                return moved;
        }
        for (; passed < wanted; ++passed) {
            if (auto one = next(); !one)
                return std::move(one).error();
        }
        return {};
    }
    /// Null at the end. Valid until the next call.
    Result<const Flow*> next()
    {
        if (taken_) {
            if (auto moved = advance(*taken_); !moved)
                return std::move(moved).error();
        }
        taken_.reset();
        if (heap_.empty())
            return static_cast<const Flow*>(nullptr);
        std::ranges::pop_heap(heap_, std::greater<>());
        taken_ = heap_.back().second;
        heap_.pop_back();
        return parts_[*taken_].flow;
    }

private:
    struct Part
    {
        std::unique_ptr<Reader> reader;
        const Flow* flow; ///< at hand; null at the end
    };

    Result<void> advance(std::size_t part)
    {
        const auto flow = parts_[part].reader->next();
        if (!flow)
            return flow.error();
        parts_[part].flow = *flow;
        if (*flow) {
            heap_.emplace_back(parts_[part].reader->place(), part);
            std::ranges::push_heap(heap_, std::greater<>());
        }
        return {};
    }
    /// The block of each part to begin with. `passed`: flows in those before them, all of which come before
    /// the one that is wanted, as do those before the border: the first flow of a block such that no more
    /// than are to be passed can come before it.
    [[nodiscard]] std::vector<std::size_t> startOf(std::uint64_t wanted, std::uint64_t& passed) const
    {
        std::vector<std::pair<Place, std::uint64_t>> blocks;
        for (const auto& part : parts_) {
            for (const auto& block : part.reader->blocks())
                blocks.push_back({block.place, block.flows});
        }
        std::ranges::sort(blocks);
        std::optional<Place> border;
        std::uint64_t before = 0;
        for (const auto& [place, flows] : blocks) {
            if (before > wanted)
                break;
            border = place;
            before += flows;
        }
        std::vector<std::size_t> start;
        passed = 0;
        for (const auto& part : parts_) {
            const auto& own = part.reader->blocks();
            const auto behind = std::ranges::partition_point(
                own, [&](const auto& block) { return border && block.place < *border; });
            const auto first = behind == own.begin() ? behind : behind - 1;
            for (auto block = own.begin(); block != first; ++block)
                passed += block->flows;
            start.push_back(static_cast<std::size_t>(first - own.begin()));
        }
        return start;
    }

    std::vector<Part> parts_;
    std::vector<std::pair<Place, std::size_t>> heap_; ///< place, part
    std::optional<std::size_t> taken_;                ///< whose flow is in use
    std::uint64_t total_ = 0;
};

} // namespace packetloom
