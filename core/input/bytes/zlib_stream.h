// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <new>
#include <span>
#include <zlib.h>

namespace packetloom {

/// zlib's inflate over spans. Only for the .cpp files of unpackers: others need no zlib.
class ZlibStream
{
public:
    /// `windowBits` as inflateInit2() has them. Throws bad_alloc.
    explicit ZlibStream(int windowBits)
    {
        if (inflateInit2(&stream_, windowBits) != Z_OK)
            throw std::bad_alloc();
    }
    ZlibStream(const ZlibStream&) = delete;
    ZlibStream& operator=(const ZlibStream&) = delete;
    ~ZlibStream() { inflateEnd(&stream_); }

    /// zlib's code; both spans become what is left of them. Throws bad_alloc.
    int step(std::span<const char>& input, std::span<char>& text)
    {
        const std::size_t most = std::numeric_limits<uInt>::max();
        const auto in = static_cast<uInt>(std::min(input.size(), most));
        const auto out = static_cast<uInt>(std::min(text.size(), most));
        // zlib does not write to its input, whatever its type says.
        stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
        stream_.avail_in = in;
        stream_.next_out = reinterpret_cast<Bytef*>(text.data());
        stream_.avail_out = out;
        const int code = inflate(&stream_, Z_NO_FLUSH);
        input = input.subspan(in - stream_.avail_in);
        text = text.subspan(out - stream_.avail_out);
        if (code == Z_MEM_ERROR)
            throw std::bad_alloc();
        return code;
    }
    void reset() { inflateReset(&stream_); }
    [[nodiscard]] const char* reason() const { return stream_.msg; }

private:
    z_stream stream_{};
};

} // namespace packetloom
