// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_arguments.h"
#include "core/support/result.h"

#include <csignal>

namespace packetloom {

/// Exit statuses of packetloom-cli; part of its interface.
inline constexpr int exitDone = 0, exitFailed = 1, exitUnusable = 2, exitSignalBase = 128;

/// Does what the arguments ask for, reports on standard output and error, and returns the exit status. A
/// signal number that is stored in `signal` meanwhile stops the run.
int runCommandLine(const Arguments& arguments, const volatile std::sig_atomic_t& signal);

} // namespace packetloom
