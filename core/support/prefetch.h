// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>

namespace packetloom {

/// Asks the processor to fetch all cache lines of an object that will be read and written soon. A hint: the
/// address need not be valid.
inline void prefetchLines(const void* object, std::size_t bytes)
{
#ifdef __GNUC__
    constexpr std::size_t line = 64;
    for (std::size_t at = 0; at < bytes; at += line)
        __builtin_prefetch(static_cast<const char*>(object) + at, 1);
    // A function that does nothing else has no effect for GCC, which then leaves out calls of it.
    __asm__ volatile("" : : "r"(object));
#else
    static_cast<void>(object);
    static_cast<void>(bytes);
#endif
}

} // namespace packetloom
