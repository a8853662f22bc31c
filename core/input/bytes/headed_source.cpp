// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/input/bytes/headed_source.h"

#include <algorithm>
#include <cstring>

namespace packetloom {

Result<std::unique_ptr<ByteSource>> HeadedSource::over(std::unique_ptr<ByteSource> source)
{
    std::unique_ptr<HeadedSource> headed(new HeadedSource(std::move(source)));
    if (auto read = headed->readHead(); !read)
        return std::move(read).error();
    return std::unique_ptr<ByteSource>(std::move(headed));
}

Result<void> HeadedSource::readHead()
{
    head_.resize(headBytes);
    std::size_t have = 0;
    while (have < headBytes) {
        auto n = source_->read(std::span(head_).subspan(have));
        if (!n && have == 0)
            return std::move(n).error();
        if (!n)
            failed_ = std::move(n).error();
        if (!n || *n == 0)
            break;
        have += *n;
    }
    head_.resize(have);
    return {};
}

Result<std::size_t> HeadedSource::read(std::span<char> into)
{
    const std::size_t n = std::min(into.size(), head_.size() - delivered_);
    if (n == 0)
        return failed_ ? Result<std::size_t>(*failed_) : source_->read(into);
    std::memcpy(into.data(), head_.data() + delivered_, n);
    delivered_ += n;
    return n;
}

} // namespace packetloom
