// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/file_sync.h"

#include <cerrno>
#include <system_error>
#include <vector>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#include <share.h>
#include <sys/stat.h>
#else
#include <fcntl.h>
#include <stdio.h> // renameat2(), renamex_np()
#include <unistd.h>
#endif

namespace packetloom {
namespace {

namespace fs = std::filesystem;

Error failure(int number, const fs::path& path)
{
    return Error{.code = number == ENOSPC ? Errc::NoSpace : Errc::Write,
                 .detail = std::generic_category().message(number),
                 .file = path};
}

// 0, or the system's number of what went wrong.
int syncOne(const fs::path& path, bool folder)
{
#ifdef _WIN32
    if (folder)
        return 0; // NTFS keeps its names in a journal
    int descriptor = -1;
    _wsopen_s(&descriptor, path.c_str(), _O_RDWR | _O_BINARY | _O_NOINHERIT, _SH_DENYNO,
              _S_IREAD | _S_IWRITE);
    if (descriptor < 0)
        return errno;
    const int result = _commit(descriptor) == 0 ? 0 : errno;
    _close(descriptor);
#else
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | (folder ? O_DIRECTORY : 0));
    if (descriptor < 0)
        return errno;
    int result = 0;
#ifdef F_FULLFSYNC // fsync() is not enough on macOS
    if (::fcntl(descriptor, F_FULLFSYNC) == 0) {
        ::close(descriptor);
        return 0;
    }
#endif
    while ((result = ::fsync(descriptor) == 0 ? 0 : errno) == EINTR) {
    }
    ::close(descriptor);
#endif
    // file systems that keep nothing, or nothing in order
    return result == EINVAL || result == ENOTSUP ? 0 : result;
}

} // namespace

Result<void> syncTree(const fs::path& folder, const std::function<bool()>& goOn)
{
    std::error_code error;
    std::vector<fs::path> folders{folder};
    for (auto entry = fs::recursive_directory_iterator(folder, error);
         !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
        if (entry->is_directory(error)) {
            folders.push_back(entry->path());
            continue;
        }
        if (goOn && !goOn())
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        if (const int number = syncOne(entry->path(), false); number != 0)
            return failure(number, entry->path());
    }
    if (error)
        return Error{.code = Errc::Write, .detail = error.message(), .file = folder};
    for (const fs::path& one : folders) {
        if (auto synced = syncFolder(one); !synced)
            return synced;
    }
    return {};
}

Result<void> syncFile(const fs::path& file)
{
    if (const int number = syncOne(file, false); number != 0)
        return failure(number, file);
    return {};
}

Result<void> syncFolder(const fs::path& folder)
{
    if (const int number = syncOne(folder, true); number != 0)
        return failure(number, folder);
    return {};
}

bool exchangeNames(const fs::path& a, const fs::path& b)
{
#if defined(__linux__) && defined(RENAME_EXCHANGE)
    return ::renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0;
#elif defined(__APPLE__) && defined(RENAME_SWAP)
    return ::renamex_np(a.c_str(), b.c_str(), RENAME_SWAP) == 0;
#else
    static_cast<void>(a);
    static_cast<void>(b);
    return false;
#endif
}

} // namespace packetloom
