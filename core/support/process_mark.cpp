// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/process_mark.h"

#include <array>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#else
#include "core/support/file.h"

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <limits>
#include <unistd.h>
#endif

namespace packetloom {
namespace {

#ifdef _WIN32

std::string hostName()
{
    std::array<char, MAX_COMPUTERNAME_LENGTH + 1> name{};
    auto size = static_cast<DWORD>(name.size());
    return GetComputerNameA(name.data(), &size) ? std::string(name.data(), size) : std::string();
}

std::uint64_t ownNumber()
{
    return GetCurrentProcessId();
}

std::string ownScope()
{
    return {};
}

std::uint64_t beginOf(HANDLE process)
{
    FILETIME begin{}, end{}, kernel{}, user{};
    if (!GetProcessTimes(process, &begin, &end, &kernel, &user))
        return 0;
    return (static_cast<std::uint64_t>(begin.dwHighDateTime) << 32) | begin.dwLowDateTime;
}

std::uint64_t ownBegin()
{
    return beginOf(GetCurrentProcess());
}

bool isAlive(const ProcessMark& mark)
{
    const HANDLE process =
        OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, static_cast<DWORD>(mark.process));
    if (!process)
        return GetLastError() == ERROR_ACCESS_DENIED; // somebody else's
    DWORD status = 0;
    const bool ended = GetExitCodeProcess(process, &status) && status != STILL_ACTIVE;
    const auto began = beginOf(process);
    CloseHandle(process);
    return !ended && (began == 0 || mark.began == 0 || began == mark.began);
}

#else

std::string hostName()
{
    std::array<char, 256> name{};
    return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : std::string();
}

std::uint64_t ownNumber()
{
    return static_cast<std::uint64_t>(::getpid());
}

// Linux alone has these files; elsewhere the host's name and the number have to do.
std::string ownScope()
{
    constexpr std::uint64_t most = 4096;
    auto text = readWhole("/proc/sys/kernel/random/boot_id", most, Errc::Read);
    std::error_code error;
    const auto space = std::filesystem::read_symlink("/proc/self/ns/pid", error);
    if (!text || text->empty() || error)
        return {};
    while (text->ends_with('\n'))
        text->pop_back();
    return *text + ' ' + space.string();
}

struct Stat
{
    char state = 0;
    std::uint64_t began = 0; ///< in ticks since the system was started
};

// proc(5): "number (name) state ...", where the name may hold anything; the 22nd field is when it began.
std::optional<Stat> statOf(std::uint64_t process)
{
    constexpr std::uint64_t most = 16384;
    constexpr int fieldOfBegin = 22, fieldOfState = 3;
    const auto text = readWhole("/proc/" + std::to_string(process) + "/stat", most, Errc::Read);
    if (!text)
        return std::nullopt;
    const auto name = text->rfind(") ");
    if (name == std::string::npos || name + 2 >= text->size())
        return std::nullopt;
    std::string_view rest = std::string_view(*text).substr(name + 2);
    Stat stat;
    stat.state = rest.front();
    for (int field = fieldOfState; field < fieldOfBegin; ++field) {
        const auto space = rest.find(' ');
        if (space == std::string_view::npos)
            return std::nullopt;
        rest.remove_prefix(space + 1);
    }
    std::from_chars(rest.data(), rest.data() + rest.size(), stat.began);
    return stat;
}

std::uint64_t ownBegin()
{
    const auto stat = statOf(ownNumber());
    return stat ? stat->began : 0;
}

bool isAlive(const ProcessMark& mark)
{
    if (mark.process == 0 || mark.process > static_cast<std::uint64_t>(std::numeric_limits<pid_t>::max()))
        return false;
    if (::kill(static_cast<pid_t>(mark.process), 0) != 0 && errno != EPERM)
        return false;
    const auto stat = statOf(mark.process);
    if (!stat) // not shown to us, or no Linux
        return true;
    if (stat->state == 'Z' || stat->state == 'X') // it ended, and nobody asked yet how
        return false;
    return mark.began == 0 || stat->began == mark.began;
}

#endif

/// Whether a scope of a host of our name is of another start of it: "start namespace".
bool isEarlierStart(std::string_view scope, std::string_view own)
{
    const auto space = scope.find(' '), ownSpace = own.find(' ');
    return space != std::string_view::npos && ownSpace != std::string_view::npos &&
           scope.substr(0, space) != own.substr(0, ownSpace);
}

} // namespace

ProcessMark ownProcess()
{
    return {.host = hostName(), .process = ownNumber(), .began = ownBegin(), .scope = ownScope()};
}

Sighting look(const ProcessMark& mark)
{
    if (mark.host.empty() || mark.host != hostName())
        return Sighting::OutOfSight;
    if (const auto own = ownScope(); mark.scope != own)
        return isEarlierStart(mark.scope, own) ? Sighting::Gone : Sighting::OutOfSight;
    return isAlive(mark) ? Sighting::Alive : Sighting::Gone;
}

} // namespace packetloom
