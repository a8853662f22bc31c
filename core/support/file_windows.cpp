// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/file_calls.h"

#include <cerrno>

#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>
#include <windows.h>

namespace packetloom::file_calls {
namespace {

using Status = struct _stat64;

bool statusOf(int fd, Status& status)
{
    return _fstat64(fd, &status) == 0;
}

bool statusOf(const std::filesystem::path& path, Status& status)
{
    return _wstat64(path.c_str(), &status) == 0;
}

FileKind kindOf(const Status& status)
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

std::optional<FileStamp> stampOf(const Status& status)
{
    if ((status.st_mode & _S_IFREG) == 0)
        return std::nullopt;
    return FileStamp{.size = static_cast<std::uint64_t>(status.st_size),
                     .modified = static_cast<std::int64_t>(status.st_mtime) * 1'000'000'000};
}

} // namespace

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

std::ptrdiff_t readSome(int fd, char* to, std::size_t n)
{
    return _read(fd, to, static_cast<unsigned>(n));
}

std::ptrdiff_t writeSome(int fd, const char* from, std::size_t n)
{
    return _write(fd, from, static_cast<unsigned>(n));
}

std::ptrdiff_t readSomeAt(int fd, char* to, std::size_t n, std::uint64_t offset)
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

std::ptrdiff_t writeSomeAt(int fd, const char* from, std::size_t n, std::uint64_t offset)
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
