// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/path_text.h"

#include <QTemporaryDir>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace packetloom::test {

/// A folder of a test's own, gone with it.
class TestFolder
{
public:
    TestFolder();
    [[nodiscard]] std::filesystem::path path() const;
    /// `name` is UTF-8.
    [[nodiscard]] std::filesystem::path operator/(std::string_view name) const
    {
        return path() / pathFromText(name);
    }
    /// Writes a file and returns its path; folders above it are made.
    std::filesystem::path write(std::string_view name, std::string_view content) const;
    /// Names of what is in it, hidden ones too, sorted.
    [[nodiscard]] std::vector<std::string> names() const;

private:
    QTemporaryDir folder_;
};

/// A letter that must be escaped in JSON and in CSV, where the file system lets it be in a name; Windows does
/// not.
#ifdef _WIN32
inline const std::string quoteInName = "'";
#else
inline const std::string quoteInName = "\"";
#endif

/// The whole content of a file; throws when it cannot be read.
std::string contentOf(const std::filesystem::path& file);

/// Every file below a folder by its relative name ("flows/chunk_00000.json"); the manifest without
/// the time of writing. Two datasets are the same when these are.
std::map<std::string, std::string> datasetContent(const std::filesystem::path& folder);

} // namespace packetloom::test
