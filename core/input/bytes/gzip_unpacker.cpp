// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/unpackers.h"
#include "core/input/bytes/zlib_stream.h"

namespace packetloom {
namespace {

using namespace std::string_view_literals;

constexpr int gzipOnly = 15 + 16; // window bits of 32 KiB, gzip header and trailer (zlib's inflateInit2)

class GzipUnpacker final : public Unpacker
{
public:
    Step step(std::span<const char>& input, std::span<char>& text) override
    {
        const int code = stream_.step(input, text);
        if (code == Z_STREAM_END)
            return Step::MemberEnd;
        return code == Z_OK || code == Z_BUF_ERROR ? Step::More : corrupt(stream_.reason());
    }
    void begin() override { stream_.reset(); }
    [[nodiscard]] std::size_t magicBytes() const override { return 2; }
    [[nodiscard]] bool memberBegins(std::string_view bytes) const override
    {
        return bytes.starts_with("\x1f\x8b"sv);
    }

private:
    ZlibStream stream_{gzipOnly};
};

} // namespace

std::unique_ptr<Unpacker> makeGzipUnpacker()
{
    return std::make_unique<GzipUnpacker>();
}

} // namespace packetloom
