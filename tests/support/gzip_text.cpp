// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/gzip_text.h"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <zlib.h>

namespace packetloom::test {

std::string gzipMember(std::string_view text, std::size_t flushEvery)
{
    z_stream stream{};
    if (deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw std::runtime_error("deflateInit2");
    std::string result;
    std::string input(text);
    std::array<char, 4096> output{};
    const std::size_t step = flushEvery > 0 ? flushEvery : std::max<std::size_t>(text.size(), 1);
    for (std::size_t at = 0; at == 0 || at < input.size(); at += step) {
        const std::size_t size = std::min(step, input.size() - at);
        stream.next_in = reinterpret_cast<Bytef*>(input.data() + at);
        stream.avail_in = static_cast<uInt>(size);
        const int flush = at + size >= input.size() ? Z_FINISH : Z_FULL_FLUSH;
        do {
            stream.next_out = reinterpret_cast<Bytef*>(output.data());
            stream.avail_out = static_cast<uInt>(output.size());
            deflate(&stream, flush);
            result.append(output.data(), output.size() - stream.avail_out);
        } while (stream.avail_out == 0);
    }
    deflateEnd(&stream);
    return result;
}

} // namespace packetloom::test
