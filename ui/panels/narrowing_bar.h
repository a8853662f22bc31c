// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/narrowing.h"
#include "core/model/address_table.h"

#include <QJsonObject>
#include <QStringList>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>
#include <utility>

class QLabel;
class QLineEdit;
class QMenu;
class QToolButton;

namespace packetloom {

class Chip;
class FilterCompleter;

/// What of an analysis is seen, on all pages: a line for a filter, and a chip for everything else that
/// narrows: an interval, and what was clicked. What the line says is one condition more, not another one's
/// end. Everything in it is a text of the filter language (docs/filters.md).
class NarrowingBar final : public QWidget
{
    Q_OBJECT

public:
    using Interval = std::optional<std::pair<qint64, qint64>>; ///< microseconds since the epoch, inclusive

    explicit NarrowingBar(QWidget* parent = nullptr);

    [[nodiscard]] Narrowing narrowing() const;
    /// All filters as one text; empty for none.
    [[nodiscard]] QString filterText() const;
    [[nodiscard]] const Interval& interval() const { return interval_; }

    void setInterval(const Interval& interval);
    /// One chip more; a text that is no filter, or is there already, changes nothing.
    void addFilter(const QString& text);
    /// In place of what the line says.
    void setLine(const QString& text);
    void focusLine();
    /// Everything is seen again.
    void clear();
    /// Offered while one types; null for none.
    void setAddresses(std::shared_ptr<const AddressTable> addresses);
    /// What is left, in words.
    void setCount(const QString& text);
    /// What was not read in the first place, in words; empty for nothing.
    void setAsAnalyzed(const QString& text);

    /// For a session file.
    [[nodiscard]] QJsonObject viewState() const;
    void setViewState(const QJsonObject& state);

signals:
    /// narrowing() may be another now.
    void changed();
    /// What narrows is to decide what is read.
    void captureFilterWanted(const QString& filter, const packetloom::NarrowingBar::Interval& interval);
    /// Everything is to be read.
    void wholeCaptureWanted();

private:
    /// A text that is understood, and what it was understood as.
    struct Filter
    {
        QString text;
        FilterExpression expression;
    };

    void readLine();
    void removeFilter(const QString& text);
    void showChips();
    void addMenu(QMenu* menu, const QString& filter);
    Chip* addChip(const QString& text);

    QTimer typed_; ///< a moment of rest before the pages follow the typing
    QLineEdit* line_;
    FilterCompleter* completer_;
    QLabel* count_;
    QLabel* problem_;
    QWidget* row_;
    QToolButton* use_;
    QToolButton* clear_;
    QList<Chip*> chips_;
    Interval interval_;
    std::optional<Filter> fromLine_; ///< that holds; another than the line's text while that is wrong
    QList<Filter> filters_;
    QString asAnalyzed_;
};

} // namespace packetloom
