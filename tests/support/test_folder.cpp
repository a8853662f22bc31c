// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/support/test_folder.h"

#include "core/support/path_text.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace packetloom::test {

TestFolder::TestFolder()
{
    if (!folder_.isValid())
        throw std::runtime_error("no temporary folder");
}

std::filesystem::path TestFolder::path() const
{
    return pathFromText(folder_.path().toStdString());
}

std::filesystem::path TestFolder::write(std::string_view name, std::string_view content) const
{
    const auto file = path() / pathFromText(name);
    std::filesystem::create_directories(file.parent_path());
    std::ofstream out(file, std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!out.flush())
        throw std::runtime_error("cannot write " + pathText(file));
    return file;
}

std::vector<std::string> TestFolder::names() const
{
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(path()))
        names.push_back(pathText(entry.path().filename()));
    std::sort(names.begin(), names.end());
    return names;
}

std::string contentOf(const std::filesystem::path& file)
{
    std::ifstream in(file, std::ios::binary);
    if (!in)
        throw std::runtime_error("cannot read " + pathText(file));
    return {std::istreambuf_iterator<char>(in), {}};
}

std::map<std::string, std::string> datasetContent(const std::filesystem::path& folder)
{
    std::map<std::string, std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (!entry.is_regular_file())
            continue;
        auto content = contentOf(entry.path());
        const auto name = pathText(entry.path().lexically_relative(folder).generic_u8string());
        if (name == "manifest.json") {
            const auto begin = content.find("\"created\":");
            if (begin == std::string::npos)
                throw std::runtime_error("a manifest without a time");
            content.erase(begin, content.find(',', begin) + 1 - begin); // of a line or of compact JSON
        }
        files.emplace(name, std::move(content));
    }
    return files;
}

} // namespace packetloom::test
