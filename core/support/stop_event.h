// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/stop_flag.h"

#include <atomic>

namespace packetloom {

/// A request to stop that also wakes who is blocked: in reading a pipe to which nobody writes, or in writing
/// to one from which nobody reads. Once made it stands. Whoever is given one keeps no longer than the call,
/// or the object, that it was given to.
class StopEvent
{
public:
    StopEvent();
    StopEvent(const StopEvent&) = delete;
    StopEvent& operator=(const StopEvent&) = delete;
    ~StopEvent();

    /// From any thread, and from a signal's handler.
    void request() noexcept;
    [[nodiscard]] bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }
    /// For what asks without knowing more: becomes true with the request. Valid as long as this.
    [[nodiscard]] StopFlag flag() const noexcept { return &requested_; }
    /// Becomes readable with the request, and stays so, for poll(). -1 where there is none (Windows, or no
    /// descriptor is left): then requested() must be asked every now and then.
    [[nodiscard]] int descriptor() const noexcept { return ends_[0]; }

private:
    std::atomic<bool> requested_{false};
    int ends_[2] = {-1, -1}; ///< of a pipe
};
static_assert(std::atomic<bool>::is_always_lock_free); // else no signal handler could set it

/// Whether there was a request; `stop` may be null.
inline bool stopRequested(const StopEvent* stop) noexcept
{
    return stop && stop->requested();
}

/// Waits until an open file can be read (or written, or is at its end or broken), or there is a request:
/// false then. `stop` may be null. On Windows only pipes are waited for.
bool waitReadable(int descriptor, const StopEvent* stop);
/// After a request it still looks once, so that what can be written at once still may be.
bool waitWritable(int descriptor, const StopEvent* stop);

} // namespace packetloom
