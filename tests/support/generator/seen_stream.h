// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "tests/support/generator/tcp_simulation.h"

namespace packetloom::generator {

/// Sorts what was captured, gives every packet a time of its own, and completes the marks by what only the
/// capture knows: which bytes it sees for the first time, what it saw acknowledged, what came too late.
/// `openingHidden`: takes away what comes before the first data.
void lookAt(TcpCourse& course, bool openingHidden);

} // namespace packetloom::generator
