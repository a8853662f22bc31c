// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/file.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>

/// What File asks the system for, with descriptors, in the ways of POSIX: a negative number is a failure, of
/// which errno tells more. For file.cpp alone.
namespace packetloom::file_calls {

int openExisting(const std::filesystem::path& path);
/// It must not be there yet.
int openNew(const std::filesystem::path& path);
/// The same of a file that goes when it is closed.
int openTemporary(const std::filesystem::path& path);
std::ptrdiff_t readSome(int fd, char* to, std::size_t n);
std::ptrdiff_t writeSome(int fd, const char* from, std::size_t n);
std::ptrdiff_t readSomeAt(int fd, char* to, std::size_t n, std::uint64_t offset);
std::ptrdiff_t writeSomeAt(int fd, const char* from, std::size_t n, std::uint64_t offset);
bool toStart(int fd);
int closeIt(int fd);

/// Nothing where it cannot be looked at.
std::optional<FileKind> kindOf(int fd);
std::optional<FileKind> kindOf(const std::filesystem::path& path);
/// Nothing of what is no regular file, either.
std::optional<FileStamp> stampOf(int fd);
std::optional<FileStamp> stampOf(const std::filesystem::path& path);

} // namespace packetloom::file_calls
