// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/support/stop_signals.h"

#include <csignal>

namespace packetloom {
namespace {

StopEvent* event = nullptr; // what a handler cannot be told otherwise
volatile std::sig_atomic_t caught = 0;

extern "C" void onStopSignal(int number)
{
#ifdef _WIN32
    std::signal(number, onStopSignal); // a handler serves once there
#endif
    if (caught == 0)
        caught = number;
    event->request();
}

} // namespace

void catchStopSignals(StopEvent& stop)
{
    event = &stop;
#ifdef _WIN32
    for (const int number : {SIGINT, SIGTERM, SIGBREAK})
        std::signal(number, onStopSignal);
#else
    struct sigaction action
    {
    };
    action.sa_handler = onStopSignal;
    action.sa_flags = 0; // no SA_RESTART: a call that blocks returns
    sigemptyset(&action.sa_mask);
    struct sigaction before
    {
    };
    const bool hangupIgnored =
        ::sigaction(SIGHUP, nullptr, &before) == 0 && before.sa_handler == SIG_IGN; // nohup
    for (const int number :
         {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF}) {
        if (number != SIGHUP || !hangupIgnored)
            ::sigaction(number, &action, nullptr);
    }
    action.sa_handler = SIG_IGN;
    for (const int number : {SIGPIPE, SIGXFSZ})
        ::sigaction(number, &action, nullptr);
    // Who started the program may have blocked some.
    sigset_t all;
    sigemptyset(&all);
    for (const int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXCPU})
        sigaddset(&all, number);
    ::sigprocmask(SIG_UNBLOCK, &all, nullptr);
#endif
}

int caughtStopSignal() noexcept
{
    return caught;
}

} // namespace packetloom
