// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_parser.h"

#include <QString>

namespace packetloom {

/// What is wrong about a filter and what was expected, in a sentence. Plain text, safe to show.
QString filterProblemMessage(const FilterProblem& problem);
/// A filter for one value of a field, whatever is in it: `service == "http"`.
QString filterFor(FilterField field, const QString& value);

} // namespace packetloom
