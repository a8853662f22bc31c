// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/file.h"

#include "core/support/file_calls.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <random>
#include <system_error>
#include <thread>
#include <utility>

namespace packetloom {
namespace {

using namespace file_calls;

// One call may be asked for at most this much: Linux stops at 2 GiB, Windows takes an unsigned int.
constexpr std::size_t mostBytesPerCall = std::size_t{1} << 30;

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
    const auto kind = kindOf(fd);
    file.waits_ = kind && *kind != FileKind::Regular;
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
    if (file && file->waits_) {
        if (const auto opened = kindOf(file->descriptor_))
            return refused(*opened);
    }
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
    return stampOf(descriptor_);
}

std::optional<FileStamp> fileStamp(const std::filesystem::path& path)
{
    return stampOf(path);
}

std::optional<FileKind> fileKind(const std::filesystem::path& path)
{
    return kindOf(path);
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
