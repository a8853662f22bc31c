// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// packetloom: the desktop program.

#include "core/support/version.h"
#include "ui/main_window.h"

#include <QApplication>

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    QApplication::setOrganizationName(QStringLiteral("Packetloom"));
    QApplication::setApplicationName(QStringLiteral("Packetloom"));
    QApplication::setApplicationVersion(QStringLiteral(PACKETLOOM_VERSION));
    packetloom::MainWindow window;
    window.show();
    return QApplication::exec();
}
