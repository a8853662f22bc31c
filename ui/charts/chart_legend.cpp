// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/chart_legend.h"

#include <QPainter>
#include <QPixmap>
#include <QToolButton>

namespace packetloom {
namespace {

constexpr int swatch = 12;

QIcon swatchOf(const QColor& color, bool shown, bool dashed, qreal ratio, const QColor& frame)
{
    QPixmap picture(QSize(swatch, swatch) * ratio);
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    // Not by colour alone: what is hidden is empty, what is dashed has a gap in the middle.
    constexpr double third = swatch / 3.0;
    if (shown && dashed) {
        painter.fillRect(QRectF(0, 0, third, swatch), color);
        painter.fillRect(QRectF(2 * third, 0, third, swatch), color);
    }
    painter.setPen(frame);
    painter.setBrush(shown && !dashed ? QBrush(color) : QBrush(Qt::NoBrush));
    painter.drawRect(QRectF(0.5, 0.5, swatch - 1, swatch - 1));
    return QIcon(picture);
}

} // namespace

ChartLegend::ChartLegend(QWidget* parent) : WrappedRow(2, parent)
{
    setAccessibleName(tr("Parts of the chart"));
}

void ChartLegend::setParts(const QVector<Part>& parts)
{
    if (parts == parts_)
        return;
    const bool same = parts.size() == buttons_.size();
    parts_ = parts;
    if (!same) {
        qDeleteAll(buttons_);
        buttons_.clear();
        for (qsizetype i = 0; i < parts.size(); ++i) {
            auto* const button = new QToolButton;
            button->setCheckable(true);
            button->setAutoRaise(true);
            button->setProperty("plainButton", true); // see WindowStyle
            button->setIconSize({swatch, swatch});
            button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
            button->setFocusPolicy(Qt::StrongFocus);
            connect(button, &QToolButton::clicked, this,
                    [this, i](bool on) { emit toggled(parts_[i].id, on); });
            addToRow(button);
            buttons_ << button;
        }
    }
    for (qsizetype i = 0; i < parts.size(); ++i)
        style(buttons_[i], parts[i]);
    updateGeometry();
}

void ChartLegend::style(QToolButton* button, const Part& part)
{
    button->setText(part.name);
    button->setAccessibleName(part.name);
    button->setChecked(part.shown);
    auto struck = font();
    struck.setStrikeOut(!part.shown);
    button->setFont(struck);
    button->setIcon(swatchOf(part.color, part.shown, part.dashed, devicePixelRatioF(),
                             palette().color(QPalette::WindowText)));
    button->setToolTip(part.shown ? tr("Hide %1 in the chart").arg(part.name)
                                  : tr("%1 is hidden; show it again").arg(part.name));
}

} // namespace packetloom
