// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/support/path_text.h"
#include "ui/models/cell.h"

#include <filesystem>
#include <string>
#include <vector>

namespace packetloom {

/// The names of a run's input files as cells: the name is shown, the whole path is in the tooltip and copied.
class InputNames
{
public:
    InputNames() = default;
    explicit InputNames(const std::vector<std::filesystem::path>& inputs)
    {
        for (const auto& input : inputs)
            files_.push_back({pathText(input.filename()), pathText(input)});
    }
    /// Valid as long as this. Empty for a number that no input has.
    [[nodiscard]] Cell cell(std::size_t input) const
    {
        if (input >= files_.size())
            return {};
        return HostileText{files_[input].name, files_[input].path};
    }

private:
    struct File
    {
        std::string name, path;
    };
    std::vector<File> files_;
};

} // namespace packetloom
