// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/input_format.h"

namespace packetloom {

/// See InputFormat.
bool recogniseCsv(std::string_view head);
Result<void> inspectCsv(InputBytes bytes, CaptureFacts& facts);
Result<std::unique_ptr<OpenedInput>> openCsv(InputBytes bytes);

/// Captures as comma-separated values (docs/reading.md). Any text is read as such, and
/// may be found to have no header.
inline constexpr InputFormat csvFormat{"csv", recogniseCsv, inspectCsv, openCsv};

} // namespace packetloom
