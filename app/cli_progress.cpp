// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/cli_progress.h"

#include "core/support/text_format.h"

#include <algorithm>
#include <utility>

#ifdef _WIN32
#include <cstdio>
#include <io.h>
#else
#include <sys/ioctl.h>
#include <unistd.h>
#endif

namespace packetloom {
namespace {

constexpr std::chrono::milliseconds barInterval{100};
constexpr std::chrono::seconds lineInterval{3};
constexpr std::size_t plainWidth = 200;

std::size_t terminalWidth()
{
#ifndef _WIN32
    winsize size{};
    if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
#endif
    return 80;
}

const char* phaseText(Phase phase)
{
    switch (phase) {
    case Phase::Reading:
        return "reading";
    case Phase::OpenFlows:
        return "open flows";
    case Phase::Finishing:
        return "finishing";
    }
    return "";
}

} // namespace

ProgressDisplay::ProgressDisplay(Style style, Output output)
    : style_(style), output_(std::move(output)), begin_(std::chrono::steady_clock::now()), last_(begin_)
{
}

ProgressDisplay::Style ProgressDisplay::styleOfStandardError()
{
#ifdef _WIN32
    return _isatty(_fileno(stderr)) ? Style::Bar : Style::Lines;
#else
    return ::isatty(STDERR_FILENO) != 0 ? Style::Bar : Style::Lines;
#endif
}

std::string ProgressDisplay::line(const Progress& progress, double elapsed, std::size_t width)
{
    std::string text = grouped(progress.rows) + " rows";
    if (elapsed >= 0.2)
        text += "  " + grouped(static_cast<std::uint64_t>(static_cast<double>(progress.rows) / elapsed)) +
                " rows/s";
    std::string bar;
    if (progress.phase != Phase::Reading) {
        text += std::string("  ") + phaseText(progress.phase);
    } else if (progress.bytesTotal > 0) {
        const double done =
            std::min(1.0, static_cast<double>(progress.bytesDone) / static_cast<double>(progress.bytesTotal));
        text = std::to_string(static_cast<int>(done * 100)) + "%  " + text;
        if (done > 0 && elapsed >= 1)
            text += "  " + clockTime(elapsed / done - elapsed) + " left";
        constexpr std::size_t barWidth = 24;
        const auto filled = static_cast<std::size_t>(done * static_cast<double>(barWidth));
        bar = '[' + std::string(filled, '=') + std::string(barWidth - filled, ' ') + "] ";
    } else {
        text += "  " + humanBytes(progress.bytesDone) + " read";
    }
    if (progress.rejected > 0)
        text += "  " + grouped(progress.rejected) + " rejected";
    if (bar.size() + text.size() <= width)
        text.insert(0, bar);
    return text.substr(0, width);
}

void ProgressDisplay::show(const Progress& progress)
{
    const auto now = std::chrono::steady_clock::now();
    const auto interval = style_ == Style::Bar ? std::chrono::milliseconds(barInterval)
                                               : std::chrono::milliseconds(lineInterval);
    if (style_ == Style::None || now - last_ < interval)
        return;
    last_ = now;
    const double elapsed = std::chrono::duration<double>(now - begin_).count();
    if (style_ == Style::Lines) {
        output_(line(progress, elapsed, plainWidth) + '\n');
        return;
    }
    output_("\r\033[K" + line(progress, elapsed, terminalWidth() - 1));
    shown_ = true;
}

void ProgressDisplay::clear()
{
    if (shown_)
        output_("\r\033[K");
    shown_ = false;
}

} // namespace packetloom
