// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/segment.h"

#include <QString>

namespace packetloom {

/// What a segment turned out to be, for people: "fast retransmission, fills the window"; empty where it is
/// nothing special.
QString markWords(SegmentMarks marks);

} // namespace packetloom
