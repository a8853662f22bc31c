// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/folder_posix.h"
#include "core/support/folder.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <fstream>
#include <sstream>
#include <stdio.h> // renameat2(), renameatx_np()
#include <sys/stat.h>
#include <unistd.h>
#ifdef __APPLE__
#include <sys/mount.h>
#include <sys/param.h>
#endif

namespace packetloom {
namespace {

namespace fs = std::filesystem;

Error failure(Errc code, const std::error_code& reason, const fs::path& path)
{
    return Error{.code = code, .detail = reason.message(), .file = path};
}

std::error_code lastError()
{
    return {errno, std::generic_category()};
}

std::error_code resultOf(int returned)
{
    return returned == 0 ? std::error_code() : lastError();
}

Entry entryFrom(const struct stat& status)
{
    Entry entry;
    entry.kind = S_ISREG(status.st_mode)   ? Entry::Kind::File
                 : S_ISDIR(status.st_mode) ? Entry::Kind::Folder
                 : S_ISLNK(status.st_mode) ? Entry::Kind::Link
                                           : Entry::Kind::Other;
    entry.device = static_cast<std::uint64_t>(status.st_dev);
    entry.number = static_cast<std::uint64_t>(status.st_ino);
    entry.links = static_cast<std::uint64_t>(status.st_nlink);
    entry.owner = status.st_uid;
    entry.group = status.st_gid;
    entry.mode = status.st_mode & 07777U;
    return entry;
}

#ifdef __linux__
// Bind mounts of the same file system show in nothing else. Kernels before 5.8 tell it in another place.
std::uint64_t mountOf(int folder, const char* name, int flags)
{
#ifdef STATX_MNT_ID
    struct statx status
    {
    };
    if (::statx(folder, name, flags | AT_NO_AUTOMOUNT, STATX_MNT_ID, &status) == 0 &&
        (status.stx_mask & STATX_MNT_ID) != 0)
        return status.stx_mnt_id;
#endif
    const bool itself = *name == '\0';
    const int opened = itself ? folder : ::openat(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    std::ifstream facts("/proc/self/fdinfo/" + std::to_string(opened));
    std::uint64_t mount = 0;
    for (std::string word; facts >> word;) {
        if (word == "mnt_id:")
            facts >> mount;
    }
    if (!itself && opened >= 0)
        ::close(opened);
    return mount;
}
#endif

Entry entryIn(int folder, const char* name, int flags)
{
    struct stat status
    {
    };
    if (::fstatat(folder, name, &status, flags) != 0)
        return {};
    Entry entry = entryFrom(status);
#if defined(__linux__)
    entry.mount = mountOf(folder, name, flags);
#endif
    return entry;
}

Entry entryOfOpen(int descriptor)
{
    struct stat status
    {
    };
    if (::fstat(descriptor, &status) != 0)
        return {};
    Entry entry = entryFrom(status);
#if defined(__linux__)
    entry.mount = mountOf(descriptor, "", AT_EMPTY_PATH);
#endif
    return entry;
}

void give(int descriptor, const Entry& now, const Entry& like)
{
    // Each as far as it is allowed; the owner first, for that may take permission bits away.
    if (now.owner != like.owner || now.group != like.group) {
        if (::fchown(descriptor, like.owner, like.group) != 0)
            static_cast<void>(::fchown(descriptor, static_cast<uid_t>(-1), like.group) != 0);
    }
    static_cast<void>(::fchmod(descriptor, static_cast<mode_t>(like.mode)) != 0);
}

/// By a second name, which is never given over another one.
std::error_code linkOverNothing(int fromFolder, const char* from, int toFolder, const char* to)
{
    if (::linkat(fromFolder, from, toFolder, to, 0) != 0) {
        const auto reason = lastError();
        // A network file system that lost the answer asks again, and finds what it made itself.
        const Entry own = entryIn(fromFolder, from, AT_SYMLINK_NOFOLLOW),
                    made = entryIn(toFolder, to, AT_SYMLINK_NOFOLLOW);
        if (reason != std::errc::file_exists || own.links < 2 || own.device != made.device ||
            own.number != made.number)
            return reason;
    }
    const auto reason = resultOf(::unlinkat(fromFolder, from, 0));
    if (reason && reason != std::errc::no_such_file_or_directory)
        static_cast<void>(::unlinkat(toFolder, to, 0) != 0);
    return reason == std::errc::no_such_file_or_directory ? std::error_code() : reason;
}

/// Where no call of the system renames over nothing. Folders may be lost to one that does so at the same
/// time, but for those with something in them, over which none can be renamed.
std::error_code renameStepByStep(int fromFolder, const char* from, int toFolder, const char* to)
{
    if (entryIn(toFolder, to, AT_SYMLINK_NOFOLLOW).kind != Entry::Kind::None)
        return std::make_error_code(std::errc::file_exists);
    if (entryIn(fromFolder, from, AT_SYMLINK_NOFOLLOW).kind == Entry::Kind::File) {
        const auto reason = linkOverNothing(fromFolder, from, toFolder, to);
        if (reason != std::errc::operation_not_permitted && reason != std::errc::operation_not_supported &&
            reason != std::errc::function_not_supported && reason != std::errc::too_many_links)
            return reason; // else a file has one name here
    }
    return resultOf(::renameat(fromFolder, from, toFolder, to));
}

std::error_code renameOverNothing(int fromFolder, const char* from, int toFolder, const char* to)
{
#if defined(__linux__) && defined(RENAME_NOREPLACE)
    if (::renameat2(fromFolder, from, toFolder, to, RENAME_NOREPLACE) == 0)
        return {};
    if (errno != EINVAL && errno != ENOSYS) // file systems that do not know the flag
        return lastError();
#elif defined(__APPLE__) && defined(RENAME_EXCL)
    if (::renameatx_np(fromFolder, from, toFolder, to, RENAME_EXCL) == 0)
        return {};
    if (errno != EINVAL && errno != ENOTSUP)
        return lastError();
#endif
    return renameStepByStep(fromFolder, from, toFolder, to);
}

} // namespace

Entry entryAt(const fs::path& path)
{
    return entryIn(AT_FDCWD, path.c_str(), 0);
}

Entry entryOf(const fs::path& path)
{
    return entryIn(AT_FDCWD, path.c_str(), AT_SYMLINK_NOFOLLOW);
}

bool isMountedOn(const Entry& entry, const Entry& above)
{
    if (entry.kind == Entry::Kind::None)
        return false;
    if (entry.mount != 0 && above.mount != 0 && entry.mount != above.mount)
        return true;
    // Files of an overlay have the devices of its layers.
    return entry.device != above.device && (entry.kind == Entry::Kind::Folder || entry.mount == 0);
}

std::vector<fs::path> mountPointsBelow(const fs::path& folder)
{
    std::vector<fs::path> below;
    const auto note = [&](const fs::path& point) {
        const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), point.begin(), point.end());
        if (end == folder.end())
            below.push_back(point);
    };
#if defined(__linux__)
    std::ifstream mounts("/proc/self/mountinfo");
    for (std::string line; std::getline(mounts, line);) {
        std::istringstream words(line);
        std::string word;
        for (int i = 0; i < 5; ++i) // id, parent, device, root, mount point
            words >> word;
        std::string point;
        for (std::size_t i = 0; i < word.size(); ++i) {
            if (word[i] == '\\' && i + 3 < word.size()) { // "\040" is a blank
                point +=
                    static_cast<char>((word[i + 1] - '0') * 64 + (word[i + 2] - '0') * 8 + word[i + 3] - '0');
                i += 3;
            } else {
                point += word[i];
            }
        }
        note(point);
    }
#elif defined(__APPLE__)
    struct statfs* mounts = nullptr;
    const int count = ::getmntinfo(&mounts, MNT_NOWAIT);
    for (int i = 0; i < count; ++i)
        note(mounts[i].f_mntonname);
#else
    static_cast<void>(note);
#endif
    std::sort(below.begin(), below.end());
    return below;
}

bool isOwn(const Entry& entry)
{
    return entry.owner == ::geteuid();
}

Result<Folder> Folder::open(const fs::path& path)
{
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return failure(Errc::Open, lastError(), path);
    return Folder(descriptor, path, entryOfOpen(descriptor));
}

Folder::~Folder()
{
    if (descriptor_ >= 0)
        ::close(descriptor_);
}

Result<Folder> Folder::folder(const fs::path& name) const
{
    const int descriptor =
        ::openat(descriptor_, name.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor < 0)
        return failure(Errc::Open, lastError(), path_ / name);
    return Folder(descriptor, path_ / name, entryOfOpen(descriptor));
}

Entry Folder::look(const fs::path& name) const
{
    return entryIn(descriptor_, name.c_str(), AT_SYMLINK_NOFOLLOW);
}

Result<std::vector<fs::path>> Folder::names() const
{
    // an own descriptor: one that was read from stands at the end
    const int again = ::openat(descriptor_, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR* const listing = again >= 0 ? ::fdopendir(again) : nullptr;
    if (!listing) {
        const auto reason = lastError();
        if (again >= 0)
            ::close(again);
        return failure(Errc::Open, reason, path_);
    }
    std::vector<fs::path> names;
    errno = 0;
    while (const dirent* const entry = ::readdir(listing)) {
        if (const std::string_view name(entry->d_name); name != "." && name != "..")
            names.emplace_back(name);
        errno = 0;
    }
    const auto reason = lastError();
    ::closedir(listing);
    if (reason)
        return failure(Errc::Open, reason, path_);
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::string> Folder::read(const fs::path& name, std::size_t limit) const
{
    // Not even opened, if it can be helped: to open a device can do something.
    const bool regular = look(name).kind == Entry::Kind::File;
    const int descriptor =
        regular ? ::openat(descriptor_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC) : -1;
    if (descriptor < 0)
        return failure(Errc::Open, regular ? lastError() : std::make_error_code(std::errc::invalid_argument),
                       path_ / name);
    std::error_code reason;
    std::string text;
    struct stat status
    {
    };
    if (::fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode))
        reason = std::make_error_code(std::errc::invalid_argument);
    std::vector<char> block(std::size_t{1} << 16);
    while (!reason && text.size() <= limit) {
        const auto n = ::read(descriptor, block.data(), block.size());
        if (n == 0)
            break;
        if (n > 0)
            text.append(block.data(), static_cast<std::size_t>(n));
        else if (errno != EINTR)
            reason = lastError();
    }
    ::close(descriptor);
    if (!reason && text.size() > limit)
        reason = std::make_error_code(std::errc::file_too_large);
    if (reason)
        return failure(Errc::Read, reason, path_ / name);
    return text;
}

std::error_code Folder::removeFile(const fs::path& name) const
{
    return resultOf(::unlinkat(descriptor_, name.c_str(), 0));
}

std::error_code Folder::removeFolder(const fs::path& name) const
{
    return resultOf(::unlinkat(descriptor_, name.c_str(), AT_REMOVEDIR));
}

std::error_code Folder::move(const fs::path& name, const Folder& to) const
{
    return renameOverNothing(descriptor_, name.c_str(), to.descriptor_, name.c_str());
}

void Folder::giveAccess(const fs::path& name, const Entry& like) const
{
    const int descriptor =
        ::openat(descriptor_, name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0)
        return;
    give(descriptor, entryOfOpen(descriptor), like);
    ::close(descriptor);
}

void Folder::takeAccess(const Entry& like) const
{
    give(descriptor_, entryOfOpen(descriptor_), like);
}

std::error_code makeNewFolder(const fs::path& path)
{
    return resultOf(::mkdir(path.c_str(), 0777));
}

std::error_code renameToNewByLinks(const fs::path& from, const fs::path& to)
{
    return renameStepByStep(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str());
}

std::error_code renameToNew(const fs::path& from, const fs::path& to)
{
    return renameOverNothing(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str());
}

// Everything but the content of the new name's folder is looked at before that is: what comes back from a
// rename that cannot succeed tells whether another one could.
std::error_code whyNotMovable(const fs::path& folder, const fs::path& filledFolder)
{
    if (::rename(folder.c_str(), filledFolder.c_str()) == 0) {
        static_cast<void>(::rename(filledFolder.c_str(), folder.c_str()) != 0);
        return std::make_error_code(std::errc::operation_not_supported);
    }
    const auto reason = lastError();
    if (reason == std::errc::cross_device_link || reason == std::errc::device_or_resource_busy ||
        reason == std::errc::permission_denied || reason == std::errc::read_only_file_system ||
        reason == std::errc::io_error)
        return reason;
    if (reason != std::errc::operation_not_permitted)
        return {};
    // Some network file systems say so of every rename over something; a sticky folder means it.
    const Entry above = entryOf(folder.parent_path()), own = entryOf(folder);
    const bool sticky = (above.mode & S_ISVTX) != 0 && ::geteuid() != 0 && !isOwn(above) && !isOwn(own);
    return sticky ? reason : std::error_code();
}

} // namespace packetloom
