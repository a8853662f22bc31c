// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/convert/analysis.h"
#include "core/convert/options.h"
#include "core/convert/progress.h"

#include <memory>

namespace packetloom {

/// Everything that convert() would count, without writing anything (but a nameless temporary file where
/// timestamps do not fit in memory). Errors as for convert().
Result<std::shared_ptr<const Analysis>> analyze(const Options& options, const Heartbeat& heartbeat);

} // namespace packetloom
