// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/packed_source.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/support/gzip_text.h"
#include "tests/support/packed_text.h"
#include "tests/support/test_folder.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

using namespace packetloom;
using namespace packetloom::test;

namespace {

constexpr auto kind = Compression::PACKETLOOM_FUZZED;    // each kind is a program
constexpr std::size_t mostOutput = std::size_t{4} << 20; ///< a few kilobytes can become gigabytes
constexpr std::array<std::size_t, 4> sizes{1, 13, 512, 65536};

struct Inflated
{
    std::string text;
    bool failed = false;
    std::optional<std::uint64_t> ignoredFrom;
};

Inflated inflate(const std::filesystem::path& path, std::size_t fileSize, std::size_t blockSize,
                 std::size_t readSize)
{
    auto file = File::openForReading(path);
    require(file.has_value(), "the file can be opened");
    const auto source = PackedSource::over(std::make_unique<FileSource>(*std::move(file)), kind, blockSize);
    Inflated inflated;
    std::vector<char> piece(readSize);
    std::uint64_t onDisk = 0;
    while (inflated.text.size() < mostOutput) {
        const auto got = source->read(piece);
        require(onDisk <= source->bytesOnDisk() && source->bytesOnDisk() <= fileSize,
                "bytes on disk only grow, up to the file's size");
        onDisk = source->bytesOnDisk();
        if (!got) {
            const auto& error = got.error();
            require(error.code == Errc::Inflate || error.code == Errc::InflateEnd, "an error of unpacking");
            require(error.byte <= fileSize && error.file == path, "an error in the file");
            inflated.failed = true;
            break;
        }
        require(*got <= piece.size(), "no more than there is room for");
        if (*got == 0) {
            const auto again = source->read(piece);
            require(again && *again == 0, "the end stays the end");
            inflated.ignoredFrom = source->ignoredFrom();
            require(inflated.ignoredFrom.value_or(0) <= fileSize, "ignored bytes are in the file");
            break;
        }
        inflated.text.append(piece.data(), *got);
    }
    return inflated;
}

} // namespace

/// Unpacking gives the same text however it is cut into pieces, and all of a whole member's.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const TestFolder folder;
    FuzzInput input(data, size);
    const auto choice = input.byte();
    const auto blockSize = sizes[choice & 3u], readSize = sizes[choice >> 2 & 3u];
    std::string whole, file;
    if (choice & 16u) { // the input begins with a text that is still to be packed
        whole = input.text(input.byte());
        file = kind == Compression::Gzip ? gzipMember(whole, choice & 32u ? 7 : 0) : packed(whole, kind);
    }
    file += input.text();
    const auto path = folder.write("in.gz", file);
    const auto atOnce = inflate(path, file.size(), sizes.back(), sizes.back());
    const auto inPieces = inflate(path, file.size(), blockSize, std::max(readSize, sizes[1]));
    const auto common = std::min(atOnce.text.size(), inPieces.text.size());
    require(atOnce.text.compare(0, common, inPieces.text, 0, common) == 0, "the same text");
    require(atOnce.text.size() >= mostOutput || inPieces.text.size() >= mostOutput ||
                (atOnce.failed == inPieces.failed && atOnce.ignoredFrom == inPieces.ignoredFrom &&
                 (atOnce.failed || atOnce.text.size() == inPieces.text.size())),
            "the same end");
    require(inPieces.text.starts_with(whole) || inPieces.failed, "a whole member's text");
    return 0;
}
