// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/story_view.h"

#include "ui/theme.h"
#include "ui/views/packet_words.h"
#include "ui/views/story_words.h"

#include <QApplication>
#include <QClipboard>
#include <QKeyEvent>
#include <QListWidget>
#include <QPainter>
#include <QScopedValueRollback>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace packetloom {
namespace {

constexpr int paperWidth = 900, paperGap = 4;

/// Draws a sentence with all of its lines: the list's own way elides the last one at some widths.
class SentenceDelegate final : public QStyledItemDelegate
{
public:
    explicit SentenceDelegate(QListView* list) : QStyledItemDelegate(list), list_(list) {}

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem item = option;
        initStyleOption(&item, index);
        const int wide = list_->viewport()->width() - 2 * (list_->spacing() + side);
        const QRect room(0, 0, std::max(wide, 1), 1'000'000);
        return {room.width() + 2 * side,
                QFontMetrics(item.font).boundingRect(room, Qt::TextWordWrap, item.text).height()};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem item = option;
        initStyleOption(&item, index);
        const QString text = std::exchange(item.text, QString());
        const QStyle& style = *list_->style();
        style.drawControl(QStyle::CE_ItemViewItem, &item, painter, list_); // the ground and the focus
        const auto group = !list_->isEnabled()                        ? QPalette::Disabled
                           : (item.state & QStyle::State_Active) != 0 ? QPalette::Active
                                                                      : QPalette::Inactive;
        const bool chosen = (item.state & QStyle::State_Selected) != 0;
        painter->save();
        painter->setFont(item.font);
        painter->setPen(item.palette.color(group, chosen ? QPalette::HighlightedText : QPalette::Text));
        painter->drawText(option.rect.adjusted(side, 0, -side, 0), Qt::TextWordWrap, text);
        painter->restore();
    }

private:
    static constexpr int side = 3; ///< pixels beside the text

    QListView* list_;
};

QFont fontOf(const StoryFact& fact, QFont font)
{
    font.setBold(fact.reason != InvalidReason::None);
    return font;
}

} // namespace

StoryView::StoryView(QWidget* parent) : FlowPart(parent), list_(new QListWidget)
{
    list_->setWordWrap(true);
    list_->setItemDelegate(new SentenceDelegate(list_));
    list_->setResizeMode(QListView::Adjust);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    list_->setSelectionMode(QAbstractItemView::ExtendedSelection);
    list_->setFrameShape(QFrame::NoFrame);
    list_->setSpacing(2);
    list_->setAccessibleName(tr("What happened to the flow"));
    list_->installEventFilter(this);
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(list_);
    setFocusProxy(list_);
    connect(list_, &QListWidget::currentRowChanged, this, &StoryView::lineChosen);
    connect(list_, &QListWidget::itemClicked, this,
            [this](QListWidgetItem* item) { lineChosen(list_->row(item)); });
}

void StoryView::show(std::shared_ptr<const FlowTrace> trace)
{
    const QScopedValueRollback follows(moving_, true);
    trace_ = std::move(trace);
    list_->clear();
    if (!trace_) {
        cursor_.reset();
        return;
    }
    const QStringList lines = sentences();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        auto* const item = new QListWidgetItem(lines[i], list_);
        item->setFont(fontOf(trace_->story[static_cast<std::size_t>(i)], list_->font()));
    }
    if (cursor_)
        setCursor(*cursor_);
}

QStringList StoryView::sentences() const
{
    QStringList lines;
    if (!trace_)
        return lines;
    for (const StoryFact& fact : trace_->story)
        lines +=
            tr("%1 s  %2")
                .arg(secondsText(static_cast<std::int64_t>(static_cast<std::uint64_t>(fact.time) -
                                                           static_cast<std::uint64_t>(trace_->flow.start))),
                     storySentence(fact, *trace_, ends()));
    return lines;
}

void StoryView::setCursor(std::uint64_t row)
{
    const QScopedValueRollback follows(moving_, true);
    cursor_ = row;
    if (!trace_)
        return;
    const auto& story = trace_->story;
    // Where several facts are about one packet the chosen one stays.
    const int now = list_->currentRow();
    if (now >= 0 && story[static_cast<std::size_t>(now)].row == row)
        return;
    const auto found =
        std::find_if(story.begin(), story.end(), [&](const StoryFact& fact) { return fact.row == row; });
    if (found == story.end()) {
        list_->clearSelection();
        return;
    }
    list_->setCurrentRow(static_cast<int>(found - story.begin()));
}

void StoryView::lineChosen(int line)
{
    if (moving_ || !trace_ || line < 0)
        return;
    const auto& row = trace_->story[static_cast<std::size_t>(line)].row;
    if (!row || row == cursor_)
        return;
    cursor_ = row;
    emit cursorMoved(*row);
}

bool StoryView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == list_ && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->matches(QKeySequence::Copy)) {
        copy();
        return true;
    }
    return FlowPart::eventFilter(watched, event);
}

// Those that are chosen, in their order.
void StoryView::copy() const
{
    QStringList lines;
    for (int i = 0; i < list_->count(); ++i) {
        if (list_->item(i)->isSelected())
            lines += list_->item(i)->text();
    }
    QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

QSize StoryView::paperSize() const
{
    int high = paperGap;
    const QStringList lines = sentences();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QFontMetrics metrics(fontOf(trace_->story[static_cast<std::size_t>(i)], font()));
        high +=
            metrics.boundingRect(QRect(0, 0, paperWidth, 1'000'000), Qt::TextWordWrap, lines[i]).height() +
            paperGap;
    }
    return {paperWidth, high};
}

void StoryView::paintTo(QPainter& painter, const QRect& rect)
{
    painter.save();
    painter.setClipRect(rect);
    painter.setPen(paletteOf(Theme::Light).color(QPalette::Text));
    int y = rect.top();
    const QStringList lines = sentences();
    for (qsizetype i = 0; i < lines.size(); ++i) {
        painter.setFont(fontOf(trace_->story[static_cast<std::size_t>(i)], font()));
        QRect used;
        painter.drawText(QRect(rect.left(), y, rect.width(), rect.bottom() - y + 1), Qt::TextWordWrap,
                         lines[i], &used);
        y = used.bottom() + paperGap;
        if (y >= rect.bottom())
            break;
    }
    painter.restore();
}

} // namespace packetloom
