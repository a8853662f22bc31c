// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/csv/byte_masks.h"
#include "core/input/csv/csv_dialect.h"

#include <cstddef>
#include <cstdint>

namespace packetloom {

/// Which bytes of a text that begins outside of quotes lie within, 64 after 64.
class QuoteState
{
public:
    /// `quotes` are those of the next 64 bytes. Opening quotes and what follows them are inside, closing
    /// ones are not.
    std::uint64_t inside(std::uint64_t quotes)
    {
        for (unsigned shift = 1; shift < 64; shift *= 2) // each bit becomes the parity of all up to it
            quotes ^= quotes << shift;
        quotes ^= before_;
        before_ = (quotes >> 63) != 0 ? ~std::uint64_t{0} : 0;
        return quotes;
    }

private:
    std::uint64_t before_ = 0; ///< all bits: the last byte lay inside
};

/// How many bytes the whole rows at the beginning of a text take whose quotes are regular: a field has them
/// around all of it or not at all, and no quote, line end or NUL byte within. Such rows can be split at
/// every delimiter and line feed outside of quotes. A carriage return may only stand before a line feed.
/// Less than ByteMasks::width bytes behind the text are read, and mean nothing.
std::size_t regularlyQuoted(const char* text, std::size_t size, const CsvDialect& dialect);

} // namespace packetloom
