// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/file_lock.h"

#include <array>
#include <cerrno>
#include <string_view>
#include <system_error>

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <fcntl.h>
#include <io.h>
#include <process.h>
#include <share.h>
#include <sys/stat.h>
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace packetloom {
namespace {

enum class Taken : std::uint8_t {
    Yes,
    HeldByOther,
    Gone,   ///< what was locked has no name any more
    Failed, ///< errno says why
};

constexpr int mostTries = 100; // with a file that others keep removing

#ifdef _WIN32
// Nobody else may open it for writing while it is open.
int openLock(const std::filesystem::path& path)
{
    int descriptor = -1;
    _wsopen_s(&descriptor, path.c_str(), _O_RDWR | _O_BINARY | _O_NOINHERIT | _O_CREAT, _SH_DENYWR,
              _S_IREAD | _S_IWRITE);
    return descriptor;
}
Taken tryLock(int descriptor, const std::filesystem::path&)
{
    return descriptor >= 0   ? Taken::Yes
           : errno == EACCES ? Taken::HeldByOther
                             : Taken::Failed; // or no permission
}
std::string readHolder(int, const std::filesystem::path& path)
{
    int descriptor = -1;
    _wsopen_s(&descriptor, path.c_str(), _O_RDONLY | _O_BINARY, _SH_DENYNO, 0);
    std::array<char, 512> text{};
    const int n = descriptor < 0 ? 0 : _read(descriptor, text.data(), static_cast<unsigned>(text.size()));
    if (descriptor >= 0)
        _close(descriptor);
    return {text.data(), static_cast<std::size_t>(n > 0 ? n : 0)};
}
void writeHolder(int descriptor, std::string_view text)
{
    _chsize_s(descriptor, 0);
    static_cast<void>(_write(descriptor, text.data(), static_cast<unsigned>(text.size())));
}
void closeDescriptor(int descriptor)
{
    _close(descriptor);
}
void closeLock(int descriptor, const std::filesystem::path& path)
{
    _close(descriptor); // it cannot be removed while it is open
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
}
std::string whoIsThis()
{
    std::array<char, MAX_COMPUTERNAME_LENGTH + 1> host{};
    auto size = static_cast<DWORD>(host.size());
    if (!GetComputerNameA(host.data(), &size))
        size = 0;
    return "process " + std::to_string(_getpid()) + " on " + std::string(host.data(), size);
}
#else
int openLock(const std::filesystem::path& path)
{
    return ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
}
// The holder before may have removed the file between our opening and our locking it: then what we hold is
// the lock of a file without a name, which locks nothing.
Taken tryLock(int descriptor, const std::filesystem::path& path)
{
    if (descriptor < 0)
        return Taken::Failed;
    while (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return Taken::HeldByOther;
        // A file system without locks locks nothing, and is no reason not to write to it.
        if (errno == ENOLCK || errno == ENOSYS || errno == ENOTSUP || errno == EINVAL)
            return Taken::Yes;
        if (errno != EINTR)
            return Taken::Failed;
    }
    struct stat held
    {
    };
    struct stat named
    {
    };
    if (::fstat(descriptor, &held) != 0)
        return Taken::Failed;
    if (::stat(path.c_str(), &named) != 0)
        return errno == ENOENT ? Taken::Gone : Taken::Failed;
    return held.st_dev == named.st_dev && held.st_ino == named.st_ino ? Taken::Yes : Taken::Gone;
}
std::string readHolder(int descriptor, const std::filesystem::path&)
{
    std::array<char, 512> text{};
    const auto n = ::pread(descriptor, text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(n > 0 ? n : 0)};
}
void writeHolder(int descriptor, std::string_view text)
{
    // It only informs: that it cannot be written is no reason not to go on.
    if (::ftruncate(descriptor, 0) == 0)
        static_cast<void>(::pwrite(descriptor, text.data(), text.size(), 0) < 0);
}
void closeDescriptor(int descriptor)
{
    ::close(descriptor);
}
void closeLock(int descriptor, const std::filesystem::path& path)
{
    ::unlink(path.c_str()); // while it is held, so that nobody loses the lock of another
    ::close(descriptor);
}
std::string whoIsThis()
{
    std::array<char, 256> host{};
    if (::gethostname(host.data(), host.size() - 1) != 0)
        host[0] = '\0';
    return "process " + std::to_string(::getpid()) + " on " + host.data();
}
#endif

} // namespace

Result<FileLock> FileLock::take(const std::filesystem::path& path)
{
    int reason = EAGAIN;
    for (int tries = 0; tries < mostTries; ++tries) {
        const int descriptor = openLock(path);
        const Taken taken = tryLock(descriptor, path);
        reason = taken == Taken::Gone ? EAGAIN : errno;
        if (taken == Taken::Yes) {
            writeHolder(descriptor, whoIsThis());
            return FileLock(descriptor, path);
        }
        std::string holder = taken == Taken::HeldByOther ? readHolder(descriptor, path) : std::string();
        if (descriptor >= 0)
            closeDescriptor(descriptor);
        if (taken == Taken::HeldByOther)
            return Error{.code = Errc::InUse, .detail = std::move(holder), .file = path};
        if (taken == Taken::Failed)
            break;
    }
    return Error{.code = reason == ENOSPC ? Errc::NoSpace : Errc::Write,
                 .detail = std::generic_category().message(reason),
                 .file = path};
}

FileLock::~FileLock()
{
    if (descriptor_ >= 0)
        closeLock(descriptor_, path_);
}

} // namespace packetloom
