// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

struct z_stream_s;

namespace packetloom::generator {

/// A file or the standard output, compressed when the file's name ends in .gz. The first error sticks.
class OutputFile
{
public:
    /// `-` is the standard output. An existing file is replaced.
    explicit OutputFile(const std::filesystem::path& path);
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    OutputFile(OutputFile&&) = delete;
    OutputFile& operator=(OutputFile&&) = delete;
    ~OutputFile();

    /// False after an error.
    bool write(std::string_view text);
    /// Ends the file; the error's text, empty when there was none.
    std::string close();

private:
    void deflateAll(std::string_view text, int flush);
    void writeBytes(std::string_view bytes);
    void fail();

    std::FILE* file_ = nullptr;
    std::unique_ptr<z_stream_s> stream_; // null for plain output
    std::unique_ptr<char[]> compressed_;
    std::string name_;
    std::string error_;
};

} // namespace packetloom::generator
