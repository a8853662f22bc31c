// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

/// What libFuzzer, or plain_main.cpp in its place, calls with every input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace packetloom::test {

/// Takes an input apart from its front. Behind its end all is 0 or empty.
class FuzzInput
{
public:
    FuzzInput(const std::uint8_t* data, std::size_t size) : left_(reinterpret_cast<const char*>(data), size)
    {
    }

    [[nodiscard]] bool empty() const { return left_.empty(); }
    std::uint8_t byte()
    {
        const auto first = text(1);
        return first.empty() ? std::uint8_t{0} : static_cast<std::uint8_t>(first.front());
    }
    std::int64_t word()
    {
        std::uint64_t word = 0;
        for (unsigned i = 0; i < 8; ++i)
            word |= std::uint64_t{byte()} << (8 * i);
        return static_cast<std::int64_t>(word);
    }
    /// So many bytes, or all that are left.
    std::string_view text(std::size_t size = std::string_view::npos)
    {
        const auto text = left_.substr(0, size);
        left_.remove_prefix(text.size());
        return text;
    }

private:
    std::string_view left_;
};

/// Ends the program, which makes the input a finding.
inline void require(bool holds, const char* what)
{
    if (holds)
        return;
    std::fprintf(stderr, "does not hold: %s\n", what);
    std::abort();
}

} // namespace packetloom::test
