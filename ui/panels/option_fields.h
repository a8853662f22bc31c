// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <QString>
#include <cstdint>
#include <optional>

class QLabel;
class QLineEdit;

namespace packetloom {

// What the fields of the options' panel are made of.

/// What is wrong about a field, below it; hidden as long as there is nothing.
QLabel* problemLabel();
void setProblem(QLabel* label, const QString& text);
/// A line for a time, by its name for screen readers; and the text of a time in it.
QLineEdit* timeField(const QString& name);
QString timeText(const std::optional<std::int64_t>& time);

} // namespace packetloom
