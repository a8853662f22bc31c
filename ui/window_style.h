// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QProxyStyle>

namespace packetloom {

/// Qt's Fusion with edges that can be seen: it draws the outlines of boxes, fields and buttons a little
/// darker than the window, which on a dark one is next to nothing, and hardly enough on a light one
/// (WCAG 2.1, 1.4.11 asks for 3:1).
class WindowStyle final : public QProxyStyle
{
    Q_OBJECT

public:
    WindowStyle();

    /// Buttons with the property "plainButton" have edges only where they are pointed at or have the
    /// keyboard.
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
    void drawComplexControl(ComplexControl control, const QStyleOptionComplex* option, QPainter* painter,
                            const QWidget* widget) const override;
    /// Qt's own arrow of a toolbar that is too short is black in every theme.
    QIcon standardIcon(StandardPixmap picture, const QStyleOption* option,
                       const QWidget* widget) const override;
    /// Of a box, a field or a button in such a palette.
    static QColor edge(const QPalette& palette);
    /// The same where it has the keyboard.
    static QColor ring(const QPalette& palette);
};

} // namespace packetloom
