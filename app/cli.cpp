// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// packetloom-cli: the converter without a window.

#include "app/cli_arguments.h"
#include "app/cli_run.h"
#include "core/support/standard_stream.h"
#include "core/support/stop_signals.h"

#include <string>
#include <vector>

#ifdef _WIN32
#include <filesystem>
#include <windows.h>
// after windows.h
#include <shellapi.h>
#endif

namespace {

std::vector<std::string> argumentsInUtf8(int argc, char** argv)
{
    std::vector<std::string> words;
#ifdef _WIN32
    static_cast<void>(argv);
    wchar_t** const wide = CommandLineToArgvW(GetCommandLineW(), &argc);
    for (int i = 1; wide && i < argc; ++i) {
        const auto text = std::filesystem::path(wide[i]).u8string();
        words.emplace_back(text.begin(), text.end());
    }
    LocalFree(wide);
    SetConsoleOutputCP(CP_UTF8);
#else
    for (int i = 1; i < argc; ++i)
        words.emplace_back(argv[i]);
#endif
    return words;
}

} // namespace

int main(int argc, char** argv)
{
    using namespace packetloom;
    holdStandardStreams(); // before anything is opened
    static StopEvent stop; // for as long as signals may come
    catchStopSignals(stop);
    const auto parsed = parseArguments(argumentsInUtf8(argc, argv));
    if (parsed.arguments)
        return runCommandLine(*parsed.arguments, stop);
    const auto stream = parsed.exitStatus == 0 ? StandardStream::Output : StandardStream::Error;
    if (writeStandard(stream, parsed.output, stop) == Written::Stopped)
        return exitSignalBase + caughtStopSignal();
    return parsed.exitStatus;
}
