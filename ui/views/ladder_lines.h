// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"

#include <QSet>
#include <QString>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// A line of a ladder: a packet, or packets in a row of which none tells anything.
struct LadderLine
{
    std::size_t first = 0, last = 0; ///< into FlowTrace::packets, `last` is behind them; of a packet one
    bool fold = false;
    std::uint64_t unkept = 0; ///< packets of a fold that the trace did not keep one by one
    std::int64_t from = 0, to = 0;
    std::array<std::uint64_t, 2> packets{}; ///< by ExactFlow::originator and responder; as far as folded
    std::array<std::uint64_t, 2> payload{}; ///< bytes
    std::uint64_t retransmissions = 0, repeated = 0; ///< of those that were not kept; duplicate ACKs

    /// There is something to unfold.
    [[nodiscard]] bool opens() const { return fold && last > first; }
    [[nodiscard]] std::uint64_t count() const { return packets[0] + packets[1]; }
};

/// The lines of a trace, in order: many packets in a row that mean nothing each are one line, which can be
/// unfolded as far as the trace kept them.
class LadderLines
{
public:
    /// So many packets in a row are not folded.
    static constexpr std::size_t leftOpen = 8;

    void setTrace(std::shared_ptr<const FlowTrace> trace);
    [[nodiscard]] const FlowTrace* trace() const { return trace_.get(); }
    [[nodiscard]] const std::vector<LadderLine>& lines() const { return lines_; }
    [[nodiscard]] std::size_t size() const { return lines_.size(); }

    /// Shows the packets of a fold one by one.
    void unfold(std::size_t line);
    /// The fold that the packet of this line came out of is one line again; which. Nothing where it is none.
    std::optional<std::size_t> fold(std::size_t line);
    /// The line that has this packet, by TracedPacket::row.
    [[nodiscard]] std::optional<std::size_t> lineOfRow(std::uint64_t row) const;
    /// Whether a line would never be folded.
    [[nodiscard]] bool tells(std::size_t line) const;
    /// The first packet of its phase.
    [[nodiscard]] bool beginsPhase(std::size_t packet) const;

private:
    [[nodiscard]] bool isPlain(std::size_t packet) const;
    void build();
    void addRun(std::size_t first, std::size_t last);
    void addPackets(std::size_t first, std::size_t last);
    [[nodiscard]] LadderLine folded(std::size_t first, std::size_t last, bool unkeptAtEnd) const;
    void addUnkept(LadderLine& line, const FoldedPackets& folded) const;
    [[nodiscard]] const FoldedPackets* unkeptBefore(std::size_t packet) const;

    std::shared_ptr<const FlowTrace> trace_;
    std::vector<LadderLine> lines_;
    QSet<std::size_t> unfolded_; ///< LadderLine::first of folds
};

} // namespace packetloom
