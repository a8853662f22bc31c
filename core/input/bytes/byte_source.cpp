// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/byte_source.h"

#include "core/input/bytes/content_sniffer.h"
#include "core/input/bytes/headed_source.h"
#include "core/input/bytes/packed_source.h"
#include "core/input/bytes/zip_directory.h"

#include <algorithm>
#include <array>
#include <cstring>

namespace packetloom {

std::string_view compressionName(Compression compression)
{
    constexpr std::array<std::string_view, 7> names{"none", "gzip", "zip", "zstd", "xz", "lz4", "bzip2"};
    return names[static_cast<std::size_t>(compression)];
}

Result<std::string_view> FileSource::peek(std::size_t wanted)
{
    while (peeked_.size() < wanted) {
        const std::size_t have = peeked_.size();
        peeked_.resize(wanted);
        auto n = file_.read(std::span(peeked_).subspan(have));
        peeked_.resize(have + (n ? *n : 0));
        if (!n)
            return std::move(n).error();
        if (*n == 0)
            break;
    }
    return std::string_view(peeked_).substr(0, wanted);
}

Result<std::size_t> FileSource::read(std::span<char> into)
{
    std::size_t n = std::min(into.size(), peeked_.size() - peekedUsed_);
    if (n > 0) {
        std::memcpy(into.data(), peeked_.data() + peekedUsed_, n);
        peekedUsed_ += n;
    } else {
        auto got = file_.read(into);
        if (!got)
            return got;
        n = *got;
    }
    delivered_ += n;
    return n;
}

InputChange FileSource::change() const
{
    const auto now = file_.stamp();
    if (!opened_ || !now)
        return InputChange::None;
    if (now->size < opened_->size)
        return InputChange::Shrank;
    if (now->size > opened_->size)
        return InputChange::Grew;
    if (now->modified != opened_->modified)
        return InputChange::Rewritten;
    const auto named = fileStamp(path());
    const bool other = !named || named->device != now->device || named->number != now->number;
    return other ? InputChange::Replaced : InputChange::None;
}

Result<std::unique_ptr<ByteSource>> openByteSource(const std::filesystem::path& path, std::size_t blockSize,
                                                   const StopEvent* stop)
{
    auto file = File::openForReading(path, stop);
    if (!file)
        return std::move(file).error();
    auto source = std::make_unique<FileSource>(*std::move(file));
    auto start = source->peek(compressionMagicBytes);
    if (!start)
        return std::move(start).error();
    const auto compression = compressionOf(*start);
    if (compression == Compression::Zip && namesMoreThanOneFile(path))
        return Error{.code = Errc::Inflate, .detail = moreThanOneFile, .file = path, .facts = compression};
    if (compression != Compression::None)
        return HeadedSource::over(PackedSource::over(std::move(source), compression, blockSize));
    // What fails behind its beginning fails again where it is read.
    if (auto head = source->peek(headBytes); !head && source->head().empty())
        return std::move(head).error();
    return std::unique_ptr<ByteSource>(std::move(source));
}

} // namespace packetloom
