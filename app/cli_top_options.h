// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_top_question.h"

#include <CLI/CLI.hpp>

namespace packetloom {

/// After parsing: what of these does not go together is a CLI::ParseError.
void checkTop(const CLI::App& app, TopQuestion& question);

/// The options that only `top` has. Their values go to `question`, which must outlive the app; what is wrong
/// with one is a CLI::ParseError.
void addTopOptions(CLI::App& app, TopQuestion& question);

} // namespace packetloom
