// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace packetloom {

/// How many bytes of memory a container takes at once, beside those that it has, when it grows during the
/// next `more` insertions; 0 when it need not. What doubles when it is large is asked about before: see
/// ProgressMeter::tick(). A vector uses no more than it copies until more is added.
template <class T>
std::uint64_t growthOf(const std::vector<T>& vector, std::size_t more)
{
    const std::size_t size = vector.size() + more;
    return size <= vector.capacity() ? 0 : size * std::uint64_t{sizeof(T)};
}

/// The same of one of tsl's robin_map or robin_set.
template <class Table>
std::uint64_t growthOfTable(const Table& table, std::size_t more)
{
    // Each place has the value, and beside it its distance and perhaps a part of its hash.
    constexpr std::size_t bytesOfPlace =
        sizeof(typename Table::value_type) + std::max(alignof(typename Table::value_type), std::size_t{8});
    const double places = static_cast<double>(table.bucket_count());
    if (static_cast<double>(table.size() + more) < places * static_cast<double>(table.max_load_factor()))
        return 0;
    return std::max<std::uint64_t>(2 * table.bucket_count(), 2 * (table.size() + more)) * bytesOfPlace;
}

} // namespace packetloom
