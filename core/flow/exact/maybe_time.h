// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdint>
#include <limits>
#include <optional>

namespace packetloom {

/// A time or duration in microseconds, or none, in half the memory of an optional: of what every open flow
/// has.
class MaybeTime
{
public:
    MaybeTime& operator=(std::int64_t microseconds)
    {
        value_ = microseconds;
        return *this;
    }
    void reset() { value_ = none; }
    explicit operator bool() const { return value_ != none; }
    /// Where there is one.
    std::int64_t operator*() const { return value_; }
    [[nodiscard]] std::optional<std::int64_t> get() const
    {
        return value_ == none ? std::nullopt : std::optional(value_);
    }

private:
    static constexpr std::int64_t none =
        std::numeric_limits<std::int64_t>::min(); // a packet of that time has none
    std::int64_t value_ = none;
};

} // namespace packetloom
