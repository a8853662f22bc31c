// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/unpackers.h"

#include <new>
#include <zstd.h>

namespace packetloom {
namespace {

using namespace std::string_view_literals;

constexpr int mostWindowLog = 27; // 128 MiB, as the zstd program has it; larger windows need its --long

class ZstdUnpacker final : public Unpacker
{
public:
    ZstdUnpacker() : stream_(ZSTD_createDStream())
    {
        if (!stream_)
            throw std::bad_alloc();
        ZSTD_DCtx_setParameter(stream_, ZSTD_d_windowLogMax, mostWindowLog);
    }
    ZstdUnpacker(const ZstdUnpacker&) = delete;
    ZstdUnpacker& operator=(const ZstdUnpacker&) = delete;
    ~ZstdUnpacker() override { ZSTD_freeDStream(stream_); }

    Step step(std::span<const char>& input, std::span<char>& text) override
    {
        ZSTD_inBuffer in{input.data(), input.size(), 0};
        ZSTD_outBuffer out{text.data(), text.size(), 0};
        const std::size_t code = ZSTD_decompressStream(stream_, &out, &in);
        input = input.subspan(in.pos);
        text = text.subspan(out.pos);
        if (ZSTD_isError(code))
            return corrupt(ZSTD_getErrorName(code));
        return code == 0 ? Step::MemberEnd : Step::More;
    }
    void begin() override { ZSTD_DCtx_reset(stream_, ZSTD_reset_session_only); }
    [[nodiscard]] std::size_t magicBytes() const override { return 4; }
    [[nodiscard]] bool memberBegins(std::string_view bytes) const override
    {
        // A frame, or one that is to be skipped (RFC 8878, 3.1.2).
        return bytes.starts_with("\x28\xb5\x2f\xfd"sv) ||
               (bytes.size() >= 4 && bytes.substr(1, 3) == "\x2a\x4d\x18"sv && (bytes[0] & 0xf0) == 0x50);
    }

private:
    ZSTD_DStream* stream_;
};

} // namespace

std::unique_ptr<Unpacker> makeZstdUnpacker()
{
    return std::make_unique<ZstdUnpacker>();
}

} // namespace packetloom
