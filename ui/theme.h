// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QColor>
#include <QIcon>
#include <QPalette>
#include <cstdint>

namespace packetloom {

enum class Theme : std::uint8_t { System, Light, Dark };

/// For all windows of the program, at once.
void applyTheme(Theme theme);
/// The colours of a theme; of Theme::System what the desktop gave, made readable.
QPalette paletteOf(Theme theme);
/// How well two colours can be told apart, 1 to 21 (WCAG 2.1, relative luminance).
double contrastRatio(const QColor& one, const QColor& other);
/// `color`, or as little as possible of the way from it to `towards` that it stands out against `background`.
QColor readable(const QColor& color, const QColor& towards, const QColor& background, double contrast);
/// What was chosen last; remembered by applyTheme().
Theme rememberedTheme();

/// The program's own, for windows; null where the platform takes it from the program's file (see packaging/).
QIcon applicationIcon();

} // namespace packetloom
