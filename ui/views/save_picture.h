// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <QStringList>

namespace packetloom {

class FlowPart;

/// The kinds of pictures that this build can save, as a file dialog's filter; SVG is not in every one.
QString pictureKinds();

/// Saves what is seen of a part as PNG, PDF or SVG, by the name's ending: light, with `lines` above it, the
/// first as its title. A file that is there is replaced only by a whole one. An empty string, or what went
/// wrong.
QString savePicture(FlowPart& part, const QStringList& lines, const QString& path);

} // namespace packetloom
