// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <QString>

namespace packetloom {

/// Why a job for a cluster cannot be gone on with (Errc::Job), and what to do about it, in the window's
/// words, without the file's name. Plain text, safe to show.
QString jobTroubleMessage(const Error& error);

} // namespace packetloom
