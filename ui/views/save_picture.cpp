// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "ui/views/save_picture.h"

#include "ui/views/flow_part.h"

namespace packetloom {

QString savePicture(FlowPart& part, const QStringList& lines, const QString& path)
{
    return savePaper({.size = part.paperSize(),
                      .font = part.font(),
                      .paint = [&](QPainter& painter, const QRect& rect) { part.paintTo(painter, rect); }},
                     lines, path);
}

} // namespace packetloom
