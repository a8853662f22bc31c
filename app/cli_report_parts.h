// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/run_result.h"

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string_view>
#include <vector>

namespace packetloom {

// What all reports for people say with the same words.

/// The filter, rows, packets, addresses and the time, a line each.
void readText(std::ostream& out, const RunTotals& totals, std::uint64_t packets, std::string_view filter);
/// What is to be said of the inputs, if anything: what is not all in, checksums, what is no packet.
void inputsText(std::ostream& out, const RunTotals& totals, const std::vector<std::filesystem::path>& inputs);

} // namespace packetloom
