// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_arguments.h"
#include "core/support/stop_event.h"

namespace packetloom {

/// Exit statuses of packetloom-cli; part of its interface.
inline constexpr int exitDone = 0, exitFailed = 1, exitUnusable = 2, exitSignalBase = 128;

/// Does what the arguments ask for, reports on standard output and error, and returns the exit status. A
/// request of `stop` ends the run, whatever it waits for; the status is that of the signal behind it.
int runCommandLine(const Arguments& arguments, const StopEvent& stop);

} // namespace packetloom
