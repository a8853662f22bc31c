// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/content_sniffer.h"

#include "core/input/bytes/unpacker.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace packetloom {
namespace {

using namespace std::string_view_literals;

struct Signature
{
    std::string_view magic;
    const char* name;
};

constexpr std::array signatures{
    Signature{"\x0a\x0d\x0d\x0a"sv, "pcapng"},  Signature{"PK\x03\x04"sv, "zip"},
    Signature{"\xfd\x37zXZ\0"sv, "xz"},         Signature{"\x28\xb5\x2f\xfd"sv, "zstd"},
    Signature{"\x04\x22\x4d\x18"sv, "lz4"},     Signature{"BZh"sv, "bzip2"},
    Signature{"7z\xbc\xaf\x27\x1c"sv, "7z"},    Signature{"PAR1"sv, "parquet"},
    Signature{"SQLite format 3\0"sv, "sqlite"}, Signature{"\x1f\x8b"sv, "gzip"},
};

constexpr std::size_t sniffedBytes = 64;

std::string_view magicOf(Compression compression)
{
    switch (compression) {
    case Compression::Gzip:
        return "\x1f\x8b"sv;
    case Compression::Zip:
        return "PK\x03\x04"sv;
    case Compression::Zstd:
        return "\x28\xb5\x2f\xfd"sv;
    case Compression::Xz:
        return "\xfd\x37zXZ\0"sv;
    case Compression::Lz4:
        return "\x04\x22\x4d\x18"sv;
    case Compression::Bzip2:
        return "BZh"sv;
    case Compression::None:
        break;
    }
    return {};
}

std::string binaryKind(std::string_view head)
{
    for (const auto& signature : signatures) {
        if (head.starts_with(signature.magic))
            return signature.name;
    }
    return {};
}

bool looksLikeUtf16(std::string_view head)
{
    // Without a byte order mark: the header's ASCII letters have a zero byte each, before or after.
    return head.size() >= 4 && ((head[0] == '\0' && head[2] == '\0' && head[1] != '\0' && head[3] != '\0') ||
                                (head[1] == '\0' && head[3] == '\0' && head[0] != '\0' && head[2] != '\0'));
}

bool hasControlCharacters(std::string_view head)
{
    // A header line has no control characters but the line's end (and a tab, in a name).
    const auto headerEnd = std::min(head.find_first_of("\r\n"), head.size());
    return std::any_of(head.begin(), head.begin() + static_cast<std::ptrdiff_t>(headerEnd), [](char c) {
        const auto u = static_cast<unsigned char>(c);
        return (u < 0x20 && c != '\t' && c != '\f' && c != '\v') || u == 0x7f;
    });
}

} // namespace

Compression compressionOf(std::string_view head)
{
    for (const auto compression : {Compression::Gzip, Compression::Zip, Compression::Zstd, Compression::Xz,
                                   Compression::Lz4, Compression::Bzip2}) {
        if (head.starts_with(magicOf(compression)) && makeUnpacker(compression))
            return compression;
    }
    return Compression::None;
}

std::optional<Error> whyNoText(std::string_view head, const std::filesystem::path& file)
{
    head = head.substr(0, sniffedBytes);
    const auto error = [&](Errc code, std::string detail = {}) {
        return Error{.code = code, .detail = std::move(detail), .file = file};
    };
    if (head.empty())
        return error(Errc::Empty);
    if (head.starts_with("\xff\xfe"sv) || head.starts_with("\xfe\xff"sv))
        return error(Errc::Utf16);
    if (auto kind = binaryKind(head); !kind.empty())
        return error(Errc::Binary, std::move(kind));
    if (looksLikeUtf16(head))
        return error(Errc::Utf16);
    if (hasControlCharacters(head))
        return error(Errc::Binary);
    return std::nullopt;
}

} // namespace packetloom
