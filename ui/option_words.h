// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/option_table.h"

#include <QString>

namespace packetloom {

/// What the window calls an option, translated.
QString optionLabel(OptionId id);
/// What it does, for a tooltip; empty for an option without a field of its own.
QString optionTip(OptionId id);

} // namespace packetloom
