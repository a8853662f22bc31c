// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/options.h"

#include <algorithm>
#include <utility>

namespace packetloom {

InputSpec specOf(const Options& options, const std::filesystem::path& file)
{
    const auto own = std::ranges::find(options.specs, file, &InputSpec::file);
    InputSpec spec = own != options.specs.end() ? *own : options.reading;
    spec.file = file;
    return spec;
}

std::filesystem::path ipMapOf(const Options& options, const std::filesystem::path& file)
{
    auto spec = specOf(options, file);
    return spec.ipMap.empty() ? options.ipMap : std::move(spec.ipMap);
}

std::vector<std::filesystem::path> filesRead(const Options& options)
{
    auto files = options.inputs;
    if (!options.ipMap.empty())
        files.push_back(options.ipMap);
    for (const auto& spec : options.specs) {
        if (!spec.ipMap.empty())
            files.push_back(spec.ipMap);
    }
    return files;
}

} // namespace packetloom
