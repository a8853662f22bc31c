// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/conversion_summary.h"
#include "core/run/options.h"
#include "core/run/progress.h"
#include "core/support/stop_event.h"

#include <filesystem>

namespace packetloom {

/// Makes the dataset `folder` from the inputs (docs/README.md). It appears complete or not at all: on an
/// error and after a cancel the folder is what it was before. An error's stage says whether anything had been
/// written. The heartbeat cannot be asked while an input keeps the run waiting; a request of `stop` ends that
/// too.
Result<ConversionSummary> convert(const Options& options, const std::filesystem::path& folder,
                                  const Heartbeat& heartbeat, const StopEvent* stop = nullptr);

} // namespace packetloom
