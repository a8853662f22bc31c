// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/flow_export_question.h"
#include "core/run/options.h"

#include <QString>

namespace packetloom {

/// The packetloom-cli line that makes the same dataset, quoted for a POSIX shell. `folder` may be empty.
/// Empty where no line can: the inputs are read in different ways, apart from their IP maps.
QString commandLine(const Options& options, const std::filesystem::path& folder);
/// The same of a file of flows: a line of packetloom-cli export.
QString exportCommandLine(const Options& options, const FlowExportQuestion& question);

} // namespace packetloom
