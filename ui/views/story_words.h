// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "ui/views/flow_part.h"

#include <QString>

namespace packetloom {

/// A fact of a flow's story as one or a few plain sentences, translated.
QString storySentence(const StoryFact& fact, const FlowTrace& trace, const FlowEnds& ends);
/// "established and closed by both sides"
QString connStateWords(ConnState state);

} // namespace packetloom
