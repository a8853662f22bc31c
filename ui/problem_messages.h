// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/input_problem.h"

#include <QString>

namespace packetloom {

/// What is doubtful of an input and what to do about it, for people, in the window's words. Plain text, safe
/// to show.
QString problemMessage(const InputProblem& problem);
/// "seconds"
QString unitWord(TimeUnit unit);

} // namespace packetloom
