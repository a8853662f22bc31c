// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/filter/filter_completion.h"
#include "core/filter/filter_parser.h"
#include "core/model/packet_class.h"
#include "core/run/options.h"

#include <QString>

class QLineEdit;

namespace packetloom {

/// What is wrong about a filter and what was expected, in a sentence. Plain text, safe to show.
QString filterProblemMessage(const FilterProblem& problem);
/// What a candidate is, in a few words; empty for what says it itself.
QString filterCandidateMeaning(const FilterCandidate& candidate);
/// Underlines what is wrong in a line of text; nothing any more where it is null.
void markFilter(QLineEdit* line, const FilterProblem* problem);
/// A filter for one value of a field, whatever is in it: `service == "http"`.
QString filterFor(FilterField field, const QString& value);
/// A filter for the flows that have come to this.
QString filterFor(FlowOutcome outcome);
/// A filter for the flows that are invalid, for whatever reason.
QString filterForInvalid();

/// A filter of what is seen as one of what is read: where the two senses differ, it is the flows that are
/// meant.
QString captureFilterOf(const QString& filter);
/// What these options leave out of the captures, in a few words; empty for nothing.
QString captureFilterWords(const Options& options);

} // namespace packetloom
