// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <filesystem>
#include <string>
#include <utility>

namespace packetloom {

/// A lock file that one process at a time holds. It says who (process id and host), for whoever comes second;
/// the system gives the lock free when the holder ends, however that happens, so a file that was left behind
/// locks nothing.
///
/// Nothing is written to a file that may be somebody else's: what stands at the name already must be a
/// regular file with this one name, of this user, empty or with what a lock says. No link is followed.
class FileLock
{
public:
    /// Takes the lock, making the file if need be. Errors: InUse (detail: who holds it; empty when that is
    /// not written yet), NotALock (what stands there is somebody else's), Write, NoSpace. Where a file system
    /// has no locks, everybody gets it.
    static Result<FileLock> take(const std::filesystem::path& path);
    /// False where the file system has no locks: then others may hold it, too.
    [[nodiscard]] bool locks() const { return locks_; }

    FileLock(FileLock&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)),
          path_(std::move(other.path_)),
          locks_(other.locks_)
    {
    }
    FileLock& operator=(FileLock&&) = delete;
    FileLock(const FileLock&) = delete;
    FileLock& operator=(const FileLock&) = delete;
    /// Removes the file and gives the lock free.
    ~FileLock();

private:
    FileLock(int descriptor, std::filesystem::path path, bool locks)
        : descriptor_(descriptor), path_(std::move(path)), locks_(locks)
    {
    }

    int descriptor_ = -1;
    std::filesystem::path path_;
    bool locks_ = true;
};

} // namespace packetloom
