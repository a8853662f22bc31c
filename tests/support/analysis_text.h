// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analysis.h"

#include <QStringList>

namespace packetloom::test {

/// What two analyses of the same packets must have in common, as lines of text: addresses by their text,
/// because their numbers may differ. Not in it: what only captures tell (row counts, rejected rows, inputs).
QStringList analysisText(const Analysis& analysis);
/// A flow as it was read. Of its packets the listed ones, which are all that a dataset has.
QStringList flowText(const Analysis& analysis, const FlowDetail& detail);

} // namespace packetloom::test
