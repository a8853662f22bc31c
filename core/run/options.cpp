// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/run/options.h"

#include <algorithm>

namespace packetloom {

InputSpec specOf(const Options& options, const std::filesystem::path& file)
{
    const auto own = std::ranges::find(options.specs, file, &InputSpec::file);
    InputSpec spec = own != options.specs.end() ? *own : options.reading;
    spec.file = file;
    return spec;
}

} // namespace packetloom
