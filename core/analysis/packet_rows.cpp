// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/analysis/packet_rows.h"

#include <algorithm>
#include <bit>

namespace packetloom {
namespace {

constexpr std::size_t wordsABlock = 8;

std::uint64_t chosen(std::uint64_t word)
{
    return static_cast<std::uint64_t>(std::popcount(word));
}

} // namespace

PacketRows PacketRows::all(std::uint64_t rows)
{
    PacketRows all;
    all.rows_ = all.size_ = rows;
    return all;
}

PacketRows::PacketRows(std::uint64_t rows, std::vector<std::uint64_t> bits)
    : rows_(rows), bits_(std::move(bits))
{
    counted_.reserve(bits_.size() / wordsABlock + 2);
    for (std::size_t i = 0; i < bits_.size(); ++i) {
        if (i % wordsABlock == 0)
            counted_.push_back(size_);
        size_ += chosen(bits_[i]);
    }
    counted_.push_back(size_);
    if (size_ == rows_) { // as all() has it
        bits_ = {};
        counted_ = {};
    }
}

std::uint64_t PacketRows::row(std::uint64_t i) const
{
    if (bits_.empty())
        return i;
    const auto block = std::upper_bound(counted_.begin(), counted_.end(), i) - 1;
    auto word = static_cast<std::size_t>(block - counted_.begin()) * wordsABlock;
    std::uint64_t left = i - *block;
    for (; chosen(bits_[word]) <= left; ++word)
        left -= chosen(bits_[word]);
    std::uint64_t bits = bits_[word];
    for (; left > 0; --left)
        bits &= bits - 1;
    return std::uint64_t{word} * rowsAWord + static_cast<std::uint64_t>(std::countr_zero(bits));
}

std::uint64_t PacketRows::before(std::uint64_t row) const
{
    row = std::min(row, rows_);
    if (bits_.empty())
        return row;
    const auto word = static_cast<std::size_t>(row / rowsAWord);
    std::uint64_t count = counted_[word / wordsABlock];
    for (std::size_t i = word - word % wordsABlock; i < word; ++i)
        count += chosen(bits_[i]);
    if (const unsigned rest = row % rowsAWord; rest > 0)
        count += chosen(bits_[word] & ((std::uint64_t{1} << rest) - 1));
    return count;
}

std::vector<std::uint64_t> PacketRows::rows(std::uint64_t i, std::size_t count) const
{
    std::vector<std::uint64_t> found;
    if (i >= size_)
        return found;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(count, size_ - i));
    found.reserve(wanted);
    if (bits_.empty()) {
        for (std::size_t n = 0; n < wanted; ++n)
            found.push_back(i + n);
        return found;
    }
    std::uint64_t at = row(i);
    auto word = static_cast<std::size_t>(at / rowsAWord);
    std::uint64_t bits = bits_[word] >> at % rowsAWord << at % rowsAWord;
    while (found.size() < wanted) {
        for (; bits == 0; bits = bits_[word])
            ++word;
        found.push_back(std::uint64_t{word} * rowsAWord + static_cast<std::uint64_t>(std::countr_zero(bits)));
        bits &= bits - 1;
    }
    return found;
}

} // namespace packetloom
