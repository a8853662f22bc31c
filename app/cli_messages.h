// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"
#include "core/support/result.h"

#include <string>

namespace packetloom {

/// What went wrong and what to do about it, as one or two sentences for a terminal.
std::string errorText(const Error& error);
std::string warningText(const Warning& warning);
/// Said before a conversion that will hardly fit; bytes.
std::string spaceText(std::uint64_t needed, std::uint64_t available);

} // namespace packetloom
