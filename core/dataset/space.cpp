// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/dataset/space.h"

#include <system_error>

namespace packetloom {

std::uint64_t availableBytes(const std::filesystem::path& folder)
{
    std::error_code error;
    std::filesystem::path place = std::filesystem::absolute(folder, error);
    while (!std::filesystem::exists(place, error) && place.has_relative_path())
        place = place.parent_path();
    const auto space = std::filesystem::space(place, error);
    return error ? ~std::uint64_t{0} : static_cast<std::uint64_t>(space.available);
}

} // namespace packetloom
