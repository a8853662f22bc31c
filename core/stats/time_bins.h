// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/stats/timestamp_store.h"

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace packetloom {

/// One of the equal parts that the time span of a capture is cut into.
struct TimeBin
{
    std::int64_t start = 0; ///< microseconds since the epoch, truncated
    std::int64_t end = 0;
    std::uint64_t packets = 0;

    friend bool operator==(const TimeBin&, const TimeBin&) = default;
};

inline constexpr int referenceBinCount = 100;

/// The borders of `count` bins over [minimum, maximum], in IEEE doubles exactly as the reference computes
/// them: bin i holds start_i <= t < start_(i+1), where an integer time and a double are compared exactly. So
/// the newest packets are usually in no bin.
class BinBorders
{
public:
    BinBorders(std::int64_t minimum, std::int64_t maximum, int count);

    /// Index of the bin that holds `timestamp`, which must not lie before the minimum; the bin count where
    /// none does.
    [[nodiscard]] std::size_t binOf(std::int64_t timestamp) const;
    [[nodiscard]] std::size_t size() const { return starts_.size() - 1; }
    /// Start and end of bin i; no packets yet.
    [[nodiscard]] TimeBin bin(std::size_t i) const;

private:
    [[nodiscard]] bool reaches(std::int64_t timestamp, std::size_t start) const;

    std::int64_t minimum_;
    double width_;
    std::vector<double> starts_;            ///< one more than bins: the last bin's end
    std::vector<std::int64_t> firstInside_; ///< the smallest integer time at or behind each start
};

/// The reference's bins: none without timestamps, one where they are all equal, else 100. `goOn` is asked now
/// and then; false ends with Cancelled.
Result<std::vector<TimeBin>> referenceBins(const TimestampStore& timestamps,
                                           const std::function<bool()>& goOn);

} // namespace packetloom
