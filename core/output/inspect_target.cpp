// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/inspect_target.h"

#include "core/output/conversion.h"
#include "core/output/target/space.h"
#include "core/support/guard.h"

namespace packetloom {

TargetFacts inspectTarget(const Options& options, const std::filesystem::path& folder)
{
    auto state = guarded([&]() -> Result<OutputState> {
        const auto output = checkOutput(options, folder);
        return output ? Result<OutputState>(output->state()) : output.error();
    });
    return {.state = std::move(state), .available = availableBytes(folder)};
}

} // namespace packetloom
