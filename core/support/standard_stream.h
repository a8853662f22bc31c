// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/stop_event.h"

#include <cstdint>
#include <string_view>

namespace packetloom {

enum class StandardStream : std::uint8_t { Output, Error };
enum class Written : std::uint8_t {
    All,
    Failed,
    Stopped, ///< nobody took it before the request to stop
};

/// Past the buffers of <cstdio>, so that a program can stop while nobody takes what it writes.
Written writeStandard(StandardStream stream, std::string_view text, const StopEvent& stop);

/// Standard streams that a program was started without become dead ends; else the next files that it opens
/// would take their places, and what is meant for people would be written into them. For the very beginning.
void holdStandardStreams();

} // namespace packetloom
