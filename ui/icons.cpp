// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <QStringList>
#include <array>

namespace packetloom {
namespace {

constexpr double grid = 24, weight = 1.7;

/// As in an SVG path, but with spaces everywhere: M x y, L x y, Q x y x y, C x y x y x y, Z; and O x y rx ry
/// (ellipse), R x y w h r (rectangle with round corners). Drawn here and not by Qt SVG, which not every build
/// has.
constexpr std::array<const char*, symbolCount> drawings{
    // Open: a folder
    "M 3 7 L 3 18 Q 3 19.5 4.5 19.5 L 19.5 19.5 Q 21 19.5 21 18 L 21 9 Q 21 7.5 19.5 7.5 L 12 7.5 L 10 5 "
    "L 4.5 5 Q 3 5 3 6.5 Z",
    // OpenDataset: a drum
    "O 12 6 7 2.6 M 5 6 L 5 18 C 5 19.5 8 20.6 12 20.6 C 16 20.6 19 19.5 19 18 L 19 6 M 5 12 C 5 13.5 8 14.6 "
    "12 14.6 C 16 14.6 19 13.5 19 12",
    // Analyze: go
    "M 8 5 L 18.5 12 L 8 19 Z",
    // Cancel: stop
    "R 6 6 12 12 1.5",
    // Export: out of a tray
    "M 12 15 L 12 4 M 7.5 8.5 L 12 4 L 16.5 8.5 M 4 14 L 4 18.5 Q 4 20 5.5 20 L 18.5 20 Q 20 20 20 18.5 L 20 "
    "14",
    // CopyCommand: a terminal
    "R 3 5 18 14 2 M 7 9.5 L 10 12 L 7 14.5 M 12 15 L 16.5 15",
    // Search
    "O 10.5 10.5 6 6 M 15 15 L 20 20",
    // SidePanel
    "R 3 5 18 14 2 M 9 5 L 9 19",
    // Save: into a tray
    "M 12 4 L 12 15 M 7.5 10.5 L 12 15 L 16.5 10.5 M 4 14 L 4 18.5 Q 4 20 5.5 20 L 18.5 20 Q 20 20 20 18.5 L "
    "20 14",
    // Sample: a flask
    "M 9 4 L 15 4 M 10.5 4 L 10.5 9.5 L 5.5 18 Q 4.6 20 7 20 L 17 20 Q 19.4 20 18.5 18 L 13.5 9.5 L 13.5 4 M "
    "8 15 L 16 15",
    // Overview: bars
    "M 3.5 20 L 20.5 20 M 7 20 L 7 12 M 12 20 L 12 5 M 17 20 L 17 9",
    // Flows: there and back
    "M 4 8 L 19.5 8 M 15.5 4.5 L 19.5 8 L 15.5 11.5 M 20 16 L 4.5 16 M 8.5 12.5 L 4.5 16 L 8.5 19.5",
    // Groups
    "R 4 4 6.5 6.5 1 R 13.5 4 6.5 6.5 1 R 4 13.5 6.5 6.5 1 R 13.5 13.5 6.5 6.5 1",
    // Distributions: a hump
    "M 3.5 20 L 20.5 20 M 4 17 C 9 17 8.5 5 12 5 C 15.5 5 15 17 20 17",
    // Packets: some in a row
    "R 3 8 5 8 1 R 9.5 8 5 8 1 R 16 8 5 8 1",
    // Addresses: who is joined to whom
    "O 12 6 2.6 2.6 O 6 18 2.6 2.6 O 18 18 2.6 2.6 M 10.8 8.4 L 7.2 15.6 M 13.2 8.4 L 16.8 15.6",
    // Flags
    "M 6 21 L 6 4 M 6 5 L 18 5 L 15 9 L 18 13 L 6 13",
    // Rows: a table
    "R 4 5 16 14 1.5 M 4 10 L 20 10 M 4 14.5 L 20 14.5 M 10 10 L 10 19",
    // Quality: a shield with a tick
    "M 12 3.5 L 19 6 L 19 11.5 C 19 16 16 19 12 20.5 C 8 19 5 16 5 11.5 L 5 6 Z M 9 12 L 11.3 14.3 L 15.2 "
    "9.8",
    // Engines: what both have
    "O 9 12 5.5 5.5 O 15 12 5.5 5.5",
    // More: further on
    "M 6 6 L 12 12 L 6 18 M 13 6 L 19 12 L 13 18",
    // OwnWindow: one in front of another
    "R 8 4 13 10 1.5 M 8 9 L 4.5 9 Q 3 9 3 10.5 L 3 18.5 Q 3 20 4.5 20 L 14.5 20 Q 16 20 16 18.5 L 16 14 M 8 "
    "7.5 L 21 7.5",
};

QPainterPath pathOf(const char* drawing)
{
    QPainterPath path;
    const auto words = QString::fromLatin1(drawing).split(QLatin1Char(' '));
    qsizetype at = 0;
    const auto number = [&] { return words.value(at++).toDouble(); };
    const auto point = [&] {
        const double x = number();
        return QPointF(x, number());
    };
    while (at < words.size()) {
        switch (words[at++].at(0).toLatin1()) {
        case 'M':
            path.moveTo(point());
            break;
        case 'L':
            path.lineTo(point());
            break;
        case 'Q': {
            const auto by = point();
            path.quadTo(by, point());
            break;
        }
        case 'C': {
            const auto one = point(), other = point();
            path.cubicTo(one, other, point());
            break;
        }
        case 'O': {
            const auto middle = point();
            const double across = number();
            path.addEllipse(middle, across, number());
            break;
        }
        case 'R': {
            const auto corner = point(), size = point();
            const double round = number();
            path.addRoundedRect(QRectF(corner, QSizeF(size.x(), size.y())), round, round);
            break;
        }
        default:
            path.closeSubpath();
            break;
        }
    }
    return path;
}

class SymbolEngine final : public QIconEngine
{
public:
    explicit SymbolEngine(Symbol symbol) : symbol_(symbol) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State /*state*/) override
    {
        const auto palette = QGuiApplication::palette();
        const auto color = mode == QIcon::Disabled   ? palette.color(QPalette::Disabled, QPalette::ButtonText)
                           : mode == QIcon::Selected ? palette.color(QPalette::HighlightedText)
                                                     : palette.color(QPalette::ButtonText);
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        const double size = std::min(rect.width(), rect.height());
        painter->translate(rect.x() + (rect.width() - size) / 2, rect.y() + (rect.height() - size) / 2);
        painter->scale(size / grid, size / grid);
        painter->setPen(QPen(color, weight, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter->drawPath(pathOf(drawings[static_cast<std::size_t>(symbol_)]));
        painter->restore();
    }
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap picture(size);
        picture.fill(Qt::transparent);
        QPainter painter(&picture);
        paint(&painter, picture.rect(), mode, state);
        return picture;
    }
    [[nodiscard]] QIconEngine* clone() const override { return new SymbolEngine(symbol_); }

private:
    Symbol symbol_;
};

} // namespace

QIcon symbolIcon(Symbol symbol)
{
    return QIcon(new SymbolEngine(symbol));
}

} // namespace packetloom
