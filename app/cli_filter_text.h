// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_parser.h"

#include <string>
#include <string_view>

namespace packetloom {

/// What is wrong about the text of a filter and what was expected, in a sentence; then the text, with the
/// place marked below it. Safe for a terminal.
std::string filterProblemText(std::string_view filter, const FilterProblem& problem);

} // namespace packetloom
