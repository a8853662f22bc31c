// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/delimiter_scan.h"

#include "core/input/csv/byte_masks.h"
#include "core/input/csv/quoted_scan.h"

#include <algorithm>
#include <bit>

#if defined(PACKETLOOM_SCAN_SSE2) && defined(__GNUC__)
#include <immintrin.h>
#define PACKETLOOM_SCAN_AVX2 1
// The rest of the program is built for any processor of the family; these functions alone for newer ones.
#define PACKETLOOM_FOR_AVX2 [[gnu::target("avx2,bmi,popcnt")]]
#endif

namespace packetloom {
namespace {

constexpr std::size_t stride = ByteMasks::width;

struct Masks
{
    std::uint64_t any;      ///< delimiters and line feeds
    std::uint64_t lineFeed; ///< line feeds alone
};

struct PlainMasks
{
    char delimiter;

    Masks operator()(const char* at) const
    {
        Masks masks{0, 0};
        for (std::size_t i = 0; i < stride; ++i) {
            masks.any |= std::uint64_t{at[i] == delimiter || at[i] == '\n'} << i;
            masks.lineFeed |= std::uint64_t{at[i] == '\n'} << i;
        }
        return masks;
    }
};

struct VectorMasks
{
    char delimiter;

    Masks operator()(const char* at) const
    {
        const ByteMasks bytes(at);
        const std::uint64_t lineFeeds = bytes.equal('\n');
        return {bytes.equal(delimiter) | lineFeeds, lineFeeds};
    }
};

/// The delimiters and line feeds outside of quotes.
struct QuotedMasks
{
    CsvDialect dialect;
    QuoteState state{};

    Masks operator()(const char* at)
    {
        const ByteMasks bytes(at);
        const std::uint64_t outside = ~state.inside(bytes.equal(dialect.quote));
        const std::uint64_t lineFeeds = bytes.equal('\n') & outside;
        return {(bytes.equal(dialect.delimiter) & outside) | lineFeeds, lineFeeds};
    }
};

// The bits of a stride as places. Always a few more are written than there are, because the count of a loop
// that nearly always takes the same number of turns is predicted; what is too much is overwritten next.
constexpr std::size_t placesAtOnce = 8;

inline std::uint32_t* putPlaces(std::uint32_t* out, std::uint64_t bits, std::uint32_t base)
{
    std::uint32_t* const end = out + std::popcount(bits);
    while (bits != 0) {
        for (std::size_t i = 0; i < placesAtOnce; ++i) {
            out[i] = base + static_cast<std::uint32_t>(std::countr_zero(bits));
            bits &= bits - 1; // no bits stay no bits
        }
        out += placesAtOnce;
    }
    return end;
}

bool irregular(const char* at, char quote)
{
    return (*at == quote) | (*at == '\0') | ((*at == '\r') & (at[1] != '\n'));
}

// Written for the compiler to make vector instructions of it.
std::size_t findIrregularPlain(const char* text, std::size_t size, char quote)
{
    for (std::size_t at = 0; at < size; at += stride) {
        std::uint8_t found = 0;
        for (std::size_t i = 0; i < stride; ++i)
            found |= static_cast<std::uint8_t>(irregular(text + at + i, quote));
        for (std::size_t i = at; found != 0 && i < at + stride && i < size; ++i) {
            if (irregular(text + i, quote))
                return i;
        }
    }
    return size;
}

#ifdef PACKETLOOM_SCAN_AVX2
// The three bytes differ in their lower halves: one look into a table by these tells what a byte would have
// to be. A byte that may not be there has no fitting entry, and one above 127 finds 0.
PACKETLOOM_FOR_AVX2
std::size_t findIrregularAvx2(const char* text, std::size_t size, char quote)
{
    constexpr char no = -1;
    const char mark = quote == '"' ? '"' : no, apostrophe = quote == '\'' ? '\'' : no;
    const __m256i table = _mm256_broadcastsi128_si256(
        _mm_setr_epi8(0, no, mark, no, no, no, no, apostrophe, no, no, no, no, no, '\r', no, no));
    const __m256i carriageReturn = _mm256_set1_epi8('\r'), feed = _mm256_set1_epi8('\n');
    for (std::size_t at = 0; at < size; at += stride) {
        const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at));
        const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at + 32));
        const __m256i lowHits = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, low), low);
        const __m256i highHits = _mm256_cmpeq_epi8(_mm256_shuffle_epi8(table, high), high);
        const __m256i hits = _mm256_or_si256(lowHits, highHits);
        if (_mm256_testz_si256(hits, hits)) [[likely]]
            continue;
        // But for carriage returns that have their line feed.
        const __m256i lowNext = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at + 1));
        const __m256i highNext = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at + 33));
        const __m256i lowPairs =
            _mm256_and_si256(_mm256_cmpeq_epi8(low, carriageReturn), _mm256_cmpeq_epi8(lowNext, feed));
        const __m256i highPairs =
            _mm256_and_si256(_mm256_cmpeq_epi8(high, carriageReturn), _mm256_cmpeq_epi8(highNext, feed));
        const __m256i lowAlone = _mm256_andnot_si256(lowPairs, lowHits);
        const __m256i highAlone = _mm256_andnot_si256(highPairs, highHits);
        const __m256i alone = _mm256_or_si256(lowAlone, highAlone);
        if (_mm256_testz_si256(alone, alone)) [[likely]]
            continue;
        const std::uint64_t found = std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(highAlone))}
                                        << 32 |
                                    static_cast<std::uint32_t>(_mm256_movemask_epi8(lowAlone));
        return std::min(at + static_cast<std::size_t>(std::countr_zero(found)), size);
    }
    return size;
}
#endif

} // namespace

template <class MasksOf>
void DelimiterIndex::scanWith(const char* text, std::size_t size, MasksOf masksOf)
{
    std::uint32_t* delimiter = delimiters_.get();
    std::uint32_t* row = rows_.get();
    for (std::size_t at = 0; at < size; at += stride) {
        Masks masks = masksOf(text + at);
        if (size - at < stride) {
            const std::uint64_t inside = (std::uint64_t{1} << (size - at)) - 1;
            masks = {masks.any & inside, masks.lineFeed & inside};
        }
        const auto before = static_cast<std::uint32_t>(delimiter - delimiters_.get());
        delimiter = putPlaces(delimiter, masks.any, static_cast<std::uint32_t>(at));
        for (std::uint64_t feeds = masks.lineFeed; feeds != 0; feeds &= feeds - 1) {
            const std::uint64_t upToHere = feeds ^ (feeds - 1); // the lowest bit and all below
            *row++ = before + static_cast<std::uint32_t>(std::popcount(masks.any & upToHere));
        }
    }
    rowCount_ = static_cast<std::size_t>(row - rows_.get());
}

void DelimiterIndex::scanPlain(const char* text, std::size_t size, char delimiter)
{
    scanWith(text, size, PlainMasks{delimiter});
}

void DelimiterIndex::scanVector(const char* text, std::size_t size, char delimiter)
{
    scanWith(text, size, VectorMasks{delimiter});
}

#ifdef PACKETLOOM_SCAN_AVX2
// Written out, because a template is not compiled for another processor than its caller.
PACKETLOOM_FOR_AVX2
void DelimiterIndex::scanWideVector(const char* text, std::size_t size, char delimiter)
{
    const __m256i comma = _mm256_set1_epi8(delimiter), feed = _mm256_set1_epi8('\n');
    std::uint32_t* place = delimiters_.get();
    std::uint32_t* row = rows_.get();
    for (std::size_t at = 0; at < size; at += stride) {
        const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at));
        const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + at + 32));
        const __m256i lowFeeds = _mm256_cmpeq_epi8(low, feed), highFeeds = _mm256_cmpeq_epi8(high, feed);
        const __m256i lowAny = _mm256_or_si256(lowFeeds, _mm256_cmpeq_epi8(low, comma));
        const __m256i highAny = _mm256_or_si256(highFeeds, _mm256_cmpeq_epi8(high, comma));
        std::uint64_t any = std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(highAny))} << 32 |
                            static_cast<std::uint32_t>(_mm256_movemask_epi8(lowAny));
        std::uint64_t feeds = std::uint64_t{static_cast<std::uint32_t>(_mm256_movemask_epi8(highFeeds))}
                                  << 32 |
                              static_cast<std::uint32_t>(_mm256_movemask_epi8(lowFeeds));
        if (size - at < stride) {
            const std::uint64_t inside = (std::uint64_t{1} << (size - at)) - 1;
            any &= inside;
            feeds &= inside;
        }
        const auto before = static_cast<std::uint32_t>(place - delimiters_.get());
        place = putPlaces(place, any, static_cast<std::uint32_t>(at));
        for (; feeds != 0; feeds &= feeds - 1)
            *row++ = before + static_cast<std::uint32_t>(std::popcount(any & (feeds ^ (feeds - 1))));
    }
    rowCount_ = static_cast<std::size_t>(row - rows_.get());
}
#else
void DelimiterIndex::scanWideVector(const char* text, std::size_t size, char delimiter)
{
    scanVector(text, size, delimiter);
}
#endif

DelimiterIndex::Method DelimiterIndex::bestMethod()
{
#ifdef PACKETLOOM_SCAN_AVX2
    static const bool has =
        __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
    return has ? Method::WideVector : Method::Vector;
#else
    return Method::Vector;
#endif
}

std::size_t findIrregular(const char* text, std::size_t size, [[maybe_unused]] DelimiterIndex::Method method,
                          char quote)
{
#ifdef PACKETLOOM_SCAN_AVX2
    if (method == DelimiterIndex::Method::WideVector)
        return findIrregularAvx2(text, size, quote);
#endif
    return findIrregularPlain(text, size, quote);
}

void DelimiterIndex::reserve(std::size_t size)
{
    if (size <= capacity_ && delimiters_)
        return;
    // As many as there could be; memory is taken only where there are any.
    capacity_ = size;
    delimiters_ = std::make_unique_for_overwrite<std::uint32_t[]>(size + stride + placesAtOnce);
    rows_ = std::make_unique_for_overwrite<std::uint32_t[]>(size + 1);
}

void DelimiterIndex::scan(const char* text, std::size_t size, Method method, char delimiter)
{
    reserve(size);
    switch (method) {
    case Method::Plain:
        return scanPlain(text, size, delimiter);
    case Method::Vector:
        return scanVector(text, size, delimiter);
    case Method::WideVector:
        return scanWideVector(text, size, delimiter);
    }
}

void DelimiterIndex::scanQuoted(const char* text, std::size_t size, const CsvDialect& dialect)
{
    reserve(size);
    scanWith(text, size, QuotedMasks{dialect});
}

} // namespace packetloom
