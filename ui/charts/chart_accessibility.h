// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>

class QWidget;

namespace packetloom {

/// From now on BarChart and what tellAsChart() names are charts to a screen reader, which tells their name,
/// their description and the value that tellChartValue() said last. Any number of calls are one.
void installChartAccessibility();

/// The plot of a chart, which is a chart to a screen reader from now on.
void tellAsChart(QWidget* plot);

/// What the keyboard or the pointer has come to in a chart: kept as its value, and told at once.
void tellChartValue(QWidget* chart, const QString& value);

} // namespace packetloom
