// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/ui/window_driver.h"

#include "core/support/path_text.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QSettings>
#include <QTabWidget>
#include <QTest>
#include <QUrl>

namespace packetloom::test {

void WindowDriver::useSettingsOfItsOwn(const QString& name)
{
    QApplication::setOrganizationName(QStringLiteral("PacketloomTest"));
    QApplication::setApplicationName(name);
    static const TestFolder settings;
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope,
                       QString::fromStdString(pathText(settings.path())));
}

WindowDriver::WindowDriver() : session_(window_)
{
    QObject::connect(&session_.jobs(), &Jobs::analyzed, &window_,
                     [this](const AnalysisPtr& analysis) { analysis_ = analysis; });
    window_.show();
    if (!QTest::qWaitForWindowExposed(&window_))
        qFatal("the window is not shown");
}

QAction* WindowDriver::action(const QString& text) const
{
    for (auto* const action : window_.findChildren<QAction*>()) {
        if (action->text().remove(QLatin1Char('&')) == text)
            return action;
    }
    qFatal("no action is called %s", qPrintable(text));
}

void WindowDriver::press(const QString& text) const
{
    for (auto* const button : window_.findChildren<QAbstractButton*>()) {
        if (button->text() == text && button->isVisibleTo(&window_)) {
            QTest::mouseClick(button, Qt::LeftButton);
            return;
        }
    }
    qFatal("no button is called %s", qPrintable(text));
}

bool WindowDriver::shows(const QString& text) const
{
    for (const auto* const label : window_.findChildren<QLabel*>()) {
        if (label->text() == text && label->isVisibleTo(&window_))
            return true;
    }
    return false;
}

void WindowDriver::showPage(const QString& name)
{
    auto* const tabs = window_.findChild<QTabWidget*>();
    for (int i = 0; i < tabs->count(); ++i) {
        if (tabs->widget(i)->objectName() == name)
            return tabs->setCurrentIndex(i);
    }
    qFatal("no page is called %s", qPrintable(name));
}

void WindowDriver::drop(const std::vector<std::filesystem::path>& paths)
{
    QMimeData data;
    QList<QUrl> urls;
    for (const auto& path : paths)
        urls << QUrl::fromLocalFile(QString::fromStdString(pathText(path)));
    data.setUrls(urls);
    QDragEnterEvent enter(QPoint(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window_, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(400, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(&window_, &event);
}

bool WindowDriver::analyze()
{
    forget();
    if (!action("Analyze")->isEnabled())
        return false;
    action("Analyze")->trigger();
    return QTest::qWaitFor([this] { return analysis_ != nullptr; }, patience);
}

QStringList WindowDriver::table(const QString& accessibleName) const
{
    const auto* const model = named<QAbstractItemView>(accessibleName)->model();
    QStringList lines;
    for (int row = 0; row < model->rowCount(); ++row) {
        QStringList cells;
        for (int column = 0; column < model->columnCount(); ++column)
            cells << model->index(row, column).data().toString();
        lines << cells.join(QLatin1Char('|'));
    }
    return lines;
}

} // namespace packetloom::test
