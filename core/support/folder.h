// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace packetloom {

/// What stands at a name. A junction of Windows is a Link.
struct Entry
{
    enum class Kind : std::uint8_t { None, File, Folder, Link, Other };

    Kind kind = Kind::None;
    std::uint64_t device = 0, number = 0; ///< both 0 where files have no numbers (Windows)
    std::uint64_t mount = 0;              ///< which mount it is reached through; 0 where that is not known
    std::uint64_t links = 0;              ///< names that it has; 0 where that is not known
    std::uint32_t owner = 0, group = 0;   ///< 0 on Windows
    std::uint32_t mode = 0;               ///< permissions alone (07777); 0 on Windows

    [[nodiscard]] bool isSame(const Entry& other) const
    {
        return number != 0 && number == other.number && device == other.device;
    }
};

/// Of a path, through all its links.
Entry entryAt(const std::filesystem::path& path);
/// Of the path itself: a link is a Link.
Entry entryOf(const std::filesystem::path& path);
/// Whether something else is mounted on `entry`, which stands in the folder `above`; one file counts, too.
bool isMountedOn(const Entry& entry, const Entry& above);
/// All mount points at and below an absolute path without links, as far as the system tells.
std::vector<std::filesystem::path> mountPointsBelow(const std::filesystem::path& folder);
/// Whether it belongs to whom this process works for. Always on Windows.
bool isOwn(const Entry& entry);

/// An open folder. What is done in it is done to its own entries, whatever its name stands for by now, and no
/// link is followed. Names are single names, never paths. (On Windows it is its path.)
class Folder
{
public:
    /// Links on the way are followed. Error: Open.
    static Result<Folder> open(const std::filesystem::path& path);
    Folder(Folder&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), path_(std::move(other.path_)), self_(other.self_)
    {
    }
    Folder& operator=(Folder&&) = delete;
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder();

    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] const Entry& self() const { return self_; } ///< as it was when it was opened

    /// A folder in it; a link is none. Error: Open.
    [[nodiscard]] Result<Folder> folder(const std::filesystem::path& name) const;
    [[nodiscard]] Entry look(const std::filesystem::path& name) const;
    /// Sorted, so that "the first" is the same always. Error: Open.
    [[nodiscard]] Result<std::vector<std::filesystem::path>> names() const;
    /// All of a regular file of at most `limit` bytes; anything else is not opened, for it could block or be
    /// a device. Errors: Open, Read.
    [[nodiscard]] Result<std::string> read(const std::filesystem::path& name, std::size_t limit) const;

    [[nodiscard]] std::error_code removeFile(const std::filesystem::path& name) const;
    [[nodiscard]] std::error_code removeFolder(const std::filesystem::path& name) const; ///< an empty one
    /// To the same name in another folder, where nothing may stand.
    [[nodiscard]] std::error_code move(const std::filesystem::path& name, const Folder& to) const;
    /// Gives an entry the owner, group and permissions of another as far as this user may.
    void giveAccess(const std::filesystem::path& name, const Entry& like) const;
    /// The same for the folder itself.
    void takeAccess(const Entry& like) const;

private:
    Folder(int descriptor, std::filesystem::path path, Entry self)
        : descriptor_(descriptor), path_(std::move(path)), self_(self)
    {
    }

    int descriptor_ = -1;
    std::filesystem::path path_;
    Entry self_;
};

/// Makes a folder; that anything stands there, a link included, is an error.
std::error_code makeNewFolder(const std::filesystem::path& path);
/// Renames within one file system, over nothing.
std::error_code renameToNew(const std::filesystem::path& from, const std::filesystem::path& to);
/// Why the folder cannot get another name, as far as that can be known without trying it: its file system
/// refuses (a lower layer of an overlay), something is mounted on it, no permission. Needs a folder beside it
/// with something in it, over which no folder can be renamed.
std::error_code whyNotMovable(const std::filesystem::path& folder, const std::filesystem::path& filledFolder);

} // namespace packetloom
