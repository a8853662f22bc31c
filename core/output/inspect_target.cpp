// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/inspect_target.h"

#include "core/output/conversion.h"
#include "core/output/target/output_file.h"
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

TargetFacts inspectTargetFile(const Options& options, const std::filesystem::path& file)
{
    auto state = guarded([&]() -> Result<OutputState> {
        const auto output = OutputFile::check(file, true, filesRead(options));
        if (!output)
            return output.error();
        if (!std::filesystem::is_directory(
                output->target().parent_path())) // or it would be found out when the file is made
            return Error{.code = Errc::Write,
                         .detail = std::make_error_code(std::errc::no_such_file_or_directory).message(),
                         .file = file};
        return entryOf(output->target()).kind == Entry::Kind::None ? OutputState::Missing : OutputState::File;
    });
    return {.state = std::move(state), .available = availableBytes(file.parent_path())};
}

} // namespace packetloom
