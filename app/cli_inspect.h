// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/capture_facts.h"
#include "core/run/options.h"
#include "core/support/result.h"
#include "core/support/stop_event.h"

#include <string>
#include <vector>

namespace packetloom {

/// An input and what was found of it.
struct Inspected
{
    std::filesystem::path file;
    Result<CaptureFacts> facts;

    [[nodiscard]] bool readable() const { return facts && !facts->blocked(); }
};

/// Looks at the beginning of every input. With `map`, ids are looked up in it; what inputs have against each
/// other is among the problems. Errors: Cancelled.
Result<std::vector<Inspected>> inspectInputs(const Options& options, const IpMap* map, const StopEvent& stop);

/// What was found, for people and for programs (keys as described in the README).
std::string inspectionText(const std::vector<Inspected>& inputs);
std::string inspectionJson(const std::vector<Inspected>& inputs);

} // namespace packetloom
