// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/progress.h"

#include "core/support/process_memory.h"

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds interval{40}, betweenMemoryChecks{1};
constexpr std::uint64_t muchAtOnce = std::uint64_t{1} << 20;

} // namespace

ProgressMeter::ProgressMeter(const Heartbeat& heartbeat, std::uint64_t memoryLimit)
    : heartbeat_(heartbeat), memoryLimit_(memoryLimit > 0 ? memoryLimit : usableMemoryBytes() / 10 * 9)
{
}

bool ProgressMeter::tick(std::uint64_t coming)
{
    if (stopped_)
        return false;
    const auto now = std::chrono::steady_clock::now();
    if (coming >= muchAtOnce || now - memoryChecked_ >= betweenMemoryChecks) {
        memoryChecked_ = now;
        checkMemory(coming);
    }
    return !stopped_ && now - last_ >= interval ? beat() : !stopped_;
}

bool ProgressMeter::beat()
{
    last_ = std::chrono::steady_clock::now();
    if (!stopped_ && heartbeat_ && !heartbeat_(progress_))
        stopped_ = true;
    return !stopped_;
}

// The process as a whole is what the user's limit is about, so the system is asked.
void ProgressMeter::checkMemory(std::uint64_t coming)
{
    if (memoryLimit_ > 0 && residentBytes() + coming > memoryLimit_)
        stopped_ = memoryFull_ = true;
}

Error ProgressMeter::reason(Error error) const
{
    if (error.code != Errc::Cancelled || !memoryFull_)
        return error;
    return Error{.code = Errc::MemoryLimit,
                 .detail = {},
                 .file = {},
                 .byte = memoryLimit_,
                 .stage = error.stage,
                 .facts = MemoryTakers{progress_.addresses, progress_.openFlows}};
}

} // namespace packetloom
