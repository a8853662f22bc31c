// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/generator.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom::generator {

/// The shapes of traffic that measurements are made with, "default" first.
std::vector<std::string> shapeNames();

/// The options that make a shape; nothing for a name that is none. Meant for 10 million rows: with far fewer,
/// the largest numbers of conversations at a time are not reached.
std::optional<GeneratorOptions> shapeOptions(std::string_view name);

} // namespace packetloom::generator
