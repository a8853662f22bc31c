// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_arguments.h"

#include <string>
#include <vector>

namespace packetloom {

/// The words behind `shard`. See parseArguments().
ParsedArguments parseShard(std::vector<std::string> words);

} // namespace packetloom
