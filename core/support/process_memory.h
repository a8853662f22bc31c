// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>

namespace packetloom {

/// Resident memory of this process in bytes; 0 where the system does not say.
std::uint64_t residentBytes();

/// Memory of the machine in bytes; 0 where the system does not say.
std::uint64_t physicalMemoryBytes();

} // namespace packetloom
