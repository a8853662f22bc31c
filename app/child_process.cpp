// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "app/child_process.h"

#include "core/support/path_text.h"

#include <cerrno>
#include <system_error>

#ifdef _WIN32
#include <array>
#include <process.h>
#include <windows.h>
#else
#include <spawn.h>
#include <sys/wait.h>
#ifdef __APPLE__
#include <array>
#include <cstdint>
#include <mach-o/dyld.h>
#endif
extern char** environ; // NOLINT(readability-redundant-declaration): POSIX leaves it to the program
#endif

namespace packetloom {

std::filesystem::path ownProgram()
{
#ifdef _WIN32
    std::array<wchar_t, 32768> name{};
    const DWORD size = GetModuleFileNameW(nullptr, name.data(), static_cast<DWORD>(name.size()));
    return std::wstring(name.data(), size);
#elif defined(__APPLE__)
    std::array<char, 4096> name{};
    auto size = static_cast<std::uint32_t>(name.size());
    return _NSGetExecutablePath(name.data(), &size) == 0 ? std::filesystem::path(name.data())
                                                         : std::filesystem::path();
#else
    std::error_code error;
    return std::filesystem::read_symlink("/proc/self/exe", error);
#endif
}

#ifdef _WIN32

namespace {

// As CommandLineToArgvW() takes it apart.
std::wstring quoted(const std::wstring& word)
{
    std::wstring text = L"\"";
    std::size_t slashes = 0;
    for (const wchar_t c : word) {
        if (c == L'"')
            text.append(slashes + 1, L'\\');
        slashes = c == L'\\' ? slashes + 1 : 0;
        text += c;
    }
    return text.append(slashes, L'\\') + L'"';
}

} // namespace

Result<int> runChild(const std::filesystem::path& program, const std::vector<std::string>& words)
{
    std::vector<std::wstring> quotedWords{quoted(program.wstring())};
    for (const auto& word : words)
        quotedWords.push_back(quoted(pathFromText(word).wstring()));
    std::vector<const wchar_t*> pointers;
    for (const auto& word : quotedWords)
        pointers.push_back(word.c_str());
    pointers.push_back(nullptr);
    const auto status = _wspawnv(_P_WAIT, program.c_str(), pointers.data());
    if (status == -1)
        return Error{.code = Errc::Open, .detail = std::generic_category().message(errno), .file = program};
    return static_cast<int>(status);
}

#else

Result<int> runChild(const std::filesystem::path& program, const std::vector<std::string>& words)
{
    std::vector<std::string> own{program.native()};
    own.insert(own.end(), words.begin(), words.end());
    std::vector<char*> pointers;
    for (auto& word : own)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    pid_t child = 0;
    if (const int number = posix_spawn(&child, program.c_str(), nullptr, nullptr, pointers.data(), environ))
        return Error{.code = Errc::Open, .detail = std::generic_category().message(number), .file = program};
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return Error{
                .code = Errc::Open, .detail = std::generic_category().message(errno), .file = program};
    }
    constexpr int bySignal = 128;
    return WIFEXITED(status) ? WEXITSTATUS(status) : bySignal + WTERMSIG(status);
}

#endif

} // namespace packetloom
