// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

// packetloom-cli: the converter without a window.

#include "app/cli_arguments.h"
#include "app/cli_run.h"

#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#ifdef _WIN32
#include <filesystem>
#include <windows.h>
// after windows.h
#include <shellapi.h>
#endif

namespace {

volatile std::sig_atomic_t stopSignal = 0;

extern "C" void onStopSignal(int number)
{
    stopSignal = number;
    std::signal(number, SIG_DFL); // a second one ends the program at once
}

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
    const auto parsed = packetloom::parseArguments(argumentsInUtf8(argc, argv));
    if (!parsed.arguments) {
        std::fputs(parsed.output.c_str(), parsed.exitStatus == 0 ? stdout : stderr);
        return parsed.exitStatus;
    }
    std::signal(SIGINT, onStopSignal);
    std::signal(SIGTERM, onStopSignal);
    return packetloom::runCommandLine(*parsed.arguments, stopSignal);
}
