// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/fuzz/fuzz_input.h"
#include "tests/support/test_folder.h"

#include <cstdio>
#include <exception>
#include <filesystem>
#include <vector>

namespace {

namespace fs = std::filesystem;

void runFile(const fs::path& file)
{
    const auto content = packetloom::test::contentOf(file);
    // Of its exact size, so that a sanitizer sees what is read behind the end.
    const std::vector<std::uint8_t> bytes(content.begin(), content.end());
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
}

} // namespace

/// Runs every file of a corpus: fuzz_NAME FILE|FOLDER... Fails when there is none.
int main(int argc, char** argv)
try {
    int count = 0;
    for (int i = 1; i < argc; ++i) {
        if (!fs::is_directory(argv[i])) {
            runFile(argv[i]);
            ++count;
            continue;
        }
        for (const auto& entry : fs::directory_iterator(argv[i])) {
            runFile(entry.path());
            ++count;
        }
    }
    std::printf("%d inputs\n", count);
    return count > 0 ? 0 : 1;
} catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
}
