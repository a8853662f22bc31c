// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/generator/output_file.h"

#include "core/support/path_text.h"

#include <cerrno>
#include <cstring>
#include <zlib.h>

#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#endif

namespace packetloom::generator {
namespace {

constexpr std::size_t compressedCapacity = std::size_t{1} << 18;

std::FILE* opened(const std::filesystem::path& path)
{
#ifdef _WIN32
    return _wfopen(path.c_str(), L"wb");
#else
    return std::fopen(path.c_str(), "wb");
#endif
}

std::FILE* binaryStandardOutput()
{
#ifdef _WIN32
    _setmode(_fileno(stdout), _O_BINARY);
#endif
    return stdout;
}

} // namespace

OutputFile::OutputFile(const std::filesystem::path& path) : name_(pathText(path))
{
    file_ = name_ == "-" ? binaryStandardOutput() : opened(path);
    if (file_ == nullptr) {
        fail();
        return;
    }
    if (path.extension() != ".gz")
        return;
    stream_ = std::make_unique<z_stream>();
    compressed_ = std::make_unique<char[]>(compressedCapacity);
    gz_header header{}; // no time and no name in it
    header.os = 255;    // unknown: zlib's own choice would differ from platform to platform
    if (deflateInit2(stream_.get(), Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 9,
                     Z_DEFAULT_STRATEGY) != Z_OK) {
        stream_.reset();
        error_ = "zlib cannot be initialized";
        return;
    }
    deflateSetHeader(stream_.get(), &header);
    deflateAll({}, Z_BLOCK); // writes the header while it lives
}

OutputFile::~OutputFile()
{
    if (stream_)
        deflateEnd(stream_.get());
    if (file_ != nullptr && file_ != stdout)
        std::fclose(file_);
}

bool OutputFile::write(std::string_view text)
{
    if (!error_.empty())
        return false;
    if (stream_)
        deflateAll(text, Z_NO_FLUSH);
    else
        writeBytes(text);
    return error_.empty();
}

std::string OutputFile::close()
{
    if (stream_) {
        if (error_.empty())
            deflateAll({}, Z_FINISH);
        deflateEnd(stream_.get());
        stream_.reset();
    }
    if (file_ != nullptr) {
        errno = 0;
        if ((file_ == stdout ? std::fflush(file_) : std::fclose(file_)) != 0 && error_.empty())
            fail();
        file_ = nullptr;
    }
    return error_;
}

void OutputFile::deflateAll(std::string_view text, int flush)
{
    std::string input(text); // zlib's pointer is to mutable text
    stream_->next_in = reinterpret_cast<Bytef*>(input.data());
    stream_->avail_in = static_cast<uInt>(input.size());
    do {
        stream_->next_out = reinterpret_cast<Bytef*>(compressed_.get());
        stream_->avail_out = static_cast<uInt>(compressedCapacity);
        deflate(stream_.get(), flush);
        writeBytes({compressed_.get(), compressedCapacity - stream_->avail_out});
    } while (stream_->avail_out == 0);
}

void OutputFile::writeBytes(std::string_view bytes)
{
    errno = 0;
    if (error_.empty() && !bytes.empty() && std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size())
        fail();
}

void OutputFile::fail()
{
    error_ = name_ + ": " + (errno != 0 ? std::strerror(errno) : "cannot be written");
}

} // namespace packetloom::generator
