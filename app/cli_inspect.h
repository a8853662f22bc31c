// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_problems.h"
#include "core/input/capture_facts.h"
#include "core/run/options.h"
#include "core/support/result.h"
#include "core/support/stop_event.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace packetloom {

/// An input and what was found of it.
struct Inspected
{
    std::filesystem::path file;
    Result<CaptureFacts> facts;
    std::filesystem::path ipMap; ///< by which its ids are read; none when empty

    [[nodiscard]] bool readable() const { return facts && !facts->blocked(); }
};

/// Looks at the beginning of every input, and up in its IP map; what inputs have against each other is among
/// the problems. IP maps of more than `mostMapBytes`, and those that are no regular files, are not looked at,
/// if there is such a limit. Errors: Cancelled, those of IP maps.
Result<std::vector<Inspected>> inspectInputs(const Options& options, const StopEvent& stop,
                                             std::optional<std::uint64_t> mostMapBytes = std::nullopt);

/// What is doubtful of the inputs, before anything is made of them. What cannot be read says so in the run.
std::vector<FileProblem> problemsBefore(const Options& options, const StopEvent& stop);

/// What was found, for people and for programs (keys as described in the README).
std::string inspectionText(const std::vector<Inspected>& inputs);
std::string inspectionJson(const std::vector<Inspected>& inputs);

} // namespace packetloom
