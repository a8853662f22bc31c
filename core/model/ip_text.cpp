// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/model/ip_text.h"

#include <array>
#include <charconv>

namespace packetloom {
namespace {

constexpr std::size_t groups = 8, ipv4Bytes = 4;

char* writeNumber(char* at, unsigned number, int base)
{
    constexpr std::ptrdiff_t longest = 4;
    return std::to_chars(at, at + longest, number, base).ptr;
}

char* writeIpv4(const std::uint8_t* address, char* at)
{
    for (std::size_t i = 0; i < ipv4Bytes; ++i) {
        if (i > 0)
            *at++ = '.';
        at = writeNumber(at, address[i], 10);
    }
    return at;
}

/// The first of the longest runs of zero groups, of two at least.
struct Run
{
    std::size_t begin = groups, length = 0;
};

Run longestZeroRun(const std::array<unsigned, groups>& group)
{
    Run longest{.begin = groups, .length = 1};
    Run run{.begin = 0, .length = 0};
    for (std::size_t i = 0; i < groups; ++i) {
        if (group[i] != 0) {
            run = {.begin = i + 1, .length = 0};
        } else if (++run.length > longest.length) {
            longest = run;
        }
    }
    return longest.begin < groups ? longest : Run();
}

char* writeIpv6(const std::uint8_t* address, char* at)
{
    constexpr std::size_t beforeIpv4 = 6, mappedGroup = 5;
    constexpr unsigned mapped = 0xffff;
    std::array<unsigned, groups> group{};
    for (std::size_t i = 0; i < groups; ++i)
        group[i] = static_cast<unsigned>(address[2 * i] << 8 | address[2 * i + 1]);
    const Run zeros = longestZeroRun(group);
    const bool holdsIpv4 =
        zeros.begin == 0 &&
        (zeros.length == beforeIpv4 || (zeros.length == mappedGroup && group[mappedGroup] == mapped));
    for (std::size_t i = 0; i < groups; ++i) {
        if (i >= zeros.begin && i < zeros.begin + zeros.length) {
            if (i == zeros.begin)
                *at++ = ':';
            continue;
        }
        if (i > 0)
            *at++ = ':';
        if (holdsIpv4 && i == beforeIpv4)
            return writeIpv4(address + 2 * beforeIpv4, at);
        at = writeNumber(at, group[i], 16);
    }
    if (zeros.begin + zeros.length == groups && zeros.length > 0)
        *at++ = ':';
    return at;
}

} // namespace

std::size_t writeIpText(std::span<const std::uint8_t> address, std::span<char, longestIpText> to)
{
    const char* const end = address.size() == ipv4Bytes ? writeIpv4(address.data(), to.data())
                                                        : writeIpv6(address.data(), to.data());
    return static_cast<std::size_t>(end - to.data());
}

} // namespace packetloom
