// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/open_dataset.h"
#include "core/output/convert.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <map>
#include <string>

namespace packetloom::test {

inline bool keepGoing(const Progress&)
{
    return true;
}

/// A small dataset that a test may damage: six flows, two a chunk, and a packet that is not TCP.
class DatasetSample
{
public:
    DatasetSample()
    {
        Options options;
        options.flowsPerChunk = 2;
        options.inputs = {folder_.write("in.csv", conversations(5) + captureRow(captureStart, "x", "y", 16) +
                                                      captureRow(captureStart + 1, "x", "y", 2, 7) +
                                                      "1257254615000009,x,z,1,2,0,0,0,5,17\n")};
        if (!convert(options, path(), keepGoing))
            throw std::runtime_error("no dataset to damage");
        for (const auto& [name, ignored] : datasetContent(path()))
            files_[name] = contentOf(path() / name);
    }

    /// Beside the dataset.
    [[nodiscard]] const TestFolder& folder() const { return folder_; }
    [[nodiscard]] std::filesystem::path path() const { return folder_ / "dataset"; }
    /// Every file by its name as it was made.
    [[nodiscard]] const std::map<std::string, std::string>& files() const { return files_; }

    void write(const std::string& name, std::string_view text) const
    {
        static_cast<void>(folder_.write("dataset/" + name, text));
    }
    /// Writes the file with its first `from` changed to `to`.
    void edit(const std::string& name, const std::string& from, const std::string& to) const
    {
        std::string text = files_.at(name);
        const auto at = text.find(from);
        if (at == std::string::npos)
            throw std::runtime_error("nothing to replace: " + from);
        write(name, text.replace(at, from.size(), to));
    }
    void restore(const std::string& name) const { write(name, files_.at(name)); }
    void restoreAll() const
    {
        std::filesystem::remove_all(path());
        for (const auto& [name, ignored] : files_)
            restore(name);
    }

private:
    const TestFolder folder_;
    std::map<std::string, std::string> files_;
};

} // namespace packetloom::test
