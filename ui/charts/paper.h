// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QFont>
#include <QSize>
#include <QString>
#include <QStringList>
#include <functional>

class QPainter;
class QRect;

namespace packetloom {

/// Something that can be painted on paper, in light colours.
struct Paper
{
    QSize size; ///< pixels that it would like
    QFont font; ///< of the lines above it
    std::function<void(QPainter& painter, const QRect& rect)> paint;
};

/// The kinds of pictures that this build can save, as a file dialog's filter; SVG is not in every one.
QString pictureKinds();

/// Saves it as PNG, PDF or SVG, by the name's ending, with `lines` above it, the first as its title. A file
/// that is there is replaced only by a whole one. An empty string, or what went wrong.
QString savePaper(const Paper& paper, const QStringList& lines, const QString& path);

} // namespace packetloom
