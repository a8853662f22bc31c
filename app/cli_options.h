// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/option_table.h"

#include <CLI/CLI.hpp>
#include <initializer_list>
#include <string_view>

namespace packetloom {

inline constexpr const char* inputGroup = "Input";
inline constexpr const char* outputGroup = "Output";
inline constexpr const char* filterGroup = "Filters";
inline constexpr const char* flowGroup = "Flows";
inline constexpr const char* exactGroup = "Exact engine (seconds)";
inline constexpr const char* resourceGroup = "Resources";

/// Adds the options of the table that are of these groups, or every one, with its help, to the command line:
/// but for those that the command line has as its own: parsing sets it in `options`, which must outlive that.
/// A number must be a decimal 64-bit integer within its bounds; of a repeated option the last one counts.
void addOptions(CLI::App& app, Options& options, std::initializer_list<std::string_view> groups = {});

} // namespace packetloom
