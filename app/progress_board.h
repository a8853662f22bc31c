// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/run/progress.h"

#include <chrono>
#include <memory>
#include <mutex>

namespace packetloom {

/// A moment of a running job, safe to keep.
struct LiveProgress
{
    Progress counters;                        ///< its pointers are null
    double seconds = 0;                       ///< since the job began
    std::shared_ptr<const Timeline> timeline; ///< packets so far by PacketClass; null where the job has none
    FlowTally tally;
    /// The first flows that were judged, at most mostFlows; null before there are any. Only flows and
    /// addresses are in it.
    std::shared_ptr<const Analysis> firstFlows;
};

/// Where the worker leaves the latest progress and the event loop finds it; nothing queues up between them.
class ProgressBoard
{
public:
    static constexpr std::size_t mostFlows = 1000;

    /// In the worker's thread. Copies the timeline a few times a second at most.
    void post(const Progress& progress);
    /// In any thread.
    [[nodiscard]] LiveProgress latest() const;

private:
    using Clock = std::chrono::steady_clock;
    mutable std::mutex mutex_;
    LiveProgress latest_;
    Clock::time_point begin_ = Clock::now();
    // The worker's alone.
    Clock::time_point copied_{};
    std::size_t flowsCopied_ = 0;
};

} // namespace packetloom
