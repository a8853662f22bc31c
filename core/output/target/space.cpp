// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/space.h"

#include <system_error>
#ifndef _WIN32
#include <sys/statvfs.h>
#endif

namespace packetloom {
namespace {

// The folder itself or the nearest one above it that is there.
std::filesystem::path existing(const std::filesystem::path& folder)
{
    std::error_code error;
    std::filesystem::path place = std::filesystem::absolute(folder, error);
    while (!std::filesystem::exists(place, error) && place.has_relative_path())
        place = place.parent_path();
    return place;
}

} // namespace

std::uint64_t availableBytes(const std::filesystem::path& folder)
{
    std::error_code error;
    const auto space = std::filesystem::space(existing(folder), error);
    return error ? ~std::uint64_t{0} : static_cast<std::uint64_t>(space.available);
}

bool hasNoRoomForFiles(const std::filesystem::path& folder)
{
#ifdef _WIN32
    static_cast<void>(folder);
    return false;
#else
    struct statvfs facts
    {
    };
    // file systems without such a table say 0 of 0
    return ::statvfs(existing(folder).c_str(), &facts) == 0 && facts.f_files > 0 && facts.f_favail == 0;
#endif
}

} // namespace packetloom
