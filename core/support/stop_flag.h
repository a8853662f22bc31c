// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <atomic>

namespace packetloom {

/// Set by another thread to abandon a query, whose result is then empty. May be null.
using StopFlag = const std::atomic<bool>*;
inline bool stopped(StopFlag stop)
{
    return stop != nullptr && stop->load(std::memory_order_relaxed);
}

} // namespace packetloom
