// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/flow/exact/stream_coverage.h"

#include <algorithm>

namespace packetloom {

void StreamCoverage::add(std::uint64_t begin, std::uint64_t end, const OnGap& onGap)
{
    begin = std::max(begin, acknowledged_);
    if (gaveUp_ || end <= begin)
        return;
    held_ = std::max(held_, end);
    if (begin <= received_) {
        received_ = std::max(received_, end);
        take();
        return;
    }
    // Those that touch it become one with it.
    if (!pieces_)
        pieces_ = std::make_unique<std::vector<std::pair<std::uint64_t, std::uint64_t>>>();
    auto& pieces = *pieces_;
    auto first = std::lower_bound(pieces.begin(), pieces.end(), begin,
                                  [](const auto& piece, std::uint64_t at) { return piece.second < at; });
    auto last = first;
    for (; last != pieces.end() && last->first <= end; ++last) {
        begin = std::min(begin, last->first);
        end = std::max(end, last->second);
    }
    pieces.insert(pieces.erase(first, last), {begin, end});
    if (pieces.size() > mostPieces)
        skipTo(pieces.front().first, onGap);
}

// What follows without a hole.
void StreamCoverage::take()
{
    if (!pieces_)
        return;
    auto piece = pieces_->begin();
    for (; piece != pieces_->end() && piece->first <= received_; ++piece)
        received_ = std::max(received_, piece->second);
    pieces_->erase(pieces_->begin(), piece);
}

void StreamCoverage::skipTo(std::uint64_t number, const OnGap& onGap)
{
    while (received_ < number) {
        const std::uint64_t next =
            !pieces_ || pieces_->empty() ? number : std::min(number, pieces_->front().first);
        onGap(next - received_);
        received_ = next;
        take();
    }
}

void StreamCoverage::acknowledge(std::uint64_t number, bool guessed, const OnGap& onGap)
{
    constexpr std::uint64_t frontOfGuessed = 2;
    if (number <= acknowledged_)
        return;
    if (number > received_ && !(guessed && number <= frontOfGuessed)) {
        if (gaveUp_)
            received_ = number;
        else
            skipTo(number, onGap);
    }
    acknowledged_ = number;
}

void StreamCoverage::giveUp()
{
    gaveUp_ = true;
    pieces_ = nullptr;
    held_ = acknowledged_;
}

} // namespace packetloom
