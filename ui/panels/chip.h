// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QFrame>
#include <QString>

class QLabel;
class QMenu;

namespace packetloom {

/// One thing that narrows what is seen: its text, and an x that takes it away.
class Chip final : public QFrame
{
    Q_OBJECT

public:
    /// `text` may come from a capture; the chip shows as much of it as there is room for.
    explicit Chip(const QString& text, QWidget* parent = nullptr);

    [[nodiscard]] const QString& text() const { return text_; }
    [[nodiscard]] QSize sizeHint() const override;

signals:
    void removeWanted();
    /// To add actions of the owner's to the context menu.
    void menuWanted(QMenu* menu);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void contextMenuEvent(QContextMenuEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QString text_;
    QLabel* label_;
};

} // namespace packetloom
