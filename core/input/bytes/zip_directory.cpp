// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/zip_directory.h"

#include "core/support/file.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace packetloom {
namespace {

using namespace std::string_view_literals;

constexpr auto endMark = "PK\x05\x06"sv, entryMark = "PK\x01\x02"sv, locator64 = "PK\x06\x07"sv,
               end64Mark = "PK\x06\x06"sv;
constexpr std::size_t endBytes = 22, mostComment = 0xffff, locatorBytes = 20, end64Bytes = 56,
                      entryBytes = 46;
constexpr std::uint64_t in64 = 0xffffffff; // the number stands elsewhere
constexpr std::uint64_t mostRead = std::uint64_t{1} << 20;

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t count)
{
    std::uint64_t value = 0;
    for (std::size_t i = count; i-- > 0;)
        value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return value;
}

/// So many bytes from a place on; empty where they are not there.
std::string bytesAt(const File& file, std::uint64_t size, std::uint64_t offset, std::uint64_t count)
{
    if (offset > size || count > size - offset)
        return {};
    std::string bytes(static_cast<std::size_t>(count), '\0');
    if (!file.readAt(offset, bytes))
        bytes.clear();
    return bytes;
}

struct Place
{
    std::uint64_t offset = 0, bytes = 0;
};

/// Where the directory is of an archive that has more than 32 bits of anything.
std::optional<Place> placeIn64(const File& file, std::uint64_t size, std::uint64_t end)
{
    if (end < locatorBytes)
        return std::nullopt;
    const auto locator = bytesAt(file, size, end - locatorBytes, locatorBytes);
    if (!locator.starts_with(locator64))
        return std::nullopt;
    const auto record = bytesAt(file, size, number(locator, 8, 8), end64Bytes);
    if (!record.starts_with(end64Mark))
        return std::nullopt;
    return Place{number(record, 48, 8), number(record, 40, 8)};
}

std::optional<Place> placeOfDirectory(const File& file, std::uint64_t size)
{
    const auto tailBytes = std::min<std::uint64_t>(size, endBytes + mostComment);
    const auto tail = bytesAt(file, size, size - tailBytes, tailBytes);
    for (auto at = tail.rfind(endMark); at != std::string::npos;
         at = at == 0 ? std::string::npos : tail.rfind(endMark, at - 1)) {
        if (tail.size() - at < endBytes || number(tail, at + 20, 2) != tail.size() - at - endBytes)
            continue; // a comment may hold anything
        const Place place{number(tail, at + 16, 4), number(tail, at + 12, 4)};
        if (place.offset == in64 || place.bytes == in64)
            return placeIn64(file, size, size - tailBytes + at);
        return place;
    }
    return std::nullopt;
}

} // namespace

bool namesMoreThanOneFile(const std::filesystem::path& zip)
{
    const auto file = File::openRegular(zip);
    const auto stamp = file ? file->stamp() : std::nullopt;
    const auto place = stamp ? placeOfDirectory(*file, stamp->size) : std::nullopt;
    if (!place)
        return false;
    const auto text = bytesAt(*file, stamp->size, place->offset, std::min(place->bytes, mostRead));
    const std::string_view directory = text;
    int files = 0;
    for (std::size_t at = 0; at + entryBytes <= directory.size();) {
        const auto entry = directory.substr(at);
        if (!entry.starts_with(entryMark))
            return false;
        const auto nameBytes = static_cast<std::size_t>(number(entry, 28, 2));
        const auto name = entry.substr(entryBytes, nameBytes);
        // As the unpacker has it.
        const bool folder = name.ends_with('/') && number(entry, 10, 2) == 0 && number(entry, 20, 4) == 0;
        files += folder ? 0 : 1;
        if (files > 1)
            return true;
        at += entryBytes + nameBytes + static_cast<std::size_t>(number(entry, 30, 2) + number(entry, 32, 2));
    }
    return false;
}

} // namespace packetloom
