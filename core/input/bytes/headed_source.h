// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"

#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// A source whose first bytes were read ahead, for head(); read() delivers them first. What comes behind them
/// is not copied.
class HeadedSource final : public ByteSource
{
public:
    /// Reads the head of `source`. Errors: those of its read(), where nothing was read before.
    static Result<std::unique_ptr<ByteSource>> over(std::unique_ptr<ByteSource> source);

    Result<std::size_t> read(std::span<char> into) override;
    [[nodiscard]] std::string_view head() const noexcept override { return {head_.data(), head_.size()}; }
    [[nodiscard]] std::uint64_t bytesOnDisk() const noexcept override { return source_->bytesOnDisk(); }
    [[nodiscard]] Compression compression() const noexcept override { return source_->compression(); }
    [[nodiscard]] InputChange change() const override { return source_->change(); }
    [[nodiscard]] std::optional<std::uint64_t> ignoredFrom() const noexcept override
    {
        return source_->ignoredFrom();
    }

private:
    explicit HeadedSource(std::unique_ptr<ByteSource> source) : source_(std::move(source)) {}
    Result<void> readHead();

    std::unique_ptr<ByteSource> source_;
    std::vector<char> head_;
    std::size_t delivered_ = 0;
    std::optional<Error> failed_; ///< what happened behind the head
};

} // namespace packetloom
