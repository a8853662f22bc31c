// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/output/output_format.h"

#include <QString>

namespace packetloom {

/// What the window calls a format, translated.
QString formatWords(const OutputFormat& format);
/// What the name of an output ends in, behind that of what it is made of: "-dataset".
QString formatEnding(const OutputFormat& format);
/// The id, as settings keep it.
QString idOf(const OutputFormat& format);

} // namespace packetloom
