// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/run/progress.h"

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace packetloom {

/// Progress on standard error: a bar that redraws itself on a terminal, a plain line every few seconds
/// elsewhere.
class ProgressDisplay
{
public:
    enum class Style : std::uint8_t { None, Bar, Lines };

    /// Takes what is to be shown; it goes to standard error.
    using Output = std::function<void(std::string_view)>;

    ProgressDisplay(Style style, Output output);
    /// The style that fits standard error.
    static Style styleOfStandardError();

    void show(const Progress& progress);
    /// Removes the bar, so that other text can follow.
    void clear();

    /// The line without its control characters, at most `width` columns. `elapsed` in seconds.
    static std::string line(const Progress& progress, double elapsed, std::size_t width);

private:
    Style style_;
    Output output_;
    std::chrono::steady_clock::time_point begin_;
    std::chrono::steady_clock::time_point last_;
    bool shown_ = false;
};

} // namespace packetloom
