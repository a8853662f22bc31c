// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_parser.h"

class QLineEdit;

namespace packetloom {

/// Underlines what is wrong in a line of text, or nothing any more.
void markText(QLineEdit* line, const FilterProblem* problem);

} // namespace packetloom
