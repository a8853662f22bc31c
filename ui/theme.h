// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QIcon>
#include <cstdint>

namespace packetloom {

enum class Theme : std::uint8_t { System, Light, Dark };

/// For all windows of the program, at once.
void applyTheme(Theme theme);
/// What was chosen last; remembered by applyTheme().
Theme rememberedTheme();

/// The program's own, for windows; null where the platform takes it from the program's file (see packaging/).
QIcon applicationIcon();

} // namespace packetloom
