// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/ip_address.h"

#include <algorithm>
#include <charconv>

namespace packetloom::generator {
namespace {

constexpr std::size_t groupCount = 8;

void append(std::string& text, unsigned number, int base)
{
    std::array<char, 8> digits{};
    text.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number, base).ptr);
}

} // namespace

IpAddress IpAddress::v4(std::uint32_t address)
{
    IpAddress result;
    for (std::size_t i = 0; i < 4; ++i)
        result.bytes[i] = static_cast<std::uint8_t>(address >> (24 - 8 * i));
    return result;
}

IpAddress IpAddress::v6(const std::array<std::uint16_t, 8>& groups)
{
    IpAddress result;
    result.ipv6 = true;
    for (std::size_t i = 0; i < groupCount; ++i) {
        result.bytes[2 * i] = static_cast<std::uint8_t>(groups[i] >> 8);
        result.bytes[2 * i + 1] = static_cast<std::uint8_t>(groups[i] & 255);
    }
    return result;
}

std::string IpAddress::text() const
{
    std::string text;
    if (!ipv6) {
        for (std::size_t i = 0; i < 4; ++i) {
            text += i > 0 ? "." : "";
            append(text, bytes[i], 10);
        }
        return text;
    }
    const auto group = [this](std::size_t i) { return bytes[2 * i] << 8 | bytes[2 * i + 1]; };
    std::size_t zeros = 0, zerosAt = groupCount; // the longest run of at least two, the first of its length
    for (std::size_t begin = 0; begin < groupCount; ++begin) {
        std::size_t end = begin;
        while (end < groupCount && group(end) == 0)
            ++end;
        if (end - begin > std::max<std::size_t>(zeros, 1)) {
            zeros = end - begin;
            zerosAt = begin;
        }
    }
    for (std::size_t i = 0; i < groupCount; ++i) {
        if (i == zerosAt) {
            text += "::";
            i += zeros - 1;
            continue;
        }
        text += i > 0 && text.back() != ':' ? ":" : "";
        append(text, static_cast<unsigned>(group(i)), 16);
    }
    return text;
}

} // namespace packetloom::generator
