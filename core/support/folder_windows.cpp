// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/folder.h"

#include <algorithm>
#include <array>
#include <fstream>

#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>

namespace packetloom {
namespace {

namespace fs = std::filesystem;

Error failure(Errc code, const std::error_code& reason, const fs::path& path)
{
    return Error{.code = code, .detail = reason.message(), .file = path};
}

std::error_code lastError()
{
    return {static_cast<int>(GetLastError()), std::system_category()};
}

Entry entryFrom(const fs::path& path, bool follow)
{
    const DWORD attributes = GetFileAttributesW(path.c_str());
    Entry entry;
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return entry;
    std::error_code ignored;
    const bool link = (attributes & FILE_ATTRIBUTE_REPARSE_POINT) != 0;
    const bool folder =
        link && follow ? fs::is_directory(path, ignored) : (attributes & FILE_ATTRIBUTE_DIRECTORY) != 0;
    entry.kind = link && !follow                             ? Entry::Kind::Link
                 : folder                                    ? Entry::Kind::Folder
                 : (attributes & FILE_ATTRIBUTE_DEVICE) != 0 ? Entry::Kind::Other
                                                             : Entry::Kind::File;
    return entry;
}

} // namespace

Entry entryAt(const fs::path& path)
{
    return entryFrom(path, true);
}

Entry entryOf(const fs::path& path)
{
    return entryFrom(path, false);
}

bool isMountedOn(const Entry&, const Entry&)
{
    return false; // it is a Link
}

std::vector<fs::path> mountPointsBelow(const fs::path&)
{
    return {};
}

bool isOwn(const Entry&)
{
    return true;
}

Result<Folder> Folder::open(const fs::path& path)
{
    std::error_code error;
    if (!fs::is_directory(path, error))
        return failure(Errc::Open, error ? error : std::make_error_code(std::errc::not_a_directory), path);
    return Folder(-1, path, entryAt(path));
}

Folder::~Folder() = default;

Result<Folder> Folder::folder(const fs::path& name) const
{
    if (look(name).kind != Entry::Kind::Folder)
        return failure(Errc::Open, std::make_error_code(std::errc::not_a_directory), path_ / name);
    return open(path_ / name);
}

Entry Folder::look(const fs::path& name) const
{
    return entryOf(path_ / name);
}

Result<std::vector<fs::path>> Folder::names() const
{
    std::error_code error;
    std::vector<fs::path> names;
    for (auto entry = fs::directory_iterator(path_, error); !error && entry != fs::directory_iterator();
         entry.increment(error))
        names.push_back(entry->path().filename());
    if (error)
        return failure(Errc::Open, error, path_);
    std::sort(names.begin(), names.end());
    return names;
}

Result<std::string> Folder::read(const fs::path& name, std::size_t limit) const
{
    std::ifstream file(path_ / name, std::ios::binary);
    if (look(name).kind != Entry::Kind::File || !file)
        return failure(Errc::Open, std::make_error_code(std::errc::no_such_file_or_directory), path_ / name);
    std::string text;
    std::array<char, 1 << 16> block{};
    while (file.read(block.data(), block.size()), file.gcount() > 0 && text.size() <= limit)
        text.append(block.data(), static_cast<std::size_t>(file.gcount()));
    if (text.size() > limit)
        return failure(Errc::Read, std::make_error_code(std::errc::file_too_large), path_ / name);
    return text;
}

std::error_code Folder::removeFile(const fs::path& name) const
{
    return DeleteFileW((path_ / name).c_str()) ? std::error_code() : lastError();
}

std::error_code Folder::removeFolder(const fs::path& name) const
{
    return RemoveDirectoryW((path_ / name).c_str()) ? std::error_code() : lastError();
}

std::error_code Folder::move(const fs::path& name, const Folder& to) const
{
    return renameToNew(path_ / name, to.path_ / name);
}

void Folder::giveAccess(const fs::path&, const Entry&) const {}

void Folder::takeAccess(const Entry&) const {}

std::error_code makeNewFolder(const fs::path& path)
{
    return CreateDirectoryW(path.c_str(), nullptr) ? std::error_code() : lastError();
}

std::error_code renameToNew(const fs::path& from, const fs::path& to)
{
    return MoveFileExW(from.c_str(), to.c_str(), 0) ? std::error_code() : lastError();
}

std::error_code whyNotMovable(const fs::path&, const fs::path&)
{
    return {};
}

} // namespace packetloom
