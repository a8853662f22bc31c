// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/panels/flow_delegate.h"

#include "core/analysis/flow_query.h"
#include "ui/charts/flow_colors.h"
#include "ui/models/flow_table_model.h"

#include <QApplication>
#include <QPainter>
#include <array>
#include <utility>

namespace packetloom {
namespace {

constexpr int gap = 6;

// The viewers' colours of the phases: blue, green, orange.
constexpr std::array<std::pair<FlowTable::Mark, PacketClass>, 3> phases{
    {{FlowTable::Established, PacketClass::Syn},
     {FlowTable::DataTransferred, PacketClass::Push},
     {FlowTable::Closing, PacketClass::Fin}}};

void paintOutcome(QPainter* painter, QStyleOptionViewItem option, FlowOutcome outcome)
{
    const int side = option.fontMetrics.ascent() - 1;
    const QRect mark(option.rect.left() + gap, option.rect.center().y() - side / 2, side, side);
    const auto* const style = option.widget ? option.widget->style() : QApplication::style();
    auto background = option;
    background.text.clear();
    style->drawControl(QStyle::CE_ItemViewItem, &background, painter, option.widget);
    painter->fillRect(mark, flowOutcomeColor(outcome, isDark(option.palette)));
    option.rect.setLeft(mark.right());
    option.backgroundBrush = Qt::NoBrush;
    const auto role =
        option.state.testFlag(QStyle::State_Selected) ? QPalette::HighlightedText : QPalette::Text;
    const QRect room = option.rect.adjusted(gap, 0, -gap, 0);
    painter->setPen(option.palette.color(
        option.state.testFlag(QStyle::State_Active) ? QPalette::Active : QPalette::Inactive, role));
    painter->setFont(option.font);
    painter->drawText(room, Qt::AlignVCenter | Qt::AlignLeft,
                      option.fontMetrics.elidedText(option.text, Qt::ElideRight, room.width()));
}

void paintPhases(QPainter* painter, QStyleOptionViewItem option, int marks)
{
    const auto* const style = option.widget ? option.widget->style() : QApplication::style();
    option.text.clear();
    style->drawControl(QStyle::CE_ItemViewItem, &option, painter, option.widget);
    const int high = option.fontMetrics.ascent() - 2, wide = high + 4;
    const bool dark = isDark(option.palette);
    const bool selected = option.state.testFlag(QStyle::State_Selected);
    QRect box(option.rect.left() + gap, option.rect.center().y() - high / 2, wide, high);
    for (const auto& [mark, colour] : phases) {
        if (marks & mark)
            painter->fillRect(box, packetClassColor(colour, dark));
        painter->setPen(option.palette.color(selected ? QPalette::HighlightedText : QPalette::Mid));
        painter->drawRect(box.adjusted(0, 0, -1, -1));
        box.translate(wide + 2, 0);
    }
}

} // namespace

void FlowDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                         const QModelIndex& index) const
{
    const auto column = static_cast<FlowColumn>(index.column());
    const auto phases = index.data(FlowTableModel::PhasesRole);
    if (column != FlowColumn::CloseType && (column != FlowColumn::Phases || !phases.isValid())) {
        QStyledItemDelegate::paint(painter, option, index);
        return;
    }
    QStyleOptionViewItem prepared = option;
    initStyleOption(&prepared, index);
    painter->save();
    if (column == FlowColumn::CloseType)
        paintOutcome(painter, prepared,
                     static_cast<FlowOutcome>(index.data(FlowTableModel::OutcomeRole).toInt()));
    else
        paintPhases(painter, prepared, phases.toInt());
    painter->restore();
}

} // namespace packetloom
