// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/convert/progress.h"

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds interval{40};

} // namespace

bool ProgressMeter::tick()
{
    if (!stopped_ && std::chrono::steady_clock::now() - last_ >= interval)
        return beat();
    return !stopped_;
}

bool ProgressMeter::beat()
{
    last_ = std::chrono::steady_clock::now();
    if (!stopped_ && heartbeat_ && !heartbeat_(progress_))
        stopped_ = true;
    return !stopped_;
}

} // namespace packetloom
