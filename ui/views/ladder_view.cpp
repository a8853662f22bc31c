// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/ladder_view.h"

#include "ui/charts/chart_accessibility.h"
#include "ui/models/cell.h"
#include "ui/theme.h"
#include "ui/views/ladder_painter.h"
#include "ui/views/packet_words.h"

#include <QAbstractScrollArea>
#include <QApplication>
#include <QClipboard>
#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <QVBoxLayout>
#include <algorithm>

namespace packetloom {

/// What scrolls: the head stays, and of the lines those that are seen are drawn.
class LadderView::Area final : public QAbstractScrollArea
{
public:
    explicit Area(LadderView& view) : view_(view)
    {
        setFocusPolicy(Qt::StrongFocus);
        setFrameShape(QFrame::NoFrame);
        setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        viewport()->setBackgroundRole(QPalette::Base);
        viewport()->setAutoFillBackground(true);
    }

    [[nodiscard]] LadderPainter painter() const
    {
        return {view_.lines_, view_.ends(), font(), palette(), viewport()->width()};
    }
    void linesChanged()
    {
        const auto painter = this->painter();
        verticalScrollBar()->setSingleStep(1);
        verticalScrollBar()->setPageStep(std::max(visible(painter), 1));
        verticalScrollBar()->setRange(0,
                                      std::max(0, static_cast<int>(view_.lines_.size()) - visible(painter)));
        viewport()->update();
    }
    void makeSeen(std::size_t line)
    {
        const int at = static_cast<int>(line), top = verticalScrollBar()->value();
        const int seen = std::max(visible(painter()), 1);
        if (at < top)
            verticalScrollBar()->setValue(at);
        else if (at >= top + seen)
            verticalScrollBar()->setValue(at - seen + 1);
        viewport()->update();
    }
    [[nodiscard]] int page() const { return std::max(visible(painter()) - 1, 1); }
    [[nodiscard]] std::size_t top() const { return static_cast<std::size_t>(verticalScrollBar()->value()); }

protected:
    void paintEvent(QPaintEvent* /*event*/) override
    {
        QPainter painter(viewport());
        const auto draw = this->painter();
        const int width = viewport()->width();
        if (!view_.lines_.trace())
            return;
        const int head = draw.headHeight(), high = draw.lineHeight();
        int y = head;
        for (std::size_t line = top(); line < view_.lines_.size() && y < viewport()->height();
             ++line, y += high)
            draw.paintLine(painter, {0, y, width, high}, line,
                           {.current = view_.current_ == line, .focus = hasFocus()});
        painter.fillRect(0, 0, width, head, palette().color(QPalette::Base));
        draw.paintHead(painter, {0, 0, width, head});
    }
    void resizeEvent(QResizeEvent* /*event*/) override { linesChanged(); }
    void focusInEvent(QFocusEvent* /*event*/) override { viewport()->update(); }
    void focusOutEvent(QFocusEvent* /*event*/) override { viewport()->update(); }
    void changeEvent(QEvent* event) override
    {
        QAbstractScrollArea::changeEvent(event);
        if (event->type() == QEvent::FontChange || event->type() == QEvent::PaletteChange)
            linesChanged();
    }
    void mousePressEvent(QMouseEvent* event) override
    {
        const auto line = lineAt(event->position().toPoint());
        if (event->button() != Qt::LeftButton || !line)
            return;
        view_.moveTo(*line);
        view_.unfold(*line);
    }
    void keyPressEvent(QKeyEvent* event) override
    {
        if (event->matches(QKeySequence::Copy)) {
            if (view_.current_)
                QApplication::clipboard()->setText(view_.lineText(*view_.current_));
            return;
        }
        if (!keyPressed(event->key(), event->modifiers()))
            QAbstractScrollArea::keyPressEvent(event);
    }
    bool viewportEvent(QEvent* event) override
    {
        if (event->type() != QEvent::ToolTip)
            return QAbstractScrollArea::viewportEvent(event);
        const auto* const help = static_cast<QHelpEvent*>(event);
        const auto line = lineAt(help->pos());
        if (line)
            QToolTip::showText(help->globalPos(), plainToolTip(view_.lineText(*line)), viewport());
        else
            QToolTip::hideText();
        return true;
    }

private:
    [[nodiscard]] int visible(const LadderPainter& painter) const
    {
        return (viewport()->height() - painter.headHeight()) / painter.lineHeight();
    }
    [[nodiscard]] std::optional<std::size_t> lineAt(const QPoint& place) const
    {
        const auto draw = painter();
        if (!view_.lines_.trace() || place.y() < draw.headHeight())
            return std::nullopt;
        const std::size_t line =
            top() + static_cast<std::size_t>((place.y() - draw.headHeight()) / draw.lineHeight());
        return line < view_.lines_.size() ? std::optional(line) : std::nullopt;
    }
    bool keyPressed(int key, Qt::KeyboardModifiers modifiers)
    {
        const std::size_t count = view_.lines_.size();
        if (count == 0)
            return false;
        const std::size_t at = view_.current_.value_or(top());
        const bool control = modifiers.testFlag(Qt::ControlModifier);
        const auto by = [&](int step) {
            const auto to = static_cast<qsizetype>(at) + step;
            view_.moveTo(
                static_cast<std::size_t>(std::clamp<qsizetype>(to, 0, static_cast<qsizetype>(count) - 1)));
        };
        switch (key) {
        case Qt::Key_Up:
            control ? view_.moveToTelling(-1) : by(view_.current_ ? -1 : 0);
            return true;
        case Qt::Key_Down:
            control ? view_.moveToTelling(1) : by(view_.current_ ? 1 : 0);
            return true;
        case Qt::Key_PageUp:
            by(-page());
            return true;
        case Qt::Key_PageDown:
            by(page());
            return true;
        case Qt::Key_Home:
            view_.moveTo(0);
            return true;
        case Qt::Key_End:
            view_.moveTo(count - 1);
            return true;
        case Qt::Key_Right:
        case Qt::Key_Return:
        case Qt::Key_Enter:
        case Qt::Key_Space:
            view_.unfold(at);
            return true;
        case Qt::Key_Left:
            view_.foldAround(at);
            return true;
        default:
            return false;
        }
    }

    LadderView& view_;
};

LadderView::LadderView(QWidget* parent) : FlowPart(parent), area_(new Area(*this))
{
    auto* const layout = new QVBoxLayout(this);
    layout->setContentsMargins({});
    layout->addWidget(area_);
    setFocusProxy(area_);
    tellAsChart(area_); // before anybody asks what it is
    area_->setAccessibleName(tr("Ladder of the flow's packets"));
    area_->setAccessibleDescription(
        tr("Up and Down go from packet to packet, with Ctrl to the next one that is no plain data; Right "
           "unfolds packets that are one line, Left folds them."));
}

void LadderView::show(std::shared_ptr<const FlowTrace> trace)
{
    lines_.setTrace(std::move(trace));
    if (!lines_.trace())
        cursor_.reset();
    changed();
}

void LadderView::setCursor(std::uint64_t row)
{
    cursor_ = row;
    findCursor();
    if (current_)
        area_->makeSeen(*current_);
    area_->viewport()->update();
}

void LadderView::findCursor()
{
    current_ = cursor_ ? lines_.lineOfRow(*cursor_) : std::nullopt;
    tellChartValue(area_, current_ ? lineText(*current_) : QString());
}

void LadderView::changed()
{
    findCursor();
    area_->linesChanged();
}

void LadderView::moveTo(std::size_t line)
{
    current_ = line;
    area_->makeSeen(line);
    tellChartValue(area_, lineText(line));
    const LadderLine& there = lines_.lines()[line];
    if (there.last == there.first)
        return; // none of its packets was kept
    cursor_ = lines_.trace()->packets[there.first].row;
    emit cursorMoved(*cursor_);
}

void LadderView::moveToTelling(int step)
{
    const auto count = static_cast<qsizetype>(lines_.size());
    for (auto at = static_cast<qsizetype>(current_.value_or(0)) + step; at >= 0 && at < count; at += step) {
        if (lines_.tells(static_cast<std::size_t>(at)))
            return moveTo(static_cast<std::size_t>(at));
    }
}

void LadderView::unfold(std::size_t line)
{
    if (line >= lines_.size() || !lines_.lines()[line].fold)
        return;
    const LadderLine fold = lines_.lines()[line];
    if (!fold.opens()) {
        // Of very many the first: with more around them they are to be kept one by one.
        constexpr double atOnce = 15'000;
        const auto wide = static_cast<std::uint64_t>(fold.to) - static_cast<std::uint64_t>(fold.from);
        const double share = std::min(1.0, atOnce / static_cast<double>(fold.unkept));
        const auto seen = share < 1 ? static_cast<std::uint64_t>(static_cast<double>(wide) * share) : wide;
        emit intervalWanted(fold.from, static_cast<qint64>(static_cast<std::uint64_t>(fold.from) + seen));
        return;
    }
    lines_.unfold(line);
    changed();
}

void LadderView::foldAround(std::size_t line)
{
    const auto fold = lines_.fold(line);
    if (!fold)
        return;
    area_->linesChanged();
    moveTo(*fold);
}

QString LadderView::lineText(std::size_t line) const
{
    return lineSentence(lines_, line, ends());
}

QSize LadderView::paperSize() const
{
    constexpr int width = 1200;
    constexpr std::size_t mostLines = 60;
    const LadderPainter painter(lines_, ends(), font(), palette(), width);
    return {width, painter.headHeight() +
                       painter.lineHeight() * static_cast<int>(std::min(lines_.size(), mostLines) + 1)};
}

void LadderView::paintTo(QPainter& painter, const QRect& rect)
{
    if (!lines_.trace())
        return;
    const LadderPainter draw(lines_, ends(), font(), paletteOf(Theme::Light), rect.width());
    painter.save();
    painter.setClipRect(rect);
    draw.paintHead(painter, {rect.left(), rect.top(), rect.width(), draw.headHeight()});
    const int high = draw.lineHeight();
    const auto room = static_cast<std::size_t>(std::max(0, (rect.height() - draw.headHeight()) / high));
    std::size_t line = lines_.size() <= room ? 0 : std::min(area_->top(), lines_.size() - room);
    for (int y = rect.top() + draw.headHeight(); line < lines_.size() && y + high <= rect.bottom() + 1;
         ++line, y += high)
        draw.paintLine(painter, {rect.left(), y, rect.width(), high}, line, {});
    painter.restore();
}

} // namespace packetloom
