// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/run_result.h"

namespace packetloom {

void RunTotals::noteNothingKept()
{
    if (rows.kept == 0)
        warnings.push_back({Warning::Kind::NothingKept, {}});
}

} // namespace packetloom
