// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/flow_trace.h"

namespace packetloom {

/// Adds packets, in the order of time, up to slices of one width.
class TraceSlices
{
public:
    /// About so many from `from` to `to`, both inclusive.
    TraceSlices(std::int64_t from, std::int64_t to, std::size_t slices);

    void add(const Packet& packet, const SegmentVerdict& verdict);
    /// Adds something to what was acknowledged of a side so far.
    void shift(std::size_t side, std::int64_t by);
    [[nodiscard]] std::int64_t width() const { return width_; }
    /// By side, those in which something happened.
    [[nodiscard]] std::array<std::vector<TraceSlice>, 2> take() && { return std::move(slices_); }

private:
    TraceSlice& at(std::size_t side, std::int64_t time);

    std::int64_t from_, width_;
    std::array<std::vector<TraceSlice>, 2> slices_;
};

} // namespace packetloom
