// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_console.h"
#include "app/cli_shard_question.h"
#include "core/shard/job.h"
#include "core/support/stop_event.h"

namespace packetloom {

/// All map, reduce and merge tasks that are not done, as processes of this program beside each other. Returns
/// the exit status of the first that failed, or exitDone.
int runTasks(const Job& job, const ShardQuestion& question, bool quiet, const Console& console,
             const StopEvent& stop);

} // namespace packetloom
