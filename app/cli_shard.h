// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_arguments.h"
#include "app/cli_console.h"
#include "core/support/stop_event.h"

namespace packetloom {

/// Does what `arguments.shard` asks for, and returns the exit status.
int runShard(const Arguments& arguments, const Console& console, const StopEvent& stop);

} // namespace packetloom
