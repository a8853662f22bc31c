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

/// Where the members of each group begin when all stand group after group.
class GroupBegins
{
public:
    /// `groups`: of each member, less than `count`.
    GroupBegins(std::span<const std::uint32_t> groups, std::size_t count) : begins_(count + 1)
    {
        for (const std::uint32_t group : groups)
            ++begins_[group + 1];
        for (std::size_t group = 0; group < count; ++group)
            begins_[group + 1] += begins_[group];
    }
    /// Up to the one behind the last group, which is the number of members.
    [[nodiscard]] std::uint32_t operator[](std::size_t group) const { return begins_[group]; }
    /// To be counted up while members are put into their places.
    [[nodiscard]] std::vector<std::uint32_t> copy() const { return begins_; }

private:
    std::vector<std::uint32_t> begins_;
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
    struct Member
    {
        std::uint32_t second, member;
    };
    const GroupBegins begins(first, firstCount);
    std::vector<Member> members(first.size());
    auto next = begins.copy();
    for (std::uint32_t member = 0; member < first.size(); ++member)
        members[next[first[member]]++] = {second[member], member};
    Combined all;
    all.ids.resize(first.size());
    constexpr std::uint32_t none = ~std::uint32_t{0};
    std::vector<std::pair<std::uint32_t, std::uint32_t>> seen(secondCount,
                                                              {none, 0}); // in which first, its id
    for (std::uint32_t group = 0; group < firstCount; ++group) {
        for (std::uint32_t i = begins[group]; i < begins[group + 1]; ++i) {
            auto& [in, id] = seen[members[i].second];
            if (in != group) {
                in = group;
                id = static_cast<std::uint32_t>(all.values.size());
                all.values.emplace_back(group, members[i].second);
            }
            all.ids[members[i].member] = id;
        }
    }
    return all;
}

} // namespace packetloom
