// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/flow_lines.h"

namespace packetloom {

/// Zeek's conn.log as its ASCII writer has it (docs/exports.md). The dates of the first and last line are
/// those of the first and last packet, so that equal flows make equal bytes. A service is never told: it
/// would be a guess by the port.
extern const FlowLinesFormat connLog;

} // namespace packetloom
