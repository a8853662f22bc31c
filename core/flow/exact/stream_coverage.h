// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <utility>
#include <vector>

namespace packetloom {

/// Which bytes of one direction of a TCP stream were captured, without the bytes: what was received from its
/// beginning on without a hole, and the pieces behind holes. A hole is a gap once the other side acknowledges
/// what was in it. By Zeek's rules of reassembly. Numbers are relative: the SYN is 0, the first byte 1.
/// Memory is bounded: where there are more than mostPieces, the first hole is given up as a gap.
class StreamCoverage
{
public:
    static constexpr std::size_t mostPieces = 64;
    using OnGap = std::function<void(std::uint64_t bytes)>;

    /// A segment's bytes.
    void add(std::uint64_t begin, std::uint64_t end, const OnGap& onGap);
    /// All before this number was acknowledged. `guessed`: the beginning was not seen, so that what is
    /// missing at its very front may be no loss.
    void acknowledge(std::uint64_t number, bool guessed, const OnGap& onGap);
    /// Nothing that comes is looked at any more: there is no telling.
    void giveUp();

    [[nodiscard]] bool gaveUp() const { return gaveUp_; }
    /// One behind the last byte before the first hole.
    [[nodiscard]] std::uint64_t received() const { return received_; }
    /// Bytes from there to the end of the last piece.
    [[nodiscard]] std::uint64_t waiting() const
    {
        return !pieces_ || pieces_->empty() ? 0 : pieces_->back().second - received_;
    }
    /// Whether there is something that was not acknowledged.
    [[nodiscard]] bool holds() const { return held_ > acknowledged_; }
    [[nodiscard]] std::uint64_t acknowledged() const { return acknowledged_; }
    /// How much: as many bytes as a reassembler would have to keep.
    [[nodiscard]] std::uint64_t heldBytes() const { return holds() ? held_ - acknowledged_ : 0; }

private:
    void take();
    void skipTo(std::uint64_t number, const OnGap& onGap);

    std::uint64_t received_ = 1, acknowledged_ = 1;
    std::uint64_t held_ = 1; ///< end of all that came
    bool gaveUp_ = false;
    /// Apart from each other, in order, behind received_; null where there never was one.
    std::unique_ptr<std::vector<std::pair<std::uint64_t, std::uint64_t>>> pieces_;
};

} // namespace packetloom
