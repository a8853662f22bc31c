// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <string>

namespace packetloom {

/// Why a job of packetloom-cli shard cannot be gone on with (Errc::Job), and what to do about it, without the
/// file's name.
std::string jobTroubleText(const Error& error);

} // namespace packetloom
