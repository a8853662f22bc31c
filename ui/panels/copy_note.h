// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/models/copy_rows.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QPushButton;

namespace packetloom {

/// What a RowCopier is at, over the lower edge of its table, with a button that cancels; only where it takes
/// long enough to be noticed, or did not come to its end. What was copied goes to the clipboard.
class CopyNote final : public QFrame
{
    Q_OBJECT

public:
    /// `copier` must outlive it.
    CopyNote(RowCopier& copier, QWidget* table);

    /// After the table has another size.
    void place();

private:
    void say(const QString& text, bool cancels);

    RowCopier& copier_;
    QLabel* text_;
    QPushButton* cancel_;
    QTimer away_; ///< when it has been read
};

} // namespace packetloom
