// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/main_window.h"

#include <QTest>

using namespace packetloom;

class MainWindowTest : public QObject
{
    Q_OBJECT

private slots:
    void opens();
};

void MainWindowTest::opens()
{
    MainWindow window;
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    QCOMPARE(window.windowTitle(), QStringLiteral("Packetloom"));
}

QTEST_MAIN(MainWindowTest)
#include "main_window_test.moc"
