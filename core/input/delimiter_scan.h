// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define PACKETLOOM_SCAN_SSE2 1
#endif

namespace packetloom {

/// How many bytes delimiterMask() looks at. Its caller must own that many bytes behind the address.
inline constexpr std::size_t scanWidth = 16;

/// Bit i is set when byte i is a comma, a line feed or a quote.
inline std::uint32_t delimiterMask(const char* at)
{
#ifdef PACKETLOOM_SCAN_SSE2
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i hits = _mm_or_si128(
        _mm_or_si128(_mm_cmpeq_epi8(bytes, _mm_set1_epi8(',')), _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\n'))),
        _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(hits));
#else
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < scanWidth; ++i)
        mask |= static_cast<std::uint32_t>(at[i] == ',' || at[i] == '\n' || at[i] == '"') << i;
    return mask;
#endif
}

} // namespace packetloom
