// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/random.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom::generator {

/// A step of a hash function that takes a text word by word (eight bytes, little-endian), and its inverse.
struct WordHash
{
    std::uint64_t (*next)(std::uint64_t state, std::uint64_t word);
    /// The word that leads from one state to another.
    std::uint64_t (*word)(std::uint64_t from, std::uint64_t to);
};

/// Rows made by somebody who wants hash tables to become slow: their keys are different and their hashes, all
/// 64 bits of them, alike. By turns:
///
/// - a connection between the same two hosts, whose two port numbers have 64 bits. For keys hashed as
///   m(m(m(addresses, low port), high port), 0), where m(a, b) is a ^ (b + 0x9E3779B97F4A7C15), times
///   0xD6E8FEB86659FD93, folded (x ^ x >> 32). The hosts are the capture's first addresses, numbered 1 and 2;
/// - a source address whose text collides under libstdc++'s std::hash of 64 bits (murmur, seed 0xC70F6907);
/// - one whose text collides under m, applied to its length and then to word after word.
///
/// Texts are printable ASCII without quotes and commas, of textBytes bytes. None of the three hashes has a
/// seed that a program chose.
class CollidingRows
{
public:
    static constexpr std::uint32_t most = 1'000'000;
    static constexpr std::size_t textBytes = 32;

    /// `count` of each, from 1 to `most`; after 3 * `count` rows they come again. `harmless` makes keys of
    /// the same lengths that do not collide.
    CollidingRows(std::uint32_t count, bool harmless, std::uint64_t startTime, std::uint64_t seed);

    /// A row with its newline, valid until the next call.
    std::string_view next();
    /// Of the last row.
    [[nodiscard]] std::uint64_t time() const { return time_; }

private:
    /// The first halves and second halves of texts: every first with every second one collides.
    struct Texts
    {
        std::vector<std::string> firsts, seconds;
    };

    Texts texts(const WordHash& hash, std::uint64_t begin);
    std::vector<std::string> halves(const WordHash& hash, std::uint64_t from, std::uint64_t& to);
    void appendPorts(std::uint32_t number);

    std::uint32_t count_;
    bool harmless_;
    std::uint32_t side_; // as many first as second halves: count_ <= side_ * side_
    Random random_;
    std::uint64_t time_;
    Texts murmur_, mix_;
    std::uint64_t rows_ = 0;
    std::string row_;
};

} // namespace packetloom::generator
