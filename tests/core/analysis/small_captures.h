// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analyze.h"
#include "tests/support/capture_text.h"
#include "tests/support/test_folder.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace packetloom::test {

/// Of a table of packets; null where it cannot be analyzed.
inline std::shared_ptr<const Analysis> analysisOf(const TestFolder& folder, const std::string& text)
{
    Options options;
    options.inputs = {folder.write("in.csv", text)};
    const auto analysis = analyze(
        options, [](const Progress&) { return true; }, Depth::Flows);
    return analysis ? *analysis : nullptr;
}

/// A table of packets at these times, of one flow.
inline std::string packetsAt(const std::vector<std::int64_t>& times)
{
    std::string text = captureHeader();
    for (const auto time : times)
        text += captureRow(time, "10.0.0.1", "10.0.0.2", 2);
    return text;
}

} // namespace packetloom::test
