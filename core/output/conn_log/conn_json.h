// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/flow_lines.h"

namespace packetloom {

/// One JSON object a line: the fields of conn-log by Zeek's names, and all other figures of ExactFlow
/// (docs/exports.md). What is not known is left out.
extern const FlowLinesFormat connJson;

} // namespace packetloom
