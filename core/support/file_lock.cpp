// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/file_lock.h"

#include "core/support/folder.h"

#include <algorithm>
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
    WithoutLock, ///< the file system has none
    HeldByOther,
    Gone,    ///< what was locked has no name any more
    Foreign, ///< no lock file, or not ours
    Failed,  ///< errno says why
};

constexpr int mostTries = 100; // with a file that others keep removing
constexpr std::size_t longestHolder = 512;

// What a lock file says: "process 17 on host".
bool isHolder(std::string_view text)
{
    constexpr std::string_view before = "process ", between = " on ";
    if (text.empty())
        return true; // it ended before it could say it
    if (!text.starts_with(before))
        return false;
    text.remove_prefix(before.size());
    const auto digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto host = text.substr(digits);
    return digits > 0 && host.starts_with(between) &&
           std::all_of(host.begin(), host.end(), [](unsigned char c) { return c >= ' ' && c != 127; });
}

struct Opened
{
    int descriptor = -1;
    bool made = false; ///< by this call
    Taken state = Taken::Failed;
};

#ifdef _WIN32
// Nobody else may open it for writing while it is open.
Opened openLock(const std::filesystem::path& path)
{
    Opened opened;
    _wsopen_s(&opened.descriptor, path.c_str(), _O_RDWR | _O_BINARY | _O_NOINHERIT | _O_CREAT | _O_EXCL,
              _SH_DENYWR, _S_IREAD | _S_IWRITE);
    opened.made = opened.descriptor >= 0;
    if (opened.made || errno != EEXIST)
        return opened;
    if (const auto kind = entryOf(path).kind; kind != Entry::Kind::File) {
        opened.state = kind == Entry::Kind::None ? Taken::Gone : Taken::Foreign;
        return opened;
    }
    _wsopen_s(&opened.descriptor, path.c_str(), _O_RDWR | _O_BINARY | _O_NOINHERIT, _SH_DENYWR, 0);
    if (opened.descriptor < 0) // or no permission
        opened.state = errno == EACCES ? Taken::HeldByOther : errno == ENOENT ? Taken::Gone : Taken::Failed;
    return opened;
}
Taken tryLock(int, const std::filesystem::path&)
{
    return Taken::Yes;
}
bool isOurs(int descriptor)
{
    BY_HANDLE_FILE_INFORMATION facts{};
    const auto file = reinterpret_cast<HANDLE>(_get_osfhandle(descriptor));
    return GetFileInformationByHandle(file, &facts) != 0 && facts.nNumberOfLinks == 1;
}
std::string readHolder(int opened, const std::filesystem::path& path)
{
    int descriptor = opened;
    if (opened < 0)
        _wsopen_s(&descriptor, path.c_str(), _O_RDONLY | _O_BINARY, _SH_DENYNO, 0);
    std::array<char, longestHolder> text{};
    const int n = descriptor < 0 ? 0 : _read(descriptor, text.data(), static_cast<unsigned>(text.size()));
    if (opened < 0 && descriptor >= 0)
        _close(descriptor);
    return {text.data(), static_cast<std::size_t>(n > 0 ? n : 0)};
}
void writeHolder(int descriptor, std::string_view text)
{
    _chsize_s(descriptor, 0);
    _lseeki64(descriptor, 0, SEEK_SET);
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
// One that is there already is opened for reading first: until all of it is known, it may be anybody's.
Opened openLock(const std::filesystem::path& path)
{
    Opened opened;
    opened.descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    opened.made = opened.descriptor >= 0;
    if (opened.made || errno != EEXIST)
        return opened;
    if (const auto kind = entryOf(path).kind; kind != Entry::Kind::File) {
        opened.state = kind == Entry::Kind::None ? Taken::Gone : Taken::Foreign;
        return opened;
    }
    constexpr int carefully = O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    opened.descriptor = ::open(path.c_str(), O_RDWR | carefully);
    if (opened.descriptor < 0 && errno == EACCES) // of another user, who may hold it
        opened.descriptor = ::open(path.c_str(), O_RDONLY | carefully);
    struct stat status
    {
    };
    if (opened.descriptor < 0)
        opened.state = errno == ENOENT                     ? Taken::Gone
                       : errno == ELOOP || errno == EACCES ? Taken::Foreign
                                                           : Taken::Failed;
    else if (::fstat(opened.descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        opened.state = Taken::Foreign;
    else
        opened.state = Taken::Yes;
    return opened;
}
// The holder before may have removed the file between our opening and our locking it: then what we hold is
// the lock of a file without a name, which locks nothing.
Taken tryLock(int descriptor, const std::filesystem::path& path)
{
    Taken taken = Taken::Yes;
    while (taken == Taken::Yes && ::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return Taken::HeldByOther;
        // A file system without locks locks nothing, and is no reason not to write to it.
        if (errno == ENOLCK || errno == ENOSYS || errno == ENOTSUP || errno == EINVAL)
            taken = Taken::WithoutLock;
        else if (errno != EINTR)
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
    if (::lstat(path.c_str(), &named) != 0)
        return errno == ENOENT ? Taken::Gone : Taken::Failed;
    return held.st_dev == named.st_dev && held.st_ino == named.st_ino ? taken : Taken::Gone;
}
bool isOurs(int descriptor)
{
    struct stat status
    {
    };
    return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1 &&
           status.st_uid == ::geteuid() && (::fcntl(descriptor, F_GETFL) & O_ACCMODE) == O_RDWR;
}
std::string readHolder(int descriptor, const std::filesystem::path&)
{
    std::array<char, longestHolder> text{};
    const auto n = ::pread(descriptor, text.data(), text.size(), 0);
    return {text.data(), static_cast<std::size_t>(n > 0 ? n : 0)};
}
void writeHolder(int descriptor, std::string_view text)
{
    // It only informs: that it cannot be written is no reason not to go on. Cut off afterwards, so that it is
    // never empty for whoever comes second.
    if (::pwrite(descriptor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()))
        static_cast<void>(::ftruncate(descriptor, static_cast<off_t>(text.size())) != 0);
}
void closeDescriptor(int descriptor)
{
    ::close(descriptor);
}
void closeLock(int descriptor, const std::filesystem::path& path)
{
    struct stat held
    {
    };
    struct stat named
    {
    };
    // Where there are no locks, it may be another's by now.
    if (::fstat(descriptor, &held) == 0 && ::lstat(path.c_str(), &named) == 0 &&
        held.st_dev == named.st_dev && held.st_ino == named.st_ino)
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
        const Opened opened = openLock(path);
        const int descriptor = opened.descriptor;
        const bool open = descriptor >= 0 && opened.state != Taken::Foreign;
        Taken taken = open ? tryLock(descriptor, path) : opened.state;
        reason = taken == Taken::Gone ? EAGAIN : errno;
        const bool mayRead = descriptor >= 0 || taken == Taken::HeldByOther;
        std::string holder = mayRead && !opened.made ? readHolder(descriptor, path) : std::string();
        const bool plausible = isHolder(holder) && holder.size() < longestHolder;
        const bool got = taken == Taken::Yes || taken == Taken::WithoutLock;
        if (got && !opened.made && !(plausible && isOurs(descriptor)))
            taken = Taken::Foreign;
        if (taken == Taken::HeldByOther && !plausible)
            taken = Taken::Foreign;
        if (taken == Taken::Yes || taken == Taken::WithoutLock) {
            writeHolder(descriptor, whoIsThis());
            return FileLock(descriptor, path, taken == Taken::Yes);
        }
        if (descriptor >= 0)
            closeDescriptor(descriptor);
        if (taken == Taken::HeldByOther)
            return Error{.code = Errc::InUse, .detail = std::move(holder), .file = path};
        if (taken == Taken::Foreign)
            return Error{.code = Errc::NotALock, .detail = {}, .file = path};
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
