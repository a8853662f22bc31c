// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QWidget>

namespace packetloom {

/// A row of widgets that goes on in further lines where it is narrow. Its height is what that takes, and no
/// matter of the layouts around it: those would ask for more than there must be.
class WrappedRow : public QWidget
{
    Q_OBJECT

public:
    /// `space`: pixels between widgets.
    explicit WrappedRow(int space, QWidget* parent = nullptr);

    void addToRow(QWidget* widget);

protected:
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void fit();

    QWidget* inside_;
};

} // namespace packetloom
