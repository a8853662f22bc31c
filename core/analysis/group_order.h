// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace packetloom {

// Groups are made by sorting numbers that are small, not by hashing: what a capture holds cannot make it
// slow, and 1 M members of 1 M groups take milliseconds.

/// Members by the group that each is in, those of a group in their own order.
struct GroupedMembers
{
    std::vector<std::uint32_t> order;  ///< members, group after group
    std::vector<std::uint32_t> begins; ///< of each group in `order`, and the end

    /// `groups`: of each member, less than `count`.
    GroupedMembers(std::span<const std::uint32_t> groups, std::size_t count)
        : order(groups.size()), begins(count + 1)
    {
        for (const std::uint32_t group : groups)
            ++begins[group + 1];
        for (std::size_t group = 0; group < count; ++group)
            begins[group + 1] += begins[group];
        std::vector<std::uint32_t> next(begins.begin(), begins.end() - 1);
        for (std::uint32_t member = 0; member < groups.size(); ++member)
            order[next[groups[member]]++] = member;
    }
    [[nodiscard]] std::size_t groups() const { return begins.size() - 1; }
    [[nodiscard]] std::span<const std::uint32_t> of(std::size_t group) const
    {
        return std::span(order).subspan(begins[group], begins[group + 1] - begins[group]);
    }
};

/// Counts how many different numbers there are in one group after the other.
class DistinctCounter
{
public:
    /// All numbers are less than `numbers`.
    explicit DistinctCounter(std::size_t numbers) : seenIn_(numbers) {}

    void begin()
    {
        ++group_;
        count_ = 0;
    }
    void add(std::uint32_t number)
    {
        count_ += seenIn_[number] != group_ ? 1u : 0u;
        seenIn_[number] = group_;
    }
    [[nodiscard]] std::uint32_t count() const { return count_; }

private:
    std::vector<std::uint32_t> seenIn_; ///< the group that a number was last seen in, from 1
    std::uint32_t group_ = 0, count_ = 0;
};

/// The combinations of two numbers that there are.
struct Combined
{
    std::vector<std::uint32_t> ids;                              ///< of each member
    std::vector<std::pair<std::uint32_t, std::uint32_t>> values; ///< of each combination
};

/// `first` and `second` are as long as each other, their numbers less than the counts.
inline Combined combine(std::span<const std::uint32_t> first, std::size_t firstCount,
                        std::span<const std::uint32_t> second, std::size_t secondCount)
{
    Combined all;
    all.ids.resize(first.size());
    const GroupedMembers members(first, firstCount);
    constexpr std::uint32_t none = ~std::uint32_t{0};
    std::vector<std::pair<std::uint32_t, std::uint32_t>> seen(secondCount,
                                                              {none, 0}); // in which first, its id
    for (std::uint32_t group = 0; group < firstCount; ++group) {
        for (const std::uint32_t member : members.of(group)) {
            auto& [in, id] = seen[second[member]];
            if (in != group) {
                in = group;
                id = static_cast<std::uint32_t>(all.values.size());
                all.values.emplace_back(group, second[member]);
            }
            all.ids[member] = id;
        }
    }
    return all;
}

} // namespace packetloom
