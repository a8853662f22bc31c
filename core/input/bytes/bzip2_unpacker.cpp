// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/unpackers.h"

#include <algorithm>
#include <bzlib.h>
#include <limits>
#include <new>

namespace packetloom {
namespace {

class Bzip2Unpacker final : public Unpacker
{
public:
    Bzip2Unpacker() { init(); }
    Bzip2Unpacker(const Bzip2Unpacker&) = delete;
    Bzip2Unpacker& operator=(const Bzip2Unpacker&) = delete;
    ~Bzip2Unpacker() override { BZ2_bzDecompressEnd(&stream_); }

    Step step(std::span<const char>& input, std::span<char>& text) override
    {
        const std::size_t most = std::numeric_limits<unsigned>::max();
        const auto in = static_cast<unsigned>(std::min(input.size(), most));
        const auto out = static_cast<unsigned>(std::min(text.size(), most));
        stream_.next_in = const_cast<char*>(input.data()); // only read
        stream_.avail_in = in;
        stream_.next_out = text.data();
        stream_.avail_out = out;
        const int code = BZ2_bzDecompress(&stream_);
        input = input.subspan(in - stream_.avail_in);
        text = text.subspan(out - stream_.avail_out);
        switch (code) {
        case BZ_OK:
            return Step::More;
        case BZ_STREAM_END:
            return Step::MemberEnd;
        case BZ_MEM_ERROR:
            throw std::bad_alloc();
        case BZ_DATA_ERROR_MAGIC:
            return corrupt("it begins with no bzip2 header");
        default:
            return corrupt("its checksum or its structure is wrong");
        }
    }
    void begin() override
    {
        BZ2_bzDecompressEnd(&stream_);
        init();
    }
    [[nodiscard]] std::size_t magicBytes() const override { return 4; }
    [[nodiscard]] bool memberBegins(std::string_view bytes) const override
    {
        return bytes.size() >= 4 && bytes.starts_with("BZh") && bytes[3] >= '1' && bytes[3] <= '9';
    }

private:
    void init()
    {
        stream_ = {};
        if (BZ2_bzDecompressInit(&stream_, 0, 0) != BZ_OK)
            throw std::bad_alloc();
    }

    bz_stream stream_{};
};

} // namespace

std::unique_ptr<Unpacker> makeBzip2Unpacker()
{
    return std::make_unique<Bzip2Unpacker>();
}

} // namespace packetloom
