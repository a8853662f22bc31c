// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/dataset/manifest.h"
#include "core/support/buffered_writer.h"

#include <string>

namespace packetloom {

void writeManifest(const Manifest& manifest, BufferedWriter& out);
/// "2026-01-31T23:59:59.123456", as Python's datetime.now().isoformat().
std::string localTimestamp();

} // namespace packetloom
