// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_completion.h"

#include <QObject>

class QCompleter;
class QLineEdit;
class QStandardItemModel;

namespace packetloom {

/// Offers, below a line, what may stand where one writes a filter, each with what it means. Down and Up
/// choose, Enter takes what is chosen and Tab that or the first, Esc closes; Ctrl+Space opens it where
/// nothing was written yet.
class FilterCompleter final : public QObject
{
    Q_OBJECT

public:
    /// Belongs to the line.
    FilterCompleter(QLineEdit* line, FilterSubject subject);

    /// Who knows addresses; nobody at first.
    void setAddresses(AddressesBeginning addresses) { addresses_ = std::move(addresses); }

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    /// `always`: also where no word is begun.
    void offer(bool always);
    void take(const QString& text);

    QLineEdit* line_;
    FilterSubject subject_;
    QCompleter* completer_;
    QStandardItemModel* model_;
    AddressesBeginning addresses_;
    FilterCompletion completion_; ///< what is offered
};

} // namespace packetloom
