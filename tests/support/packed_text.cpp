// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/packed_text.h"

#include "tests/support/gzip_text.h"

#include <stdexcept>
#include <zlib.h>
#ifdef PACKETLOOM_ZSTD
#include <zstd.h>
#endif
#ifdef PACKETLOOM_XZ
#include <lzma.h>
#endif
#ifdef PACKETLOOM_LZ4
#include <lz4frame.h>
#endif
#ifdef PACKETLOOM_BZIP2
#include <bzlib.h>
#endif

namespace packetloom::test {
namespace {

void require(bool good, const char* what)
{
    if (!good)
        throw std::runtime_error(what);
}

#ifdef PACKETLOOM_ZSTD
std::string zstdFrame(std::string_view text)
{
    ZSTD_CCtx* const context = ZSTD_createCCtx();
    ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
    std::string out(ZSTD_compressBound(text.size()), '\0');
    const auto size = ZSTD_compress2(context, out.data(), out.size(), text.data(), text.size());
    ZSTD_freeCCtx(context);
    require(!ZSTD_isError(size), "ZSTD_compress2");
    out.resize(size);
    return out;
}
#endif

#ifdef PACKETLOOM_XZ
std::string xzStream(std::string_view text)
{
    std::string out(lzma_stream_buffer_bound(text.size()), '\0');
    std::size_t size = 0;
    const auto code = lzma_easy_buffer_encode(1, LZMA_CHECK_CRC64, nullptr,
                                              reinterpret_cast<const std::uint8_t*>(text.data()), text.size(),
                                              reinterpret_cast<std::uint8_t*>(out.data()), &size, out.size());
    require(code == LZMA_OK, "lzma_easy_buffer_encode");
    out.resize(size);
    return out;
}
#endif

#ifdef PACKETLOOM_LZ4
std::string lz4Frame(std::string_view text)
{
    LZ4F_preferences_t preferences{};
    preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled;
    std::string out(LZ4F_compressFrameBound(text.size(), &preferences), '\0');
    const auto size = LZ4F_compressFrame(out.data(), out.size(), text.data(), text.size(), &preferences);
    require(!LZ4F_isError(size), "LZ4F_compressFrame");
    out.resize(size);
    return out;
}
#endif

#ifdef PACKETLOOM_BZIP2
std::string bzip2Stream(std::string_view text)
{
    std::string in(text), out(text.size() + text.size() / 100 + 600, '\0');
    auto size = static_cast<unsigned>(out.size());
    const int code =
        BZ2_bzBuffToBuffCompress(out.data(), &size, in.data(), static_cast<unsigned>(in.size()), 1, 0, 0);
    require(code == BZ_OK, "BZ2_bzBuffToBuffCompress");
    out.resize(size);
    return out;
}
#endif

std::string rawDeflate(const std::string& text)
{
    // A gzip member without its header of ten bytes and its trailer of eight.
    const auto member = gzipMember(text);
    return member.substr(10, member.size() - 18);
}

std::string little(std::size_t value, int bytes)
{
    std::string text;
    for (int i = 0; i < bytes; ++i, value >>= 8)
        text += static_cast<char>(value & 0xff);
    return text;
}

} // namespace

std::string zipped(const std::vector<ZippedFile>& files)
{
    std::string archive, directory;
    for (const auto& file : files) {
        const auto data = file.deflated ? rawDeflate(file.text) : file.text;
        const auto crc = crc32_z(0, reinterpret_cast<const Bytef*>(file.text.data()), file.text.size());
        const auto facts = little(crc, 4) + little(data.size(), 4) + little(file.text.size(), 4);
        const auto common = little(20, 2) + little(file.sizesBehind ? 8 : 0, 2) +
                            little(file.deflated ? 8 : 0, 2) + little(0, 4);
        const auto names = little(file.name.size(), 2);
        directory += "PK\1\2" + little(20, 2) + common + facts + names + little(0, 12) +
                     little(archive.size(), 4) + file.name;
        archive += "PK\3\4" + common + (file.sizesBehind ? std::string(12, '\0') : facts) + names +
                   little(0, 2) + file.name + data;
        if (file.sizesBehind)
            archive += "PK\7\10" + facts;
    }
    const auto place = archive.size();
    return archive + directory + "PK\5\6" + little(0, 4) + little(files.size(), 2) + little(files.size(), 2) +
           little(directory.size(), 4) + little(place, 4) + little(0, 2);
}

std::string packed(std::string_view text, Compression compression)
{
    switch (compression) {
    case Compression::Gzip:
        return gzipMember(text);
    case Compression::Zip:
        return zipped({{"in.csv", std::string(text)}});
#ifdef PACKETLOOM_ZSTD
    case Compression::Zstd:
        return zstdFrame(text);
#endif
#ifdef PACKETLOOM_XZ
    case Compression::Xz:
        return xzStream(text);
#endif
#ifdef PACKETLOOM_LZ4
    case Compression::Lz4:
        return lz4Frame(text);
#endif
#ifdef PACKETLOOM_BZIP2
    case Compression::Bzip2:
        return bzip2Stream(text);
#endif
    default:
        return {};
    }
}

std::string readableBytes(const std::filesystem::path& file)
{
    std::string text, block(777, '\0');
    const auto source = openByteSource(file, 1000);
    while (source) {
        const auto n = (*source)->read(block);
        if (!n || *n == 0)
            break;
        text.append(block, 0, *n);
    }
    return text;
}

std::string noise(std::size_t bytes)
{
    std::string text;
    std::uint32_t mixed = 1;
    while (text.size() < bytes)
        text += static_cast<char>('#' + ((mixed = mixed * 1664525 + 1013904223) >> 24) % 80);
    return text;
}

} // namespace packetloom::test
