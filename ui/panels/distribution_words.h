// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/distribution_query.h"
#include "ui/charts/histogram_chart.h"

#include <QString>

namespace packetloom {

/// "Duration", "Handshake RTT".
QString quantityTitle(FilterField quantity);
/// A sentence's beginning: what it is.
QString quantityMeaning(FilterField quantity);
/// A value as people read it; what is smaller than its two largest units of time is cut off.
QString quantityText(FilterField quantity, std::int64_t value);
/// What stands along the bins of a distribution.
HistogramAxis histogramAxis(const Distribution& distribution);
/// Least, percentiles and most, in a line; empty where nothing is known.
QString percentileWords(FilterField quantity, const ValueCounts& counts);

} // namespace packetloom
