// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/stop_event.h"

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <io.h>
#include <windows.h>
#else
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>
#endif

namespace packetloom {

#ifdef _WIN32

StopEvent::StopEvent() = default;
StopEvent::~StopEvent() = default;

void StopEvent::request() noexcept
{
    requested_ = true;
}

bool waitReadable(int descriptor, const StopEvent* stop)
{
    constexpr DWORD milliseconds = 20;
    const auto handle = reinterpret_cast<HANDLE>(_get_osfhandle(descriptor));
    DWORD available = 0;
    while (!stopRequested(stop)) {
        // It fails for what is no pipe, and for one that is at its end: reading tells which.
        if (!PeekNamedPipe(handle, nullptr, 0, nullptr, &available, nullptr) || available > 0)
            return true;
        Sleep(milliseconds);
    }
    return false;
}

bool waitWritable(int, const StopEvent*)
{
    return true;
}

#else

namespace {

constexpr int withoutDescriptor = 50; // milliseconds

/// True once `descriptor` has something to say.
bool waitFor(int descriptor, short what, const StopEvent* stop, bool lookOnce)
{
    std::array<pollfd, 2> watched{pollfd{descriptor, what, 0},
                                  pollfd{stop ? stop->descriptor() : -1, POLLIN, 0}};
    for (;;) {
        const bool asked = stopRequested(stop);
        if (asked && !lookOnce)
            return false;
        const int longest = asked ? 0 : stop && stop->descriptor() < 0 ? withoutDescriptor : -1;
        const int ready = ::poll(watched.data(), watched.size(), longest);
        if (ready > 0 && watched[0].revents != 0)
            return true;
        if (ready < 0 && errno != EINTR && errno != EAGAIN)
            return true; // cannot be waited for
        if (asked)
            return false;
    }
}

} // namespace

StopEvent::StopEvent()
{
    if (::pipe(ends_) != 0) {
        ends_[0] = ends_[1] = -1;
        return;
    }
    for (const int end : ends_) {
        ::fcntl(end, F_SETFD, FD_CLOEXEC);
        ::fcntl(end, F_SETFL, O_NONBLOCK);
    }
}

StopEvent::~StopEvent()
{
    for (const int end : ends_) {
        if (end >= 0)
            ::close(end);
    }
}

void StopEvent::request() noexcept
{
    const int before = errno; // of whom a signal interrupts
    if (!requested_.exchange(true) && ends_[1] >= 0)
        static_cast<void>(!::write(ends_[1], "", 1));
    errno = before;
}

bool waitReadable(int descriptor, const StopEvent* stop)
{
    return waitFor(descriptor, POLLIN, stop, false);
}

bool waitWritable(int descriptor, const StopEvent* stop)
{
    return waitFor(descriptor, POLLOUT, stop, true);
}

#endif

} // namespace packetloom
