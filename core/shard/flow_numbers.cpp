// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/shard/flow_numbers.h"

#include <bit>

namespace packetloom {

void FlowNumbers::finish()
{
    before_.clear();
    before_.reserve(words_.size() / wordsASum + 1);
    flows_ = 0;
    for (std::size_t i = 0; i < words_.size(); ++i) {
        if (i % wordsASum == 0)
            before_.push_back(flows_);
        flows_ += static_cast<std::uint64_t>(std::popcount(words_[i]));
    }
}

std::uint64_t FlowNumbers::number(std::uint64_t row) const
{
    const auto word = static_cast<std::size_t>(row / bits);
    std::uint64_t flows = before_[word / wordsASum];
    for (std::size_t i = word / wordsASum * wordsASum; i < word; ++i)
        flows += static_cast<std::uint64_t>(std::popcount(words_[i]));
    const std::uint64_t upTo = ~std::uint64_t{0} >> (bits - 1 - row % bits);
    return flows + static_cast<std::uint64_t>(std::popcount(words_[word] & upTo));
}

} // namespace packetloom
