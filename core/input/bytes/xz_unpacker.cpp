// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/unpackers.h"

#include <lzma.h>
#include <new>

namespace packetloom {
namespace {

using namespace std::string_view_literals;

constexpr std::uint64_t memoryLimit = std::uint64_t{192} << 20; // xz -9 needs 65 MiB

class XzUnpacker final : public Unpacker
{
public:
    XzUnpacker() { begin(); }
    XzUnpacker(const XzUnpacker&) = delete;
    XzUnpacker& operator=(const XzUnpacker&) = delete;
    ~XzUnpacker() override { lzma_end(&stream_); }

    Step step(std::span<const char>& input, std::span<char>& text) override
    {
        stream_.next_in = reinterpret_cast<const std::uint8_t*>(input.data());
        stream_.avail_in = input.size();
        stream_.next_out = reinterpret_cast<std::uint8_t*>(text.data());
        stream_.avail_out = text.size();
        const lzma_ret code = lzma_code(&stream_, LZMA_RUN);
        input = input.subspan(input.size() - stream_.avail_in);
        text = text.subspan(text.size() - stream_.avail_out);
        switch (code) {
        case LZMA_OK:
        case LZMA_BUF_ERROR: // too little input
        case LZMA_NO_CHECK:
        case LZMA_GET_CHECK:
            return Step::More;
        case LZMA_STREAM_END:
            return Step::MemberEnd;
        case LZMA_MEM_ERROR:
            throw std::bad_alloc();
        case LZMA_MEMLIMIT_ERROR:
            return corrupt("its dictionary is larger than 128 MiB");
        case LZMA_UNSUPPORTED_CHECK:
        case LZMA_OPTIONS_ERROR:
            return corrupt("it needs what this program does not have");
        default:
            return corrupt("its checksum or its structure is wrong");
        }
    }
    void begin() override
    {
        // Without its checksum nothing can be said of a stream, so an unknown kind of it is refused.
        const lzma_ret code = lzma_stream_decoder(&stream_, memoryLimit, LZMA_TELL_UNSUPPORTED_CHECK);
        if (code != LZMA_OK)
            throw std::bad_alloc();
    }
    [[nodiscard]] std::size_t magicBytes() const override { return 6; }
    [[nodiscard]] bool memberBegins(std::string_view bytes) const override
    {
        return bytes.starts_with("\xfd"
                                 "7zXZ\0"sv);
    }

private:
    lzma_stream stream_ = LZMA_STREAM_INIT;
};

} // namespace

std::unique_ptr<Unpacker> makeXzUnpacker()
{
    return std::make_unique<XzUnpacker>();
}

} // namespace packetloom
