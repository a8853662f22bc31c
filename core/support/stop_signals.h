// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/stop_event.h"

namespace packetloom {

/// From now on a signal that would end the program (hanging up, Ctrl+C, a request to end, the end of the CPU
/// time that is allowed, ...) is a request to stop; however many come, the first counts. SIGHUP stays ignored
/// where it was (nohup). A closed pipe and a file that gets too large (SIGPIPE, SIGXFSZ) become the errors of
/// the write. For a program's beginning, before it has threads: signals belong to the whole process. `stop`
/// must live as long as that.
void catchStopSignals(StopEvent& stop);
/// The number of the first that came; 0 for none.
int caughtStopSignal() noexcept;

} // namespace packetloom
