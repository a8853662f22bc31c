// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture_facts.h"

#include <QString>

namespace packetloom {

/// What a capture is, by its first bytes: some lines for people, plain text. What is doubtful of it is not
/// among them (problemMessage()).
QString captureWords(const CaptureFacts& facts);

} // namespace packetloom
