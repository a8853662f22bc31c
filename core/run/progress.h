// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <chrono>
#include <cstdint>
#include <functional>

namespace packetloom {

class AddressTable;
class FlowTable;
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
    bool flowsCount = true;  ///< they are those that will be shown
    std::uint64_t openFlows = 0;
    std::uint64_t addresses = 0; ///< different ones so far
    std::uint64_t rejected = 0;
    /// When the dataset will hardly fit where it is written: about what it needs, and what is free, in bytes.
    std::uint64_t spaceNeeded = 0;
    std::uint64_t spaceAvailable = 0;
    /// What has been counted so far, by PacketClass; only with Depth::Flows, and only during the call.
    const Timeline* timeline = nullptr;
    const FlowTally* tally = nullptr;
    const FlowTable* flowTable = nullptr; ///< those that are judged
    const AddressTable* addressTable = nullptr;
};

/// Called about 25 times a second from the thread that works; false = stop.
using Heartbeat = std::function<bool(const Progress&)>;

/// Calls the heartbeat when it is time, and sees to it that the process stays within its memory: the only
/// place of the engine that looks at a clock. Whatever works asks it, reading or not, so that no more than
/// what a millisecond and one task on each thread take comes on top of the limit.
class ProgressMeter
{
public:
    /// `memoryLimit`: see Options.
    explicit ProgressMeter(const Heartbeat& heartbeat, std::uint64_t memoryLimit = 0);

    Progress& progress() { return progress_; }
    /// False once the heartbeat asked to stop, or the process takes more memory than it may, or would with
    /// `coming` bytes more, which are about to be taken at once. Cheap enough for every flow and every few
    /// hundred rows.
    bool tick(std::uint64_t coming = 0);
    /// The heartbeat whatever the time.
    bool beat();
    /// Why a run ended that this stopped: an error Cancelled becomes MemoryLimit where that was it.
    [[nodiscard]] Error reason(Error error) const;
    template <class T>
    [[nodiscard]] Result<T> reason(Result<T> result) const
    {
        return result ? std::move(result) : Result<T>(reason(std::move(result).error()));
    }

private:
    void checkMemory(std::uint64_t coming);

    const Heartbeat& heartbeat_;
    const std::uint64_t memoryLimit_; ///< 0 when the system does not say how much there is
    Progress progress_;
    std::chrono::steady_clock::time_point last_{}, memoryChecked_{};
    bool stopped_ = false;
    bool memoryFull_ = false;
};

} // namespace packetloom
