// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QWidget>

class QTextBrowser;

namespace packetloom {

/// The user manual in a window of its own. Its links open its own pages and nothing else.
class ManualWindow final : public QWidget
{
    Q_OBJECT

public:
    explicit ManualWindow(QWidget* parent);

private:
    QTextBrowser* text_;
};

} // namespace packetloom
