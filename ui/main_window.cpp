// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/main_window.h"

#include <QLabel>

namespace packetloom {

MainWindow::MainWindow(QWidget* parent) : QMainWindow(parent)
{
    setWindowTitle(tr("Packetloom"));
    resize(1100, 720);
    auto* const notice = new QLabel(
        tr("Converting and previewing in the window is not built yet. Use packetloom-cli; see its --help."));
    notice->setAlignment(Qt::AlignCenter);
    notice->setWordWrap(true);
    setCentralWidget(notice);
}

} // namespace packetloom
