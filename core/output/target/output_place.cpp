// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/target/output_place.h"

#include "core/support/path_text.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <system_error>

#ifndef _WIN32
#include <pwd.h>
#include <unistd.h>
#endif

namespace packetloom {
namespace {

namespace fs = std::filesystem;

fs::path realPath(const fs::path& path, std::error_code& error)
{
    const auto absolute = fs::absolute(path, error);
    return error ? fs::path() : fs::weakly_canonical(absolute, error);
}

bool lies(const fs::path& inner, const fs::path& outer)
{
    const auto [end, ignored] = std::mismatch(outer.begin(), outer.end(), inner.begin(), inner.end());
    return end == outer.end();
}

// Of the environment and of the system, which need not agree.
std::vector<fs::path> homeFolders()
{
    std::vector<fs::path> homes;
#ifdef _WIN32
    if (const wchar_t* const home = _wgetenv(L"USERPROFILE"); home && *home)
        homes.emplace_back(home);
#else
    if (const char* const home = std::getenv("HOME"); home && *home)
        homes.emplace_back(home);
    passwd user{};
    passwd* found = nullptr;
    std::array<char, 16384> texts{};
    if (::getpwuid_r(::getuid(), &user, texts.data(), texts.size(), &found) == 0 && found && *found->pw_dir)
        homes.emplace_back(found->pw_dir);
#endif
    return homes;
}

} // namespace

InputPlaces::InputPlaces(std::span<const fs::path> inputs)
{
    for (const fs::path& input : inputs) {
        std::error_code error;
        const auto real = realPath(input, error);
        if (error)
            continue; // a pipe
        paths_.emplace_back(real, input);
        for (auto place = real;; place = place.parent_path()) {
            const Entry entry = entryAt(place);
            const bool isNew =
                entry.number == 0 || numbers_.try_emplace({entry.device, entry.number}, input).second;
            if (!isNew || !place.has_relative_path())
                break; // what is above a known place is known, too
        }
    }
}

const fs::path* InputPlaces::in(const Entry& entry) const
{
    const auto found = numbers_.find({entry.device, entry.number});
    return entry.number != 0 && found != numbers_.end() ? &found->second : nullptr;
}

const fs::path* InputPlaces::in(const fs::path& folder, const Entry& entry) const
{
    const auto inside = std::find_if(paths_.begin(), paths_.end(),
                                     [&](const auto& path) { return lies(path.first, folder); });
    return inside != paths_.end() ? &inside->second : in(entry);
}

Result<fs::path> outputPlace(const fs::path& wanted)
{
    const auto refused = [&](Errc code, std::string detail = {}) {
        return Error{.code = code, .detail = std::move(detail), .file = wanted};
    };
    std::error_code error;
    fs::path target = realPath(wanted, error);
    if (error)
        return refused(Errc::Open, error.message());
    if (!target.has_filename() && target.has_relative_path()) // written with a slash at the end
        target = target.parent_path();
    if (const Entry named = entryOf(target); named.kind == Entry::Kind::Link)
        return refused(Errc::DanglingLink, pathText(fs::read_symlink(target, error))); // or it were not there
    const auto status = fs::status(target, error);
    if (status.type() == fs::file_type::not_found)
        return target;
    if (error)
        return refused(Errc::Open, error.message());
    if (!fs::is_directory(status))
        return refused(Errc::NotAFolder);
    const Entry own = entryAt(target);
    if (!target.has_relative_path() || own.isSame(entryAt(target.root_path())))
        return refused(Errc::RootFolder);
    const auto holds = [&](const fs::path& folder) {
        const std::array one{folder};
        return InputPlaces(one).in(target, own) != nullptr;
    };
    const auto homes = homeFolders();
    if (std::any_of(homes.begin(), homes.end(), holds))
        return refused(Errc::HomeFolder);
    if (const auto current = fs::current_path(error); !error && holds(current))
        return refused(Errc::CurrentFolder);
    if (isMountedOn(own, entryAt(target.parent_path())))
        return refused(Errc::MountPoint);
    return target;
}

} // namespace packetloom
