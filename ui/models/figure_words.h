// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/model/flow_figure.h"

#include <QString>

namespace packetloom {

/// What people read of a figure of the exact engine; not translated yet (QT_TR_NOOP of FigureWords).
struct FigureTexts
{
    const char* title; ///< of a column
    const char* tip;   ///< a sentence's beginning
};
const FigureTexts& figureTexts(FlowFigure figure);
/// What columns like it are called together; not translated yet, either.
const char* figureGroup(FlowFigure figure);
/// The translated tip.
QString figureMeaning(FlowFigure figure);

} // namespace packetloom
