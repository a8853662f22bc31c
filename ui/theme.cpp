// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/theme.h"

#include <QApplication>
#include <QPalette>
#include <QSettings>
#include <QStyle>
#include <QStyleFactory>
#ifdef PACKETLOOM_WITH_SVG
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>
#endif

namespace packetloom {
namespace {

const auto settingsKey = QStringLiteral("window/theme");

QPalette darkPalette()
{
    QPalette palette;
    const QColor window(0x2b, 0x2d, 0x30), base(0x1e, 0x1f, 0x22), text(0xdf, 0xe1, 0xe5),
        dim(0x85, 0x88, 0x8d);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, QColor(0x25, 0x27, 0x2a));
    palette.setColor(QPalette::ToolTipBase, window);
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, dim);
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, QColor(0x3a, 0x3d, 0x41));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x6c, 0xb4, 0xee));
    palette.setColor(QPalette::Highlight, QColor(0x2f, 0x7f, 0xbf));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        palette.setColor(QPalette::Disabled, role, dim);
    return palette;
}

} // namespace

void applyTheme(Theme theme)
{
    // Of the styles that are always there only Fusion draws any palette.
    static const QString systemStyle = QApplication::style()->objectName();
    static const QPalette systemPalette = QApplication::palette();
    QSettings().setValue(settingsKey, static_cast<int>(theme));
    if (theme == Theme::System) {
        QApplication::setStyle(systemStyle);
        QApplication::setPalette(systemPalette);
        return;
    }
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(theme == Theme::Dark ? darkPalette() : QApplication::style()->standardPalette());
}

Theme rememberedTheme()
{
    const int value = QSettings().value(settingsKey).toInt();
    return value == static_cast<int>(Theme::Dark)    ? Theme::Dark
           : value == static_cast<int>(Theme::Light) ? Theme::Light
                                                     : Theme::System;
}

QIcon applicationIcon()
{
    QIcon icon;
#ifdef PACKETLOOM_WITH_SVG
    QSvgRenderer drawing(QStringLiteral(":/icons/packetloom.svg"));
    for (const int size : {16, 24, 32, 48, 64, 128, 256}) {
        QPixmap picture(size, size);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        drawing.render(&painter);
        icon.addPixmap(picture);
    }
#endif
    return icon;
}

} // namespace packetloom
