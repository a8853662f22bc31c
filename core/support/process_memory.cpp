// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/process_memory.h"

#ifdef _WIN32
#define NOMINMAX
#include <windows.h>
// after windows.h
#include <psapi.h>
#elif defined(__APPLE__)
#include <mach/mach.h>
#include <sys/sysctl.h>
#else
#include <array>
#include <cerrno>
#include <charconv>
#include <fcntl.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <fstream>
#include <optional>
#include <string>

namespace packetloom {

std::uint64_t residentBytes()
{
#ifdef _WIN32
    PROCESS_MEMORY_COUNTERS counters{};
    return GetProcessMemoryInfo(GetCurrentProcess(), &counters, sizeof counters) ? counters.WorkingSetSize
                                                                                 : 0;
#elif defined(__APPLE__)
    mach_task_basic_info info{};
    mach_msg_type_number_t count = MACH_TASK_BASIC_INFO_COUNT;
    const auto got =
        task_info(mach_task_self(), MACH_TASK_BASIC_INFO, reinterpret_cast<task_info_t>(&info), &count);
    return got == KERN_SUCCESS ? info.resident_size : 0;
#else
    // Asked a thousand times a second, so without what streams do. The second number is pages in memory.
    const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC); // NOLINT(*-vararg)
    if (file < 0)
        return 0;
    std::array<char, 128> text{};
    ssize_t size = 0;
    do
        size = ::read(file, text.data(), text.size());
    while (size < 0 && errno == EINTR);
    ::close(file);
    const char* const end = text.data() + std::max<ssize_t>(size, 0);
    const char* const resident = std::find(static_cast<const char*>(text.data()), end, ' ');
    std::uint64_t pages = 0;
    if (resident == end || std::from_chars(resident + 1, end, pages).ec != std::errc())
        return 0;
    return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
#endif
}

namespace {

// "max", or a number.
std::optional<std::uint64_t> limitIn(const std::filesystem::path& file)
{
    std::uint64_t bytes = 0;
    std::ifstream stream(file);
    return stream >> bytes ? std::optional(bytes) : std::nullopt;
}

} // namespace

std::uint64_t controlGroupMemoryBytes(const std::filesystem::path& root)
{
    const auto groups = root / "sys/fs/cgroup";
    std::optional<std::uint64_t> least;
    const auto walk = [&](const std::filesystem::path& mount, const std::filesystem::path& group,
                          const char* name) {
        std::filesystem::path folder = mount;
        const auto look = [&] {
            if (const auto limit = limitIn(folder / name))
                least = std::min(least.value_or(*limit), *limit);
        };
        look(); // in a container its own group is often the top of what is mounted
        for (const auto& part : group.relative_path()) {
            if (part == "..") // outside of what this process may see
                break;
            folder /= part;
            look();
        }
    };
    // Lines "hierarchy:controllers:/group"; version 2 has no controllers there.
    std::ifstream lines(root / "proc/self/cgroup");
    for (std::string line; std::getline(lines, line);) {
        const auto first = line.find(':');
        const auto second = line.find(':', first == line.npos ? first : first + 1);
        if (second == line.npos)
            continue;
        const std::string controllers = ',' + line.substr(first + 1, second - first - 1) + ',';
        const std::filesystem::path group = line.substr(second + 1);
        if (controllers == ",,") {
            walk(groups, group, "memory.max");
            walk(groups / "unified", group, "memory.max");
        } else if (controllers.find(",memory,") != controllers.npos) {
            walk(groups / "memory", group, "memory.limit_in_bytes");
        }
    }
    return least.value_or(0);
}

std::uint64_t usableMemoryBytes()
{
    const std::uint64_t machine = physicalMemoryBytes();
#ifdef __linux__
    if (const std::uint64_t group = controlGroupMemoryBytes("/"); group > 0)
        return machine > 0 ? std::min(machine, group) : group;
#endif
    return machine;
}

std::uint64_t physicalMemoryBytes()
{
#ifdef _WIN32
    MEMORYSTATUSEX status{};
    status.dwLength = sizeof status;
    return GlobalMemoryStatusEx(&status) ? status.ullTotalPhys : 0;
#elif defined(__APPLE__)
    std::uint64_t bytes = 0;
    std::size_t size = sizeof bytes;
    return sysctlbyname("hw.memsize", &bytes, &size, nullptr, 0) == 0 ? bytes : 0;
#else
    const long pages = ::sysconf(_SC_PHYS_PAGES);
    return pages > 0 ? static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE))
                     : 0;
#endif
}

} // namespace packetloom
