// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/progress_board.h"

namespace packetloom {

void ProgressBoard::post(const Progress& progress)
{
    constexpr std::chrono::milliseconds betweenCopies{200};
    const auto now = Clock::now();
    std::shared_ptr<const Timeline> copy;
    if (progress.timeline && now - copied_ >= betweenCopies) {
        copied_ = now;
        copy = std::make_shared<const Timeline>(*progress.timeline);
    }
    const std::lock_guard lock(mutex_);
    latest_.counters = progress;
    latest_.counters.timeline = nullptr;
    latest_.counters.tally = nullptr;
    latest_.seconds = std::chrono::duration<double>(now - begin_).count();
    if (progress.tally)
        latest_.tally = *progress.tally;
    if (copy)
        latest_.timeline = std::move(copy);
}

LiveProgress ProgressBoard::latest() const
{
    const std::lock_guard lock(mutex_);
    return latest_;
}

} // namespace packetloom
