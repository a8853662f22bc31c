// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/file_calls.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace packetloom::file_calls {
namespace {

using Status = struct stat;

bool statusOf(int fd, Status& status)
{
    return ::fstat(fd, &status) == 0;
}

bool statusOf(const std::filesystem::path& path, Status& status)
{
    return ::stat(path.c_str(), &status) == 0;
}

FileKind kindOf(const Status& status)
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

std::optional<FileStamp> stampOf(const Status& status)
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

} // namespace

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

std::ptrdiff_t readSome(int fd, char* to, std::size_t n)
{
    return ::read(fd, to, n);
}

std::ptrdiff_t writeSome(int fd, const char* from, std::size_t n)
{
    return ::write(fd, from, n);
}

std::ptrdiff_t readSomeAt(int fd, char* to, std::size_t n, std::uint64_t offset)
{
    return ::pread(fd, to, n, static_cast<off_t>(offset));
}

std::ptrdiff_t writeSomeAt(int fd, const char* from, std::size_t n, std::uint64_t offset)
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

std::optional<FileKind> kindOf(int fd)
{
    Status status{};
    return statusOf(fd, status) ? std::optional(kindOf(status)) : std::nullopt;
}

std::optional<FileKind> kindOf(const std::filesystem::path& path)
{
    Status status{};
    return statusOf(path, status) ? std::optional(kindOf(status)) : std::nullopt;
}

std::optional<FileStamp> stampOf(int fd)
{
    Status status{};
    return statusOf(fd, status) ? stampOf(status) : std::nullopt;
}

std::optional<FileStamp> stampOf(const std::filesystem::path& path)
{
    Status status{};
    return statusOf(path, status) ? stampOf(status) : std::nullopt;
}

} // namespace packetloom::file_calls
