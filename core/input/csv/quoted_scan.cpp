// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/csv/quoted_scan.h"

#include <bit>

namespace packetloom {
namespace {

/// Bits moved to the next byte, the last one into the next 64.
class Next
{
public:
    explicit Next(bool first) : before_(first) {}
    std::uint64_t operator()(std::uint64_t bits)
    {
        const std::uint64_t moved = bits << 1 | static_cast<std::uint64_t>(before_);
        before_ = bits >> 63 != 0;
        return moved;
    }

private:
    bool before_;
};

} // namespace

std::size_t regularlyQuoted(const char* text, std::size_t size, const CsvDialect& dialect)
{
    QuoteState state;
    Next behindEnd(true), behindClosing(false), behindReturn(false); // a row begins where a field does
    std::size_t rows = 0;
    for (std::size_t at = 0; at < size; at += ByteMasks::width) {
        const ByteMasks masks(text + at);
        const std::uint64_t quotes = masks.equal(dialect.quote), feeds = masks.equal('\n'),
                            returns = masks.equal('\r');
        const std::uint64_t inside = state.inside(quotes);
        const std::uint64_t ends = (feeds | masks.equal(dialect.delimiter)) & ~inside;
        const std::uint64_t opening = quotes & inside, closing = quotes & ~inside;
        std::uint64_t bad = (opening & ~behindEnd(ends)) | (behindClosing(closing) & ~(ends | returns)) |
                            (behindReturn(returns) & ~feeds) | ((feeds | returns) & inside) |
                            masks.equal('\0');
        if (size - at < ByteMasks::width)
            bad |= ~std::uint64_t{0} << (size - at);
        // What is wrong about a byte is seen at the one behind it: a row is good when it ends before.
        const std::uint64_t before = bad == 0 ? ~std::uint64_t{0} : (bad & (~bad + 1)) - 1;
        if (const std::uint64_t good = feeds & ~inside & before; good != 0)
            rows = at + 64 - static_cast<std::size_t>(std::countl_zero(good));
        if (bad != 0)
            break;
    }
    return rows;
}

} // namespace packetloom
