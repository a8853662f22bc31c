// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/charts/bar_chart.h"

#include "core/support/text_format.h"
#include "ui/charts/chart_accessibility.h"
#include "ui/messages.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QStyle>
#include <algorithm>

namespace packetloom {
namespace {

constexpr int gap = 8;
constexpr int leastBarRoom = 48; // beside the texts
constexpr qsizetype longestLabel = 100;

double whole(const BarChart::Bar& bar)
{
    return static_cast<double>(bar.value) + static_cast<double>(bar.secondValue.value_or(0));
}

} // namespace

BarChart::BarChart(QWidget* parent) : QWidget(parent)
{
    installChartAccessibility();
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    setAccessibleName(tr("Bar chart")); // until its owner says of what
    describe();
}

void BarChart::setBars(QVector<Bar> bars)
{
    bars_ = std::move(bars);
    total_ = longest_ = 0;
    for (auto& bar : bars_) {
        bar.label = bar.label.left(longestLabel);
        total_ += whole(bar);
        longest_ = std::max(longest_, whole(bar));
    }
    current_ = std::min(current_, static_cast<int>(bars_.size()) - 1);
    describe();
    updateGeometry();
    update();
}

int BarChart::rowHeight() const
{
    return fontMetrics().height() + 6;
}

QSize BarChart::sizeHint() const
{
    return {320, rowHeight() * std::max(1, static_cast<int>(bars_.size())) + 4};
}

QSize BarChart::minimumSizeHint() const
{
    return {180, sizeHint().height()};
}

QString BarChart::valueText(const Bar& bar) const
{
    if (!bar.counted)
        return QStringLiteral("–");
    if (bar.secondValue)
        return shownNumber(bar.value) + QStringLiteral(" / ") + shownNumber(*bar.secondValue);
    const double share = total_ > 0 ? static_cast<double>(bar.value) / total_ * 100 : 0;
    return QStringLiteral("%1  %2%").arg(shownNumber(bar.value)).arg(share, 5, 'f', 1);
}

// As it is drawn, but for the spaces that make columns.
QString BarChart::toldOf(const Bar& bar) const
{
    return tr("%1: %2").arg(bar.label, valueText(bar).simplified());
}

void BarChart::moveTo(int index)
{
    current_ = index;
    update();
    if (index >= 0 && index < bars_.size())
        tellChartValue(this, toldOf(bars_[index]));
}

void BarChart::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    if (current_ < 0 && !bars_.isEmpty() && event->reason() != Qt::MouseFocusReason)
        moveTo(0); // so that Return has something to mean
    update();
}

void BarChart::describe()
{
    QStringList parts;
    for (const auto& bar : bars_)
        parts << toldOf(bar);
    setAccessibleDescription(parts.join(QStringLiteral(", ")));
}

void BarChart::paintEvent(QPaintEvent* /*event*/)
{
    QPainter painter(this);
    if (bars_.isEmpty()) {
        painter.setPen(palette().color(QPalette::Disabled, QPalette::Text));
        painter.drawText(rect(), Qt::AlignCenter, tr("Nothing to show"));
        return;
    }
    const auto metrics = fontMetrics();
    int labelWidth = 0, valueWidth = 0;
    for (const auto& bar : bars_) {
        labelWidth = std::max(labelWidth, metrics.horizontalAdvance(bar.label));
        valueWidth = std::max(valueWidth, metrics.horizontalAdvance(valueText(bar)));
    }
    labelWidth += 4; // eliding wants a little more than the text needs
    // Where hardly anything would be left for the bars they lie below the texts, and nothing is cut.
    const bool below = width() - labelWidth - valueWidth - 3 * gap < leastBarRoom;
    labelWidth = std::min(labelWidth, below ? width() - valueWidth - gap : width() / 2);
    const int barLeft = below ? 0 : labelWidth + gap;
    const int barRoom = below ? width() : std::max(10, width() - barLeft - valueWidth - 2 * gap);
    for (int i = 0; i < bars_.size(); ++i) {
        const Bar& bar = bars_[i];
        const QRect row(0, i * rowHeight(), width(), rowHeight());
        if (i == current_ && hasFocus()) {
            auto mark = palette().color(QPalette::Highlight);
            painter.setPen(mark);
            mark.setAlpha(60);
            painter.setBrush(mark);
            painter.drawRect(row.adjusted(0, 0, -1, -1));
        }
        painter.setPen(palette().color(QPalette::WindowText));
        painter.drawText(QRect(0, row.top(), labelWidth, row.height()),
                         int(Qt::AlignVCenter) | int(below ? Qt::AlignLeft : Qt::AlignRight),
                         metrics.elidedText(bar.label, Qt::ElideMiddle, labelWidth));
        const auto lengthOf = [&](double value) {
            return longest_ > 0 && value > 0 ? std::max(1, static_cast<int>(value / longest_ * barRoom)) : 0;
        };
        const int first = lengthOf(static_cast<double>(bar.value));
        const int both = lengthOf(whole(bar));
        const QColor color = bar.color.isValid() ? bar.color : palette().color(QPalette::Highlight);
        const int height = below ? 3 : row.height() - 6;
        const int top = below ? row.bottom() - height : row.top() + 3;
        painter.fillRect(barLeft, top, first, height, color);
        if (both > first) { // hatched, so that colour alone does not tell the two apart
            painter.fillRect(barLeft + first, top, both - first, height, QBrush(color, Qt::Dense4Pattern));
        }
        painter.drawText(QRect(width() - valueWidth - (below ? 0 : gap), row.top(), valueWidth, row.height()),
                         Qt::AlignVCenter | Qt::AlignRight, valueText(bar));
    }
}

void BarChart::mouseReleaseEvent(QMouseEvent* event)
{
    const int index = static_cast<int>(event->position().y()) / rowHeight();
    if (event->button() != Qt::LeftButton || event->position().y() < 0 || index >= bars_.size())
        return;
    moveTo(index);
    emit activated(index);
}

void BarChart::keyPressEvent(QKeyEvent* event)
{
    const int last = static_cast<int>(bars_.size()) - 1;
    if (event->key() == Qt::Key_Down)
        moveTo(std::min(current_ + 1, last));
    else if (event->key() == Qt::Key_Up)
        moveTo(std::max(current_ - 1, std::min(0, last)));
    else if (event->key() == Qt::Key_Home && last >= 0)
        moveTo(0);
    else if (event->key() == Qt::Key_End)
        moveTo(last);
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && current_ >= 0)
        emit activated(current_);
    else
        QWidget::keyPressEvent(event);
}

} // namespace packetloom
