// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/theme.h"

#include "ui/window_style.h"

#include <QApplication>
#include <QSettings>
#include <QStyle>
#ifdef PACKETLOOM_WITH_SVG
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>
#endif
#include <algorithm>
#include <cmath>

namespace packetloom {
namespace {

const auto settingsKey = QStringLiteral("window/theme");

constexpr double textContrast = 4.5, controlContrast = 3; // WCAG 2.1, 1.4.3 and 1.4.11, AA

QPalette darkPalette()
{
    QPalette palette;
    const QColor window(0x2b, 0x2d, 0x30), base(0x1e, 0x1f, 0x22), text(0xe3, 0xe5, 0xe8);
    palette.setColor(QPalette::Window, window);
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, base);
    palette.setColor(QPalette::AlternateBase, QColor(0x26, 0x28, 0x2b));
    palette.setColor(QPalette::ToolTipBase, QColor(0x3a, 0x3d, 0x41));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, QColor(0x9a, 0x9d, 0xa2));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, QColor(0x3a, 0x3d, 0x41));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x7a, 0xbd, 0xf2));
    palette.setColor(QPalette::LinkVisited, QColor(0xc2, 0xa8, 0xf0));
    palette.setColor(QPalette::Highlight, QColor(0x2b, 0x75, 0xb3));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Light, QColor(0x4a, 0x4d, 0x52));
    palette.setColor(QPalette::Midlight, QColor(0x42, 0x45, 0x49));
    palette.setColor(QPalette::Mid, QColor(0x24, 0x26, 0x29));
    palette.setColor(QPalette::Dark, QColor(0x1c, 0x1d, 0x20));
    palette.setColor(QPalette::Shadow, QColor(0x12, 0x13, 0x15));
    return palette;
}

QPalette lightPalette()
{
    QPalette palette;
    const QColor text(0x1c, 0x1e, 0x21);
    palette.setColor(QPalette::Window, QColor(0xf2, 0xf3, 0xf5));
    palette.setColor(QPalette::WindowText, text);
    palette.setColor(QPalette::Base, Qt::white);
    palette.setColor(QPalette::AlternateBase, QColor(0xf5, 0xf7, 0xfa));
    palette.setColor(QPalette::ToolTipBase, QColor(0xff, 0xff, 0xe1));
    palette.setColor(QPalette::ToolTipText, text);
    palette.setColor(QPalette::PlaceholderText, QColor(0x66, 0x6a, 0x70));
    palette.setColor(QPalette::Text, text);
    palette.setColor(QPalette::Button, QColor(0xf5, 0xf6, 0xf8));
    palette.setColor(QPalette::ButtonText, text);
    palette.setColor(QPalette::BrightText, Qt::white);
    palette.setColor(QPalette::Link, QColor(0x0b, 0x5c, 0xa8));
    palette.setColor(QPalette::LinkVisited, QColor(0x6a, 0x3d, 0x9a));
    palette.setColor(QPalette::Highlight, QColor(0x1a, 0x6c, 0xb0));
    palette.setColor(QPalette::HighlightedText, Qt::white);
    palette.setColor(QPalette::Light, Qt::white);
    palette.setColor(QPalette::Midlight, QColor(0xe8, 0xea, 0xed));
    palette.setColor(QPalette::Mid, QColor(0xb8, 0xbb, 0xc0));
    palette.setColor(QPalette::Dark, QColor(0x9c, 0xa0, 0xa6));
    palette.setColor(QPalette::Shadow, QColor(0x70, 0x74, 0x7a));
    return palette;
}

/// Quiet text stays quiet, but not beyond reading; nor does what is not available just now.
QPalette madeReadable(QPalette palette)
{
    const auto text = palette.color(QPalette::Active, QPalette::Text);
    const auto base = palette.color(QPalette::Active, QPalette::Base);
    const auto window = palette.color(QPalette::Active, QPalette::Window);
    auto quiet = palette.color(QPalette::Active, QPalette::PlaceholderText);
    if (quiet.alpha() < 255) { // as it comes out on the base
        const int part = quiet.alpha();
        const auto over = [part](int above, int below) {
            return (above * part + below * (255 - part)) / 255;
        };
        quiet = QColor(over(quiet.red(), base.red()), over(quiet.green(), base.green()),
                       over(quiet.blue(), base.blue()));
    }
    const auto chosenText = palette.color(QPalette::Active, QPalette::HighlightedText);
    palette.setColor(QPalette::Highlight, readable(palette.color(QPalette::Active, QPalette::Highlight),
                                                   chosenText.lightness() > 128 ? Qt::black : Qt::white,
                                                   chosenText, textContrast));
    quiet = readable(quiet, text, base, textContrast);
    palette.setColor(QPalette::PlaceholderText, readable(quiet, text, window, textContrast));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
        const auto normal = palette.color(QPalette::Active, role);
        palette.setColor(QPalette::Disabled, role, readable(window, normal, window, controlContrast + 0.2));
    }
    return palette;
}

/// Of the styles that are always there only Fusion draws any palette.
bool isFusion(const QString& style)
{
    return style.compare(QLatin1String("fusion"), Qt::CaseInsensitive) == 0;
}

} // namespace

double contrastRatio(const QColor& one, const QColor& other)
{
    const auto luminance = [](const QColor& color) {
        const auto linear = [](int of255) {
            const double part = of255 / 255.0;
            return part <= 0.03928 ? part / 12.92 : std::pow((part + 0.055) / 1.055, 2.4);
        };
        return 0.2126 * linear(color.red()) + 0.7152 * linear(color.green()) + 0.0722 * linear(color.blue());
    };
    const auto [dark, light] = std::minmax({luminance(one), luminance(other)});
    return (light + 0.05) / (dark + 0.05);
}

QColor readable(const QColor& color, const QColor& towards, const QColor& background, double contrast)
{
    constexpr int steps = 64;
    QColor mixed = color;
    for (int i = 1; i <= steps && contrastRatio(mixed, background) < contrast; ++i) {
        const auto mix = [&](int from, int to) { return from + (to - from) * i / steps; };
        mixed = QColor(mix(color.red(), towards.red()), mix(color.green(), towards.green()),
                       mix(color.blue(), towards.blue()));
    }
    return mixed;
}

QPalette paletteOf(Theme theme)
{
    static const QPalette systemPalette = QApplication::palette();
    return madeReadable(theme == Theme::Dark    ? darkPalette()
                        : theme == Theme::Light ? lightPalette()
                                                : systemPalette);
}

void applyTheme(Theme theme)
{
    static const QString systemStyle = QApplication::style()->objectName();
    const auto palette = paletteOf(theme); // asks for the system's before any is set
    QSettings().setValue(settingsKey, static_cast<int>(theme));
    if (theme != Theme::System || isFusion(systemStyle))
        QApplication::setStyle(new WindowStyle);
    else
        QApplication::setStyle(systemStyle);
    QApplication::setPalette(palette);
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
