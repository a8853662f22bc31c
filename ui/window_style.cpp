// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/window_style.h"

#include "ui/icons.h"
#include "ui/theme.h"

#include <QAbstractScrollArea>
#include <QPainter>
#include <QStyleOption>

namespace packetloom {
namespace {

constexpr const char* plainProperty = "plainButton";
constexpr double controlContrast = 3.7; // more than is asked for: edges are smoothed

/// The outline of a control; a ring of two pixels where it has the keyboard.
void outline(const QStyleOption* option, QPainter* painter, double radius, bool round = false)
{
    const bool enabled = (option->state & QStyle::State_Enabled) != 0;
    const bool focus = enabled && (option->state & QStyle::State_HasFocus) != 0;
    QColor color = focus ? WindowStyle::ring(option->palette) : WindowStyle::edge(option->palette);
    if (!enabled)
        color.setAlpha(110);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, focus ? 2 : 1));
    painter->setBrush(Qt::NoBrush);
    const double inset = focus ? 1 : 0.5;
    const QRectF rect = QRectF(option->rect).adjusted(inset, inset, -inset, -inset);
    if (round)
        painter->drawEllipse(rect);
    else
        painter->drawRoundedRect(rect, radius, radius);
    painter->restore();
}

void drawCheck(const QStyleOption* option, QPainter* painter)
{
    QRectF rect = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool enabled = (option->state & QStyle::State_Enabled) != 0;
    const bool on = (option->state & QStyle::State_On) != 0;
    const bool partly = (option->state & QStyle::State_NoChange) != 0;
    const QPalette& palette = option->palette;
    QColor edge = WindowStyle::edge(palette);
    if (!enabled)
        edge.setAlpha(110);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    const bool filled = (on || partly) && enabled;
    painter->setPen(filled ? WindowStyle::ring(palette) : edge);
    painter->setBrush(filled ? palette.color(QPalette::Highlight) : palette.color(QPalette::Base));
    painter->drawRoundedRect(rect, 2, 2);
    const QColor tick = palette.color(enabled ? QPalette::HighlightedText : QPalette::Text);
    painter->setPen(QPen(tick, std::max(1.6, rect.width() / 7), Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    const auto at = [&](double x, double y) {
        return QPointF(rect.x() + rect.width() * x, rect.y() + rect.height() * y);
    };
    if (on)
        painter->drawPolyline(QPolygonF{at(0.22, 0.52), at(0.42, 0.72), at(0.78, 0.28)});
    else if (partly)
        painter->drawLine(at(0.25, 0.5), at(0.75, 0.5));
    painter->restore();
}

void drawRadio(const QStyleOption* option, QPainter* painter)
{
    const QRectF rect = QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5);
    const bool enabled = (option->state & QStyle::State_Enabled) != 0;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(option->palette.color(QPalette::Base));
    painter->drawEllipse(rect);
    painter->restore();
    outline(option, painter, 0, true);
    if ((option->state & QStyle::State_On) == 0)
        return;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(option->palette.color(enabled ? QPalette::Highlight : QPalette::Text));
    painter->drawEllipse(rect.center(), rect.width() / 4, rect.height() / 4);
    painter->restore();
}

} // namespace

WindowStyle::WindowStyle() : QProxyStyle(QStringLiteral("Fusion")) {}

// From the window's colour towards that of its text, as far as is needed.
QColor WindowStyle::edge(const QPalette& palette)
{
    return readable(palette.color(QPalette::Window), palette.color(QPalette::WindowText),
                    palette.color(QPalette::Window), controlContrast);
}

QColor WindowStyle::ring(const QPalette& palette)
{
    return readable(palette.color(QPalette::Highlight), palette.color(QPalette::WindowText),
                    palette.color(QPalette::Window), controlContrast);
}

void WindowStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                                const QWidget* widget) const
{
    constexpr double radius = 2;
    switch (element) {
    case PE_IndicatorCheckBox:
    case PE_IndicatorItemViewItemCheck:
        drawCheck(option, painter);
        return;
    case PE_IndicatorRadioButton:
        drawRadio(option, painter);
        return;
    case PE_FrameLineEdit:
    case PE_PanelButtonCommand:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        outline(option, painter, radius);
        return;
    case PE_Frame:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        if (qobject_cast<const QAbstractScrollArea*>(widget)) // lists, tables, texts
            outline(option, painter, 0);
        return;
    case PE_PanelButtonTool: {
        // Of many small ones in a row, all pressed, only what is pointed at is a button to the eye.
        if (widget && widget->property(plainProperty).toBool() &&
            (option->state & (State_HasFocus | State_MouseOver)) == 0)
            return;
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        const bool flat = (option->state & State_AutoRaise) != 0 &&
                          (option->state & (State_HasFocus | State_Raised | State_Sunken | State_On)) == 0;
        if (!flat)
            outline(option, painter, radius);
        return;
    }
    case PE_FrameFocusRect: {
        QStyleOption ring(*option);
        ring.state |= State_HasFocus | State_Enabled;
        outline(&ring, painter, radius);
        return;
    }
    default:
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

QIcon WindowStyle::standardIcon(StandardPixmap picture, const QStyleOption* option,
                                const QWidget* widget) const
{
    if (picture == SP_ToolBarHorizontalExtensionButton)
        return symbolIcon(Symbol::More);
    return QProxyStyle::standardIcon(picture, option, widget);
}

void WindowStyle::drawComplexControl(ComplexControl control, const QStyleOptionComplex* option,
                                     QPainter* painter, const QWidget* widget) const
{
    QProxyStyle::drawComplexControl(control, option, painter, widget);
    if (control == CC_ComboBox || control == CC_SpinBox)
        outline(option, painter, 2);
}

} // namespace packetloom
