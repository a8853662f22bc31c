// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/packet_class.h"

#include <QColor>
#include <QString>

class QPalette;

namespace packetloom {

/// Colours that people with any kind of colour vision can tell apart (after Okabe and Ito, darker for a light
/// background), for a light or a dark background. A name always stands with them.
QColor packetClassColor(PacketClass which, bool dark);
QColor flowOutcomeColor(FlowOutcome which, bool dark);
QString packetClassName(PacketClass which);
/// Whether charts on this palette want the colours for a dark background.
bool isDark(const QPalette& palette);

} // namespace packetloom
