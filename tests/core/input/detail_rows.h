// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/input_format.h"

#include <QtGlobal>
#include <string>
#include <vector>

namespace packetloom::test {

/// The details that were asked for, of each packet a line of those that are there; "-" for none.
inline std::vector<std::string> detailRows(const InputSpec& spec, Details wanted,
                                           std::size_t blockSize = 65536, unsigned threads = 2)
{
    auto input = openInput(spec, blockSize);
    if (!input)
        qFatal("the input cannot be opened");
    TaskPool pool(threads);
    SourceContext context(pool, wanted);
    const auto source = (*input)->packets({}, context);
    std::vector<std::string> rows;
    for (auto batch = source->next(); batch && *batch; batch = source->next()) {
        for (std::size_t i = 0; i < (*batch)->packets.size(); ++i) {
            std::string text;
            for (const auto& column : (*batch)->details.columns) {
                if (!column.empty())
                    text += (text.empty() ? "" : " ") +
                            (column[i] == DetailColumns::none ? "-" : std::to_string(column[i]));
            }
            rows.push_back(text);
        }
    }
    return rows;
}

inline std::vector<std::string> detailRows(const std::filesystem::path& file, Details wanted,
                                           std::size_t blockSize = 65536, unsigned threads = 2)
{
    return detailRows(InputSpec{.file = file}, wanted, blockSize, threads);
}

} // namespace packetloom::test
