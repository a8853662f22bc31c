// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "app/cli_messages.h"
#include "app/cli_run.h"
#include "core/support/result.h"
#include "core/support/standard_stream.h"
#include "core/support/stop_event.h"
#include "core/support/stop_signals.h"

#include <csignal>
#include <string>
#include <string_view>

namespace packetloom {

/// The exit status of a run that a signal ended.
inline int stoppedStatus()
{
    const int signal = caughtStopSignal();
    return exitSignalBase + (signal != 0 ? signal : SIGINT);
}

/// The two standard streams.
class Console
{
public:
    explicit Console(const StopEvent& stop) : stop_(stop) {}

    // What cannot be told to anybody is no reason to end.
    void show(std::string_view text) const
    {
        static_cast<void>(writeStandard(StandardStream::Error, text, stop_));
    }
    void complain(const char* kind, const std::string& text) const
    {
        show("packetloom-cli: " + std::string(kind) + text + '\n');
    }
    [[nodiscard]] int report(const Error& error) const
    {
        if (error.code == Errc::Cancelled) {
            complain("", errorText({.code = Errc::Cancelled, .detail = {}, .file = {}}));
            return stoppedStatus();
        }
        complain("error: ", errorText(error));
        return error.stage == Stage::Prepare ? exitUnusable : exitFailed;
    }
    /// Hands on a piece of an output. Errors: Cancelled, Write.
    [[nodiscard]] Result<void> pass(std::string_view text) const
    {
        switch (writeStandard(StandardStream::Output, text, stop_)) {
        case Written::All:
            return {};
        case Written::Stopped:
            return Error{.code = Errc::Cancelled, .detail = {}, .file = {}};
        case Written::Failed:
            break;
        }
        return Error{.code = Errc::Write, .detail = "standard output takes no more", .file = {}};
    }
    [[nodiscard]] int print(std::string_view text) const
    {
        switch (writeStandard(StandardStream::Output, text, stop_)) {
        case Written::All:
            return exitDone;
        case Written::Stopped:
            return stoppedStatus();
        case Written::Failed:
            break;
        }
        complain("error: ", "the report could not be written to standard output.");
        return exitFailed;
    }

private:
    const StopEvent& stop_;
};

} // namespace packetloom
