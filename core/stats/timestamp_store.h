// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/file.h"
#include "core/support/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <vector>

namespace packetloom {

/// All timestamps of a run, because the bins are over a range that is only known at the end. Differences as
/// variable length integers (two to three bytes each) in memory, and beyond `memoryLimit` in a nameless
/// temporary file.
class TimestampStore
{
public:
    static constexpr std::size_t defaultMemoryLimit = std::size_t{16} << 20;

    /// `spillFolder` must exist when the first spill happens.
    explicit TimestampStore(std::filesystem::path spillFolder, std::size_t memoryLimit = defaultMemoryLimit);

    /// Not after forEach(). An error of an earlier spill sticks; forEach() reports it.
    void add(std::int64_t timestamp);

    [[nodiscard]] std::uint64_t count() const { return count_; }
    /// Only when count() > 0.
    [[nodiscard]] std::int64_t minimum() const { return minimum_; }
    [[nodiscard]] std::int64_t maximum() const { return maximum_; }

    /// In the order of add(). `visit` gets them in batches and stops the walk by returning false. May be
    /// called again.
    Result<void> forEach(const std::function<bool(std::span<const std::int64_t>)>& visit);

private:
    void spill();

    std::filesystem::path spillFolder_;
    std::size_t memoryLimit_;
    std::vector<std::uint8_t> bytes_;
    std::int64_t last_ = 0;
    std::int64_t minimum_ = 0;
    std::int64_t maximum_ = 0;
    std::uint64_t count_ = 0;
    File file_;
    std::optional<Error> error_;
};

} // namespace packetloom
