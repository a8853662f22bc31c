// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture_facts.h"
#include "core/input/input_spec.h"
#include "core/support/result.h"
#include "core/support/stop_event.h"

namespace packetloom {

/// Errors: those of opening a capture (the columns that are required are not there, no text, ...).
Result<CaptureFacts> inspectCapture(const InputSpec& spec, const StopEvent* stop = nullptr);

} // namespace packetloom
