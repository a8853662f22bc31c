// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/file.h"
#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace packetloom {

/// What happened to an input while it was read.
enum class InputChange : std::uint8_t {
    None,
    Shrank,    ///< what was cut off may not have been read
    Grew,      ///< what was added may have been read or not
    Rewritten, ///< the same length, but written to
    Replaced,  ///< the name stands for another file; the old one was read
};

/// How the bytes on disk are packed.
enum class Compression : std::uint8_t { None, Gzip, Zip, Zstd, Xz, Lz4, Bzip2 };
/// "gzip"; "none".
std::string_view compressionName(Compression compression);

/// So many first bytes of an input tell what it is.
inline constexpr std::size_t headBytes = std::size_t{64} << 10;

/// A stream of an input's bytes. Plain and compressed files look alike from here on.
class ByteSource
{
public:
    ByteSource() = default;
    ByteSource(const ByteSource&) = delete;
    ByteSource& operator=(const ByteSource&) = delete;
    virtual ~ByteSource() = default;

    /// Up to into.size() bytes (at least one unless the end is reached); 0 at the end. After an error:
    /// undefined.
    virtual Result<std::size_t> read(std::span<char> into) = 0;
    /// Its first bytes, decompressed: headBytes of what openByteSource() gives, or fewer where there are no
    /// more or where it fails. read() delivers them all the same. Valid as long as the source.
    [[nodiscard]] virtual std::string_view head() const noexcept { return {}; }
    /// Bytes taken from the file on disk so far (compressed ones for gzip): what progress is measured in.
    [[nodiscard]] virtual std::uint64_t bytesOnDisk() const noexcept = 0;
    [[nodiscard]] virtual Compression compression() const noexcept { return Compression::None; }
    /// Whether the file changed since it was opened.
    [[nodiscard]] virtual InputChange change() const { return InputChange::None; }
    /// Where bytes after the end of the compressed stream were found and left out, if so.
    [[nodiscard]] virtual std::optional<std::uint64_t> ignoredFrom() const noexcept { return std::nullopt; }
};

/// The bytes of a file as they are. What was looked at with peek() is still delivered by read().
class FileSource final : public ByteSource
{
public:
    explicit FileSource(File file) : file_(std::move(file)), opened_(file_.stamp()) {}

    /// The first `wanted` bytes, or fewer where the file is shorter. Only before the first read().
    Result<std::string_view> peek(std::size_t wanted);
    Result<std::size_t> read(std::span<char> into) override;
    [[nodiscard]] std::string_view head() const noexcept override { return peeked_; }
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override { return delivered_; }
    [[nodiscard]] InputChange change() const override;
    [[nodiscard]] const std::filesystem::path& path() const noexcept { return file_.path(); }

private:
    File file_;
    std::optional<FileStamp> opened_; ///< when it was opened
    std::string peeked_;
    std::size_t peekedUsed_ = 0;
    std::uint64_t delivered_ = 0;
};

/// Opens an input and reads its head(). Compression is recognised by magic bytes, never by the file's name;
/// what is compressed twice is unpacked once. A ZIP whose directory names two files is refused (Inflate).
/// `blockSize` is how much compressed input is read at once.
/// `stop` is for the file, see File::openForReading(). Errors: those of opening, and of reading where nothing
/// at all could be read; a later one is told by read() behind what came before it.
Result<std::unique_ptr<ByteSource>> openByteSource(const std::filesystem::path& path, std::size_t blockSize,
                                                   const StopEvent* stop = nullptr);

} // namespace packetloom
