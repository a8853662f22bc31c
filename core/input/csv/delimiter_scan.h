// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/csv_dialect.h"

#include <cstddef>
#include <cstdint>
#include <memory>

#if defined(__SSE2__) || defined(_M_X64)
#include <emmintrin.h>
#define PACKETLOOM_SCAN_SSE2 1
#endif

namespace packetloom {

/// How many bytes delimiterMask() looks at. Its caller must own that many bytes behind the address.
inline constexpr std::size_t scanWidth = 16;

/// Bit i is set when byte i is a delimiter, a line feed, a carriage return or a quote.
inline std::uint32_t delimiterMask(const char* at, const CsvDialect& dialect)
{
#ifdef PACKETLOOM_SCAN_SSE2
    const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const auto are = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
    const __m128i hits = _mm_or_si128(_mm_or_si128(are(dialect.delimiter), are('\n')),
                                      _mm_or_si128(are('\r'), are(dialect.quote)));
    return static_cast<std::uint32_t>(_mm_movemask_epi8(hits));
#else
    std::uint32_t mask = 0;
    for (std::size_t i = 0; i < scanWidth; ++i)
        mask |= static_cast<std::uint32_t>(at[i] == dialect.delimiter || at[i] == '\n' || at[i] == '\r' ||
                                           at[i] == dialect.quote)
                << i;
    return mask;
#endif
}

/// Where the fields and the rows of a text end: one pass over the text with vector
/// instructions, so that what comes after has no byte to search for. Used again from text to text.
class DelimiterIndex
{
public:
    /// At most so many bytes behind the text are read (never used): the caller must own them.
    static constexpr std::size_t slack = 64;
    enum class Method : std::uint8_t { Plain, Vector, WideVector };

    /// `text` is at most 2^32 - 1 bytes.
    void scan(const char* text, std::size_t size, Method method = bestMethod(), char delimiter = ',');

    /// Of rows that are regularlyQuoted(): the delimiters and line feeds within quotes end nothing.
    void scanQuoted(const char* text, std::size_t size, const CsvDialect& dialect);

    /// The places of all delimiters and line feeds.
    [[nodiscard]] const std::uint32_t* delimiters() const { return delimiters_.get(); }
    /// Where a carriage return stands before a line feed, it is what ends the field.
    void moveDelimiter(std::size_t i, std::uint32_t place) { delimiters_[i] = place; }
    /// How many delimiters there are up to the end of row i, its line feed included.
    [[nodiscard]] std::uint32_t delimitersThrough(std::size_t i) const { return rows_[i]; }
    [[nodiscard]] std::size_t rows() const { return rowCount_; }

    /// The fastest one that this processor has.
    static Method bestMethod();

private:
    void reserve(std::size_t size);
    template <class MasksOf>
    void scanWith(const char* text, std::size_t size, MasksOf masksOf);
    void scanPlain(const char* text, std::size_t size, char delimiter);
    void scanVector(const char* text, std::size_t size, char delimiter);
    void scanWideVector(const char* text, std::size_t size, char delimiter);

    std::size_t capacity_ = 0;
    std::unique_ptr<std::uint32_t[]> delimiters_, rows_; // not vectors: they would be filled with zeros first
    std::size_t rowCount_ = 0;
};

/// The place of the first byte that keeps a text from being split at every delimiter and line feed: a quote,
/// a NUL byte, or a carriage return that no line feed follows; `size` when there is none.
/// DelimiterIndex::slack bytes behind the text are read; the first of them counts as what follows the text.
std::size_t findIrregular(const char* text, std::size_t size,
                          DelimiterIndex::Method method = DelimiterIndex::bestMethod(), char quote = '"');

} // namespace packetloom
