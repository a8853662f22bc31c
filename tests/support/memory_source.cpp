// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/memory_source.h"

#include <algorithm>

namespace packetloom::test {

Result<std::size_t> MemorySource::read(std::span<char> into)
{
    const std::size_t size = std::min({into.size(), piece_, text_.size() - used_});
    std::copy_n(text_.begin() + static_cast<std::ptrdiff_t>(used_), size, into.begin());
    used_ += size;
    return size;
}

Result<std::size_t> RepeatingSource::read(std::span<char> into)
{
    std::size_t size = 0;
    while (size < into.size()) {
        if (used_ < head_.size()) {
            into[size++] = head_[static_cast<std::size_t>(used_++)];
        } else if (used_ - head_.size() < total_) {
            into[size++] = unit_[static_cast<std::size_t>((used_++ - head_.size()) % unit_.size())];
        } else if (used_ - head_.size() - total_ < tail_.size()) {
            into[size++] = tail_[static_cast<std::size_t>(used_++ - head_.size() - total_)];
        } else {
            break;
        }
    }
    return size;
}

} // namespace packetloom::test
