// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/file.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <random>
#include <system_error>
#include <thread>
#include <utility>

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>
#include <windows.h>
#else
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#endif

namespace packetloom {
namespace {

// One call may be asked for at most this much: Linux stops at 2 GiB, Windows takes an unsigned int.
constexpr std::size_t mostBytesPerCall = std::size_t{1} << 30;

#ifdef _WIN32
int openExisting(const std::filesystem::path& path)
{
    return _wopen(path.c_str(), _O_RDONLY | _O_BINARY | _O_NOINHERIT | _O_SEQUENTIAL);
}
int openNew(const std::filesystem::path& path)
{
    return _wopen(path.c_str(), _O_WRONLY | _O_BINARY | _O_NOINHERIT | _O_CREAT | _O_EXCL,
                  _S_IREAD | _S_IWRITE);
}
int openTemporary(const std::filesystem::path& path)
{
    return _wopen(path.c_str(), _O_RDWR | _O_BINARY | _O_NOINHERIT | _O_CREAT | _O_EXCL | _O_TEMPORARY,
                  _S_IREAD | _S_IWRITE);
}
auto readSome(int fd, char* to, std::size_t n)
{
    return _read(fd, to, static_cast<unsigned>(n));
}
auto writeSome(int fd, const char* from, std::size_t n)
{
    return _write(fd, from, static_cast<unsigned>(n));
}
auto readSomeAt(int fd, char* to, std::size_t n, std::uint64_t offset)
{
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32);
    DWORD got = 0;
    const auto file = reinterpret_cast<HANDLE>(_get_osfhandle(fd));
    if (ReadFile(file, to, static_cast<DWORD>(n), &got, &place))
        return static_cast<int>(got);
    if (GetLastError() == ERROR_HANDLE_EOF)
        return 0;
    errno = EIO;
    return -1;
}
auto writeSomeAt(int fd, const char* from, std::size_t n, std::uint64_t offset)
{
    OVERLAPPED place{};
    place.Offset = static_cast<DWORD>(offset);
    place.OffsetHigh = static_cast<DWORD>(offset >> 32);
    DWORD done = 0;
    if (WriteFile(reinterpret_cast<HANDLE>(_get_osfhandle(fd)), from, static_cast<DWORD>(n), &done, &place))
        return static_cast<int>(done);
    errno = GetLastError() == ERROR_DISK_FULL ? ENOSPC : EIO;
    return -1;
}
bool toStart(int fd)
{
    return _lseeki64(fd, 0, SEEK_SET) == 0;
}
int closeIt(int fd)
{
    return _close(fd);
}
FileKind kindOf(const struct _stat64& status)
{
    switch (status.st_mode & _S_IFMT) {
    case _S_IFREG:
        return FileKind::Regular;
    case _S_IFDIR:
        return FileKind::Folder;
    case _S_IFIFO:
        return FileKind::Pipe;
    default:
        return FileKind::Device;
    }
}
std::optional<FileStamp> stampOf(const struct _stat64& status)
{
    if ((status.st_mode & _S_IFREG) == 0)
        return std::nullopt;
    return FileStamp{.size = static_cast<std::uint64_t>(status.st_size),
                     .modified = static_cast<std::int64_t>(status.st_mtime) * 1'000'000'000};
}
#else
int openExisting(const std::filesystem::path& path)
{
    // A pipe without a writer, or a file that is leased to somebody, must not block here.
    return ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}
int openNew(const std::filesystem::path& path)
{
    return ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_CREAT | O_EXCL, 0666);
}
int openTemporary(const std::filesystem::path& path)
{
    const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_CREAT | O_EXCL, 0600);
    if (fd >= 0)
        ::unlink(path.c_str()); // the open descriptor keeps the bytes alive, and only it
    return fd;
}
auto readSome(int fd, char* to, std::size_t n)
{
    return ::read(fd, to, n);
}
auto writeSome(int fd, const char* from, std::size_t n)
{
    return ::write(fd, from, n);
}
auto readSomeAt(int fd, char* to, std::size_t n, std::uint64_t offset)
{
    return ::pread(fd, to, n, static_cast<off_t>(offset));
}
auto writeSomeAt(int fd, const char* from, std::size_t n, std::uint64_t offset)
{
    return ::pwrite(fd, from, n, static_cast<off_t>(offset));
}
bool toStart(int fd)
{
    return ::lseek(fd, 0, SEEK_SET) == 0;
}
int closeIt(int fd)
{
    return ::close(fd);
}
FileKind kindOf(const struct stat& status)
{
    switch (status.st_mode & S_IFMT) {
    case S_IFREG:
        return FileKind::Regular;
    case S_IFDIR:
        return FileKind::Folder;
    case S_IFIFO:
        return FileKind::Pipe;
    case S_IFSOCK:
        return FileKind::Socket;
    default:
        return FileKind::Device;
    }
}
std::optional<FileStamp> stampOf(const struct stat& status)
{
    if (!S_ISREG(status.st_mode))
        return std::nullopt;
#ifdef __APPLE__
    const auto& modified = status.st_mtimespec;
#else
    const auto& modified = status.st_mtim;
#endif
    return FileStamp{.size = static_cast<std::uint64_t>(status.st_size),
                     .modified =
                         static_cast<std::int64_t>(modified.tv_sec) * 1'000'000'000 + modified.tv_nsec,
                     .device = static_cast<std::uint64_t>(status.st_dev),
                     .number = static_cast<std::uint64_t>(status.st_ino)};
}
#endif

#ifdef _WIN32
using Status = struct _stat64;
bool statusOf(int fd, Status& status)
{
    return _fstat64(fd, &status) == 0;
}
bool statusOf(const std::filesystem::path& path, Status& status)
{
    return _wstat64(path.c_str(), &status) == 0;
}
#else
using Status = struct stat;
bool statusOf(int fd, Status& status)
{
    return ::fstat(fd, &status) == 0;
}
bool statusOf(const std::filesystem::path& path, Status& status)
{
    return ::stat(path.c_str(), &status) == 0;
}
#endif

Error systemError(Errc code, int number, const std::filesystem::path& path)
{
    bool full = number == ENOSPC;
#ifdef EDQUOT
    full = full || number == EDQUOT;
#endif
    Error error;
    error.code = full ? Errc::NoSpace : code;
    error.detail = std::generic_category().message(number);
    error.file = path;
    return error;
}

} // namespace

File::~File()
{
    if (descriptor_ >= 0)
        closeIt(descriptor_);
}

File::File(File&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)),
      waits_(other.waits_),
      stop_(other.stop_),
      path_(std::move(other.path_))
{
}

File& File::operator=(File&& other) noexcept
{
    if (this != &other) {
        if (descriptor_ >= 0)
            closeIt(descriptor_);
        descriptor_ = std::exchange(other.descriptor_, -1);
        waits_ = other.waits_;
        stop_ = other.stop_;
        path_ = std::move(other.path_);
    }
    return *this;
}

Error File::failure(Errc code, int number) const
{
    return systemError(code, number, path_);
}

Result<File> File::openForReading(const std::filesystem::path& path, const StopEvent* stop)
{
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored))
        return Error{.code = Errc::IsDirectory, .detail = {}, .file = path};
    int fd = openExisting(path);
    // Somebody must give back a lease first, which the system sees to.
    while (fd < 0 && (errno == EWOULDBLOCK || errno == EINTR)) {
        if (stopRequested(stop))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = path};
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        fd = openExisting(path);
    }
    if (fd < 0)
        return systemError(Errc::Open, errno, path);
    File file(fd, path);
    file.stop_ = stop;
    Status status{};
    file.waits_ = statusOf(fd, status) && kindOf(status) != FileKind::Regular;
    return file;
}

Result<File> File::openRegular(const std::filesystem::path& path)
{
    const auto refused = [&](FileKind kind) {
        return Error{.code = Errc::NotRegular, .detail = {}, .file = path, .facts = kind};
    };
    // Before it is opened, because that tells who writes to a pipe that somebody reads it; and after, in case
    // that it is another one by now.
    const auto kind = fileKind(path);
    if (kind && *kind != FileKind::Regular && *kind != FileKind::Folder)
        return refused(*kind);
    auto file = openForReading(path);
    Status status{};
    if (file && file->waits_ && statusOf(file->descriptor_, status))
        return refused(kindOf(status));
    return file;
}

Result<File> File::create(const std::filesystem::path& path)
{
    const int fd = openNew(path);
    if (fd < 0)
        return systemError(Errc::Write, errno, path);
    return File(fd, path);
}

Result<File> File::temporary(const std::filesystem::path& folder)
{
    std::random_device random;
    for (int attempt = 0;; ++attempt) {
        const auto path = folder / (".packetloom-" + std::to_string(random()) + ".tmp");
        const int fd = openTemporary(path);
        if (fd >= 0)
            return File(fd, path);
        if (errno != EEXIST || attempt == 100)
            return systemError(Errc::Write, errno, path);
    }
}

Result<std::size_t> File::read(std::span<char> into)
{
    for (;;) {
        if (stopRequested(stop_) || (waits_ && !waitReadable(descriptor_, stop_)))
            return Error{.code = Errc::Cancelled, .detail = {}, .file = path_};
        const auto n = readSome(descriptor_, into.data(), std::min(into.size(), mostBytesPerCall));
        if (n >= 0)
            return static_cast<std::size_t>(n);
        if (errno != EINTR && !(waits_ && errno == EAGAIN)) // another reader was faster
            return failure(Errc::Read, errno);
    }
}

Result<void> File::readAt(std::uint64_t offset, std::span<char> into) const
{
    while (!into.empty()) {
        const auto n = readSomeAt(descriptor_, into.data(), std::min(into.size(), mostBytesPerCall), offset);
        if (n > 0) {
            into = into.subspan(static_cast<std::size_t>(n));
            offset += static_cast<std::uint64_t>(n);
        } else if (n == 0) {
            return Error{.code = Errc::Read, .detail = "the file is shorter than it was", .file = path_};
        } else if (errno != EINTR) {
            return failure(Errc::Read, errno);
        }
    }
    return {};
}

Result<void> File::write(std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const auto n = writeSome(descriptor_, bytes.data(), std::min(bytes.size(), mostBytesPerCall));
        if (n > 0)
            bytes = bytes.subspan(static_cast<std::size_t>(n));
        else if (n == 0)
            return failure(Errc::Write, ENOSPC); // a device that takes nothing more and does not say why
        else if (errno != EINTR)
            return failure(Errc::Write, errno);
    }
    return {};
}

Result<void> File::writeAt(std::uint64_t offset, std::span<const char> bytes)
{
    while (!bytes.empty()) {
        const auto n =
            writeSomeAt(descriptor_, bytes.data(), std::min(bytes.size(), mostBytesPerCall), offset);
        if (n > 0) {
            bytes = bytes.subspan(static_cast<std::size_t>(n));
            offset += static_cast<std::uint64_t>(n);
        } else if (n == 0) {
            return failure(Errc::Write, ENOSPC);
        } else if (errno != EINTR) {
            return failure(Errc::Write, errno);
        }
    }
    return {};
}

std::optional<FileStamp> File::stamp() const
{
    Status status{};
    return statusOf(descriptor_, status) ? stampOf(status) : std::nullopt;
}

std::optional<FileStamp> fileStamp(const std::filesystem::path& path)
{
    Status status{};
    return statusOf(path, status) ? stampOf(status) : std::nullopt;
}

std::optional<FileKind> fileKind(const std::filesystem::path& path)
{
    Status status{};
    return statusOf(path, status) ? std::optional(kindOf(status)) : std::nullopt;
}

Result<void> File::rewind()
{
    if (!toStart(descriptor_))
        return failure(Errc::Read, errno);
    return {};
}

Result<void> File::close()
{
    if (descriptor_ >= 0 && closeIt(std::exchange(descriptor_, -1)) != 0 && errno != EINTR)
        return failure(Errc::Write, errno);
    return {};
}

Result<std::string> readWhole(File& file, std::uint64_t limit, Errc tooLarge, std::size_t slack)
{
    const auto stamp = file.stamp();
    if (stamp && stamp->size > limit)
        return Error{.code = tooLarge, .detail = {}, .file = file.path(), .byte = stamp->size};
    std::string text;
    if (stamp)
        text.reserve(static_cast<std::size_t>(stamp->size) + 1 + slack);
    constexpr std::size_t block = std::size_t{1} << 16;
    for (;;) { // by reading, not by size: a pipe has none
        const std::size_t used = text.size();
        text.resize(std::max(text.capacity() - std::min(slack, text.capacity()), used + block));
        auto n = file.read(std::span(text).subspan(used));
        if (!n)
            return std::move(n).error();
        text.resize(used + *n);
        if (text.size() > limit)
            return Error{.code = tooLarge, .detail = {}, .file = file.path(), .byte = text.size()};
        if (*n == 0) {
            text.reserve(text.size() + slack);
            return text;
        }
    }
}

Result<std::string> readWhole(const std::filesystem::path& path, std::uint64_t limit, Errc tooLarge,
                              std::size_t slack)
{
    auto file = File::openRegular(path);
    if (!file)
        return std::move(file).error();
    return readWhole(*file, limit, tooLarge, slack);
}

} // namespace packetloom
