// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/standard_stream.h"

#ifdef _WIN32
#include <cstdio>
#else
#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace packetloom {

#ifdef _WIN32

Written writeStandard(StandardStream stream, std::string_view text, const StopEvent&)
{
    std::FILE* const file = stream == StandardStream::Output ? stdout : stderr;
    const bool whole = std::fwrite(text.data(), 1, text.size(), file) == text.size();
    return std::fflush(file) == 0 && whole ? Written::All : Written::Failed;
}

void holdStandardStreams() {}

#else

Written writeStandard(StandardStream stream, std::string_view text, const StopEvent& stop)
{
    // What a pipe takes without blocking once it takes anything.
    constexpr std::size_t atOnce = PIPE_BUF;
    const int descriptor = stream == StandardStream::Output ? STDOUT_FILENO : STDERR_FILENO;
    while (!text.empty()) {
        if (!waitWritable(descriptor, &stop))
            return Written::Stopped;
        const auto n = ::write(descriptor, text.data(), std::min(text.size(), atOnce));
        if (n >= 0)
            text.remove_prefix(static_cast<std::size_t>(n));
        else if (errno != EINTR && errno != EAGAIN)
            return Written::Failed;
    }
    return Written::All;
}

void holdStandardStreams()
{
    // The lowest free number is taken. Not for writing: who writes to a closed stream must hear of it.
    int taken = 0;
    while (taken >= 0 && taken <= STDERR_FILENO)
        taken = ::open("/dev/null", O_RDONLY);
    if (taken > STDERR_FILENO)
        ::close(taken);
}

#endif

} // namespace packetloom
