// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/charts/paper.h"

#include <QString>
#include <QStringList>

namespace packetloom {

class FlowPart;

/// Saves what is seen of a part as PNG, PDF or SVG, by the name's ending: light, with `lines` above it, the
/// first as its title. A file that is there is replaced only by a whole one. An empty string, or what went
/// wrong.
QString savePicture(FlowPart& part, const QStringList& lines, const QString& path);

} // namespace packetloom
