// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// Devices that fail, for programs that know nothing of it: preloaded (LD_PRELOAD), this library stands
// between a program and the C library's calls on files whose path holds PACKETLOOM_FAIL_PATH.
//
//   PACKETLOOM_FAIL_CALL   write, read, fsync, rename, mkdir, open or flock: the call that fails; or reply:
//   names are
//                          changed, and that it failed is said all the same, as of a server that is asked
//                          twice
//   PACKETLOOM_FAIL_AFTER  after so many bytes (write, read) or calls (others); from then on always
//   PACKETLOOM_FAIL_ERRNO  with this number
//   PACKETLOOM_SHORT       reads and writes move at most 1 to so many bytes at once
//   PACKETLOOM_EINTR       every so many-th read, write or fsync is interrupted first

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace {

template <class Function>
Function* next(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

const char* setting(const char* name)
{
    const char* const value = std::getenv(name);
    return value ? value : "";
}

bool concerns(const char* path)
{
    const char* const part = setting("PACKETLOOM_FAIL_PATH");
    return path && *part && std::strstr(path, part);
}

bool concerns(int descriptor)
{
    char path[4096];
    const std::string link = "/proc/self/fd/" + std::to_string(descriptor);
    const auto n = ::readlink(link.c_str(), path, sizeof path - 1);
    path[n > 0 ? n : 0] = '\0';
    return concerns(path);
}

/// True when it is this call's turn to fail; `amount` counts toward the limit.
bool fails(const char* call, unsigned long long amount)
{
    static std::atomic<unsigned long long> done{0};
    if (std::strcmp(setting("PACKETLOOM_FAIL_CALL"), call) != 0)
        return false;
    const auto limit = std::strtoull(setting("PACKETLOOM_FAIL_AFTER"), nullptr, 10);
    if (done.fetch_add(amount) + amount <= limit)
        return false;
    errno = std::atoi(setting("PACKETLOOM_FAIL_ERRNO"));
    return true;
}

bool interrupted()
{
    static std::atomic<unsigned long long> calls{0};
    const auto every = std::strtoull(setting("PACKETLOOM_EINTR"), nullptr, 10);
    if (every == 0 || ++calls % every != 0)
        return false;
    errno = EINTR;
    return true;
}

std::size_t shortened(std::size_t size)
{
    static std::atomic<unsigned long long> calls{0};
    const auto most = std::strtoull(setting("PACKETLOOM_SHORT"), nullptr, 10);
    return most == 0 ? size : std::min<std::size_t>(size, 1 + ++calls * 7919 % most);
}

} // namespace

extern "C" {

ssize_t write(int descriptor, const void* from, std::size_t size)
{
    static const auto real = next<ssize_t(int, const void*, std::size_t)>("write");
    if (!concerns(descriptor))
        return real(descriptor, from, size);
    if (interrupted() || fails("write", size))
        return -1;
    return real(descriptor, from, shortened(size));
}

ssize_t read(int descriptor, void* into, std::size_t size)
{
    static const auto real = next<ssize_t(int, void*, std::size_t)>("read");
    if (!concerns(descriptor))
        return real(descriptor, into, size);
    if (interrupted())
        return -1;
    const auto n = real(descriptor, into, shortened(size));
    return n > 0 && fails("read", static_cast<unsigned long long>(n)) ? -1 : n;
}

int fsync(int descriptor)
{
    static const auto real = next<int(int)>("fsync");
    if (concerns(descriptor) && (interrupted() || fails("fsync", 1)))
        return -1;
    return real(descriptor);
}

int flock(int descriptor, int operation)
{
    static const auto real = next<int(int, int)>("flock");
    return concerns(descriptor) && fails("flock", 1) ? -1 : real(descriptor, operation);
}

int rename(const char* from, const char* to)
{
    static const auto real = next<int(const char*, const char*)>("rename");
    if (concerns(to) && fails("rename", 1))
        return -1;
    const int done = real(from, to);
    return done == 0 && concerns(to) && fails("reply", 1) ? -1 : done;
}

int renameat2(int fromFolder, const char* from, int toFolder, const char* to, unsigned flags)
{
    static const auto real = next<int(int, const char*, int, const char*, unsigned)>("renameat2");
    if (concerns(to) && fails("rename", 1))
        return -1;
    const int done = real(fromFolder, from, toFolder, to, flags);
    return done == 0 && concerns(to) && fails("reply", 1) ? -1 : done;
}

int mkdir(const char* path, mode_t mode)
{
    static const auto real = next<int(const char*, mode_t)>("mkdir");
    return concerns(path) && fails("mkdir", 1) ? -1 : real(path, mode);
}

int open(const char* path, int flags, ...)
{
    static const auto real = next<int(const char*, int, ...)>("open");
    mode_t mode = 0;
    if ((flags & O_CREAT) != 0) {
        va_list more;
        va_start(more, flags);
        mode = va_arg(more, mode_t);
        va_end(more);
    }
    if ((flags & O_CREAT) != 0 && concerns(path) && fails("open", 1))
        return -1;
    return real(path, flags, mode);
}

int open64(const char* path, int flags, ...) __attribute__((alias("open")));

} // extern "C"
