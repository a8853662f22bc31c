// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/result.h"
#include "core/support/stop_event.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>

namespace packetloom {

/// What tells whether a file is still the one it was.
struct FileStamp
{
    std::uint64_t size = 0;
    std::int64_t modified = 0;            ///< nanoseconds, of whatever clock the file system has
    std::uint64_t device = 0, number = 0; ///< both 0 where files have no numbers (Windows)

    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};
/// Nothing for what is not there or no regular file.
std::optional<FileStamp> fileStamp(const std::filesystem::path& path);

enum class FileKind : std::uint8_t { Regular, Folder, Pipe, Socket, Device };
/// Without opening it; nothing when it is not there, or cannot be looked at.
std::optional<FileKind> fileKind(const std::filesystem::path& path);

/// An owned file descriptor. Paths are std::filesystem::path throughout, so that names outside the narrow
/// code page work on Windows; files are always binary. Not thread-safe; a moved-from File is closed.
class File
{
public:
    File() = default;
    ~File();
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    /// Whatever it is: of a pipe, the first read() waits for somebody to write to it. A request of `stop`,
    /// which must outlive the file, ends reading with Cancelled, also while it waits. Errors: Open,
    /// IsDirectory.
    static Result<File> openForReading(const std::filesystem::path& path, const StopEvent* stop = nullptr);
    /// Only a regular file (through links or not): anything else could block, and is left untouched. Errors:
    /// Open, IsDirectory, NotRegular.
    static Result<File> openRegular(const std::filesystem::path& path);
    /// Creates the file; it must not exist yet.
    static Result<File> create(const std::filesystem::path& path);
    /// A nameless file for reading and writing in `folder`, gone when it is closed, however the program ends.
    static Result<File> temporary(const std::filesystem::path& folder);

    /// Up to into.size() bytes; 0 at the end. Interrupted reads are repeated. Errors: Read, Cancelled.
    Result<std::size_t> read(std::span<char> into);
    /// All of `into` from this place in the file, whatever was read before; Read when the file is shorter.
    /// Any number of threads may do so at once.
    Result<void> readAt(std::uint64_t offset, std::span<char> into) const;
    /// All of `bytes`, or an error (NoSpace when the disk is full).
    Result<void> write(std::span<const char> bytes);
    /// The same to this place in the file. One thread, while others use readAt(); not to be mixed with
    /// write(), whose place readAt() moves on Windows.
    Result<void> writeAt(std::uint64_t offset, std::span<const char> bytes);
    Result<void> rewind();
    /// Reports what a delayed write could not do. Closing twice is harmless.
    Result<void> close();

    /// Of the open file, whatever its name stands for by now. Nothing when it is no regular file.
    [[nodiscard]] std::optional<FileStamp> stamp() const;

    [[nodiscard]] bool isOpen() const noexcept { return descriptor_ >= 0; }
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

private:
    File(int descriptor, std::filesystem::path path) : descriptor_(descriptor), path_(std::move(path)) {}
    [[nodiscard]] Error failure(Errc code, int number) const;

    int descriptor_ = -1;
    bool waits_ = false; ///< for its content: a pipe, a terminal, ...
    const StopEvent* stop_ = nullptr;
    std::filesystem::path path_;
};

/// The rest of a file of at most `limit` bytes; a larger one is the error `tooLarge` with its size in `byte`.
/// The string's capacity has room for `slack` more bytes.
Result<std::string> readWhole(File& file, std::uint64_t limit, Errc tooLarge, std::size_t slack = 0);
/// Of a regular file, see File::openRegular().
Result<std::string> readWhole(const std::filesystem::path& path, std::uint64_t limit, Errc tooLarge,
                              std::size_t slack = 0);

} // namespace packetloom
