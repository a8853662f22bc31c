// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/buffered_writer.h"

#include <algorithm>

namespace packetloom {

BufferedWriter::BufferedWriter(std::size_t capacity)
    : capacity_(std::max<std::size_t>(capacity, 64)),
      buffer_(std::make_unique_for_overwrite<char[]>(capacity_))
{
}

void BufferedWriter::open(const std::filesystem::path& path)
{
    static_cast<void>(close());
    error_.reset();
    auto file = File::create(path);
    if (file)
        file_ = *std::move(file);
    else
        error_ = std::move(file).error();
}

Result<void> BufferedWriter::close()
{
    flush();
    auto closed = file_.close();
    if (!error_ && !closed)
        error_ = std::move(closed).error();
    if (error_)
        return *error_;
    return {};
}

void BufferedWriter::flush()
{
    if (!error_ && file_.isOpen() && used_ > 0) {
        if (auto done = file_.write({buffer_.get(), used_}); !done)
            error_ = std::move(done).error();
    }
    flushed_ += used_;
    used_ = 0;
}

void BufferedWriter::appendLarge(std::string_view text)
{
    while (!text.empty()) {
        if (used_ == capacity_)
            flush();
        const auto part = text.substr(0, capacity_ - used_);
        std::memcpy(buffer_.get() + used_, part.data(), part.size());
        used_ += part.size();
        text.remove_prefix(part.size());
    }
}

} // namespace packetloom
