// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/flow_packets_view.h"

#include "ui/panels/table_view.h"
#include "ui/theme.h"
#include "ui/views/traced_packet_model.h"

#include <QHeaderView>
#include <QPainter>
#include <QScopedValueRollback>
#include <QVBoxLayout>

namespace packetloom {
namespace {

const QStringList& samples()
{
    static const QStringList texts{QStringLiteral("100,000"),
                                   QStringLiteral("2009-11-03 13:23:35.000042 UTC"),
                                   QStringLiteral("99.000000 s"),
                                   QStringLiteral("0.000000 s"),
                                   QStringLiteral("→ 255.255.255.255:65535"),
                                   QStringLiteral("ACK+FIN+PSH"),
                                   QStringLiteral("10,000,000"),
                                   QStringLiteral("10,000,000"),
                                   QStringLiteral("65,535"),
                                   QStringLiteral("65,535"),
                                   QStringLiteral("1,000,000"),
                                   QStringLiteral("data transfer"),
                                   QStringLiteral("data transfer; spurious retransmission"),
                                   QStringLiteral("4,294,967,295"),
                                   QStringLiteral("4,294,967,295")};
    return texts;
}

/// The others are a click on the header away.
const QStringList& keyColumns()
{
    static const QStringList names{
        QStringLiteral("number"),  QStringLiteral("since_start"),    QStringLiteral("step"),
        QStringLiteral("from"),    QStringLiteral("flags"),          QStringLiteral("sequence"),
        QStringLiteral("payload"), QStringLiteral("acknowledgment"), QStringLiteral("window"),
        QStringLiteral("meaning"), QStringLiteral("phase"),          QStringLiteral("length"),
        QStringLiteral("time")};
    return names;
}

} // namespace

FlowPacketsView::FlowPacketsView(QWidget* parent)
    : FlowPart(parent),
      model_(new TracedPacketModel(this)),
      table_(new TableView(QStringLiteral("flow_packets")))
{
    table_->setModel(model_);
    table_->setAccessibleName(tr("Packets of the chosen flow"));
    table_->setSortingEnabled(true);
    table_->sortByColumn(-1, Qt::AscendingOrder);
    table_->restoreColumns(samples(), keyColumns());
    connect(model_, &QAbstractItemModel::modelReset, this, [this] { // sorted anew, after the view heard of it
        if (cursor_ && !moving_)
            goTo(*cursor_);
    });
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(table_);
    setFocusProxy(table_);
    connect(table_->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
            [this](const QModelIndex& index) {
                const auto row = model_->rowAt(index.row());
                if (moving_ || !row)
                    return;
                cursor_ = row;
                emit cursorMoved(*row);
            });
}

void FlowPacketsView::show(std::shared_ptr<const FlowTrace> trace)
{
    if (!trace)
        cursor_.reset();
    {
        const QScopedValueRollback follows(moving_, true);
        model_->setTrace(std::move(trace), ends());
    }
    if (cursor_)
        goTo(*cursor_);
}

void FlowPacketsView::setCursor(std::uint64_t row)
{
    cursor_ = row;
    goTo(row);
}

void FlowPacketsView::goTo(std::uint64_t row)
{
    const QScopedValueRollback follows(moving_, true);
    const int at = model_->indexOf(row);
    if (at < 0) {
        table_->clearSelection();
        table_->setCurrentIndex({});
        return;
    }
    const int column = table_->currentIndex().isValid() ? table_->currentIndex().column()
                                                        : table_->horizontalHeader()->logicalIndex(0);
    table_->selectRow(at);
    table_->setCurrentIndex(model_->index(at, column));
    table_->scrollTo(table_->currentIndex());
}

void FlowPacketsView::paintTo(QPainter& painter, const QRect& rect)
{
    const QPalette colours = paletteOf(Theme::Light);
    const QFontMetrics metrics(font());
    constexpr int gap = 6;
    const int high = metrics.height() + gap;
    painter.save();
    painter.setClipRect(rect);
    painter.setFont(font());
    painter.setPen(colours.color(QPalette::Text));
    const auto* const header = table_->horizontalHeader();
    const int first = std::max(table_->rowAt(0), 0);
    int x = rect.left();
    for (int at = 0; at < header->count() && x < rect.right(); ++at) {
        const int column = header->logicalIndex(at);
        if (header->isSectionHidden(column))
            continue;
        const int wide = header->sectionSize(column);
        const auto draw = [&](int y, const QString& text) {
            const QRect room(x + gap / 2, y, wide - gap, high);
            const auto side = model_->headerData(column, Qt::Horizontal, Qt::TextAlignmentRole).toInt();
            painter.drawText(room, side, metrics.elidedText(text, Qt::ElideRight, room.width()));
        };
        draw(rect.top(), model_->headerData(column, Qt::Horizontal).toString());
        for (int row = first, y = rect.top() + high;
             row < model_->rowCount() && y + high <= rect.bottom() + 1; ++row, y += high)
            draw(y, model_->index(row, column).data().toString());
        x += wide;
    }
    painter.setPen(colours.color(QPalette::Mid));
    painter.drawLine(rect.left(), rect.top() + high - 1, rect.right(), rect.top() + high - 1);
    painter.restore();
}

void FlowPacketsView::saveColumns() const
{
    table_->saveColumns();
}

} // namespace packetloom
