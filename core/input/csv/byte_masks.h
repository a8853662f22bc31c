// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define PACKETLOOM_MASKS_SSE2 1
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#define PACKETLOOM_MASKS_NEON 1
#endif

namespace packetloom {

/// 64 bytes that are compared at once: bit i of a mask is about byte i.
class ByteMasks
{
public:
    static constexpr std::size_t width = 64;

    /// Reads all of them.
    explicit ByteMasks(const char* at)
    {
#if defined(PACKETLOOM_MASKS_SSE2)
        for (std::size_t i = 0; i < 4; ++i)
            text_[i] = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at + i * 16));
#elif defined(PACKETLOOM_MASKS_NEON)
        for (std::size_t i = 0; i < 4; ++i)
            text_[i] = vld1q_u8(reinterpret_cast<const std::uint8_t*>(at) + i * 16);
#else
        text_ = at;
#endif
    }

    [[nodiscard]] std::uint64_t equal(char c) const
    {
#if defined(PACKETLOOM_MASKS_SSE2)
        const __m128i wanted = _mm_set1_epi8(c);
        std::uint64_t mask = 0;
        for (std::size_t i = 0; i < 4; ++i)
            mask |=
                std::uint64_t{static_cast<std::uint32_t>(_mm_movemask_epi8(_mm_cmpeq_epi8(text_[i], wanted)))}
                << (i * 16);
        return mask;
#elif defined(PACKETLOOM_MASKS_NEON)
        // NEON has no movemask: each lane keeps its own bit, and pairwise additions gather them.
        constexpr std::uint8_t lanes[16] = {1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128};
        const uint8x16_t own = vld1q_u8(lanes);
        const uint8x16_t wanted = vdupq_n_u8(static_cast<std::uint8_t>(c));
        uint8x16_t low =
            vpaddq_u8(vandq_u8(vceqq_u8(text_[0], wanted), own), vandq_u8(vceqq_u8(text_[1], wanted), own));
        const uint8x16_t high =
            vpaddq_u8(vandq_u8(vceqq_u8(text_[2], wanted), own), vandq_u8(vceqq_u8(text_[3], wanted), own));
        low = vpaddq_u8(low, high);
        low = vpaddq_u8(low, low);
        return vgetq_lane_u64(vreinterpretq_u64_u8(low), 0);
#else
        std::uint64_t mask = 0;
        for (std::size_t i = 0; i < width; ++i)
            mask |= std::uint64_t{text_[i] == c} << i;
        return mask;
#endif
    }

private:
#if defined(PACKETLOOM_MASKS_SSE2)
    __m128i text_[4];
#elif defined(PACKETLOOM_MASKS_NEON)
    uint8x16_t text_[4];
#else
    const char* text_;
#endif
};

} // namespace packetloom
