// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/unpackers.h"

#include <lz4frame.h>
#include <new>

namespace packetloom {
namespace {

using namespace std::string_view_literals;

/// Blocks are at most 4 MiB, and so is what is held of them (LZ4 Frame Format).
class Lz4Unpacker final : public Unpacker
{
public:
    Lz4Unpacker()
    {
        if (LZ4F_isError(LZ4F_createDecompressionContext(&context_, LZ4F_VERSION)))
            throw std::bad_alloc();
    }
    Lz4Unpacker(const Lz4Unpacker&) = delete;
    Lz4Unpacker& operator=(const Lz4Unpacker&) = delete;
    ~Lz4Unpacker() override { LZ4F_freeDecompressionContext(context_); }

    Step step(std::span<const char>& input, std::span<char>& text) override
    {
        std::size_t in = input.size(), out = text.size();
        const std::size_t code = LZ4F_decompress(context_, text.data(), &out, input.data(), &in, nullptr);
        if (LZ4F_isError(code))
            return corrupt(LZ4F_getErrorName(code));
        input = input.subspan(in);
        text = text.subspan(out);
        return code == 0 ? Step::MemberEnd : Step::More;
    }
    void begin() override { LZ4F_resetDecompressionContext(context_); }
    [[nodiscard]] std::size_t magicBytes() const override { return 4; }
    [[nodiscard]] bool memberBegins(std::string_view bytes) const override
    {
        return bytes.starts_with("\x04\x22\x4d\x18"sv) ||
               (bytes.size() >= 4 && bytes.substr(1, 3) == "\x2a\x4d\x18"sv && (bytes[0] & 0xf0) == 0x50);
    }

private:
    LZ4F_dctx* context_ = nullptr;
};

} // namespace

std::unique_ptr<Unpacker> makeLz4Unpacker()
{
    return std::make_unique<Lz4Unpacker>();
}

} // namespace packetloom
