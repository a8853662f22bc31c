// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture_facts.h"
#include "core/input/csv/csv_sniffer.h"

namespace packetloom {

/// Reads the first rows of a table as a run would and adds to `facts` what they are and what is doubtful of
/// them. `spec` is what was said of the table: what somebody said is not doubted.
void inspectTable(const SniffedTable& table, const InputSpec& spec, CaptureFacts& facts);

} // namespace packetloom
