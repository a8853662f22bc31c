// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

namespace packetloom {

struct FlowTally;
class Timeline;

enum class Phase : std::uint8_t {
    Reading,
    OpenFlows, ///< the input is read; flows that are still open are judged and written
    Finishing, ///< statistics, bins, manifest
};

struct Progress
{
    Phase phase = Phase::Reading;
    std::uint64_t bytesDone = 0;  ///< of the input on disk (compressed ones for gzip), or of the spool
    std::uint64_t bytesTotal = 0; ///< 0 when unknown (a pipe)
    std::uint64_t rows = 0;
    std::uint64_t packets = 0;
    std::uint64_t flows = 0; ///< opened so far
    std::uint64_t openFlows = 0;
    std::uint64_t rejected = 0;
    /// When the dataset will hardly fit where it is written: about what it needs, and what is free, in bytes.
    std::uint64_t spaceNeeded = 0;
    std::uint64_t spaceAvailable = 0;
    /// What has been counted so far, by PacketClass; only with Depth::Flows, and only during the call.
    const Timeline* timeline = nullptr;
    const FlowTally* tally = nullptr;
};

/// Called about 25 times a second from the thread that works; false = stop.
using Heartbeat = std::function<bool(const Progress&)>;

/// Calls the heartbeat when it is time. The only place of the engine that looks at a clock.
class ProgressMeter
{
public:
    explicit ProgressMeter(const Heartbeat& heartbeat) : heartbeat_(heartbeat) {}

    Progress& progress() { return progress_; }
    /// False once the heartbeat asked to stop. Cheap enough for every flow and every few hundred rows.
    bool tick();
    /// The heartbeat whatever the time.
    bool beat();

private:
    const Heartbeat& heartbeat_;
    Progress progress_;
    std::chrono::steady_clock::time_point last_{};
    bool stopped_ = false;
};

} // namespace packetloom
