// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <filesystem>

namespace packetloom {

/// Resident memory of this process in bytes; 0 where the system does not say.
std::uint64_t residentBytes();

/// Memory of the machine in bytes; 0 where the system does not say.
std::uint64_t physicalMemoryBytes();

/// The least memory, in bytes, that Linux's control groups (version 2 or 1) leave to this process: that of
/// its group and of all groups around it. 0 without a limit. `root` is where /proc and /sys are.
std::uint64_t controlGroupMemoryBytes(const std::filesystem::path& root);

/// Memory that this process can have at all: the machine's, or less in a control group. 0 where the system
/// does not say.
std::uint64_t usableMemoryBytes();

} // namespace packetloom
