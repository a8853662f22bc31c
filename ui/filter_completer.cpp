// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/filter_completer.h"

#include "ui/filter_messages.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QKeyEvent>
#include <QLineEdit>
#include <QStandardItemModel>
#include <algorithm>

namespace packetloom {
namespace {

constexpr int textRole = Qt::UserRole;
constexpr std::size_t mostOffered = 60;

QString shownCandidate(const FilterCandidate& candidate)
{
    const auto text = QString::fromStdString(candidate.text);
    const auto meaning = filterCandidateMeaning(candidate);
    return meaning.isEmpty() ? text
                             : text + QStringLiteral("   ") + QChar(0x2013) + QLatin1Char(' ') + meaning;
}

} // namespace

FilterCompleter::FilterCompleter(QLineEdit* line, FilterSubject subject)
    : QObject(line), line_(line), subject_(subject)
{
    model_ = new QStandardItemModel(this);
    completer_ = new QCompleter(model_, this);
    completer_->setWidget(line);
    completer_->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    completer_->setMaxVisibleItems(12);
    completer_->popup()->setAccessibleName(tr("What may stand here"));
    completer_->popup()->setObjectName(QStringLiteral("filterCompletion"));
    line->installEventFilter(this);
    completer_->popup()->installEventFilter(this); // before the completer's own
    connect(line, &QLineEdit::textEdited, this, [this] { offer(false); });
    connect(completer_, qOverload<const QModelIndex&>(&QCompleter::activated), this,
            [this](const QModelIndex& index) { take(index.data(textRole).toString()); });
}

bool FilterCompleter::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == line_ && event->type() == QEvent::KeyPress) {
        const auto* const key = static_cast<const QKeyEvent*>(event);
        if (key->key() == Qt::Key_Space && key->modifiers() == Qt::ControlModifier) {
            offer(true);
            return true;
        }
    }
    // The line would take Tab for a wish to leave it.
    if (watched == completer_->popup() && event->type() == QEvent::KeyPress &&
        static_cast<const QKeyEvent*>(event)->key() == Qt::Key_Tab) {
        const auto chosen = completer_->popup()->currentIndex();
        const auto text = (chosen.isValid() ? chosen : model_->index(0, 0)).data(textRole).toString();
        completer_->popup()->hide();
        take(text);
        return true;
    }
    return QObject::eventFilter(watched, event);
}

void FilterCompleter::offer(bool always)
{
    const auto text = line_->text().toStdString();
    const auto cursor = line_->text().left(line_->cursorPosition()).toUtf8().size();
    completion_ = completeFilter(text, std::size_t(cursor), subject_, addresses_);
    auto& candidates = completion_.candidates;
    if (candidates.size() > mostOffered)
        candidates.resize(mostOffered);
    const bool begun = completion_.position < std::size_t(cursor);
    if (candidates.empty() || !(begun || always)) {
        completer_->popup()->hide();
        return;
    }
    model_->clear();
    for (const auto& candidate : candidates) {
        auto* const item = new QStandardItem(shownCandidate(candidate));
        item->setData(QString::fromStdString(candidate.text), textRole);
        item->setEditable(false);
        model_->appendRow(item);
    }
    auto* const popup = completer_->popup();
    auto place = line_->rect();
    place.setWidth(std::max(place.width(), popup->sizeHintForColumn(0) + 40));
    completer_->complete(place);
    popup->setCurrentIndex({}); // Enter is the line's own until something is chosen
}

void FilterCompleter::take(const QString& text)
{
    const auto bytes = line_->text().toUtf8();
    const auto from = QString::fromUtf8(bytes.left(qsizetype(completion_.position))).size();
    const auto to =
        QString::fromUtf8(bytes.left(qsizetype(completion_.position + completion_.length))).size();
    const bool openEnd = text.endsWith(QLatin1Char('(')) || text.endsWith(QLatin1Char('{'));
    line_->setSelection(int(from), int(to - from));
    line_->insert(openEnd ? text : text + QLatin1Char(' ')); // undo takes it back at once
}

} // namespace packetloom
