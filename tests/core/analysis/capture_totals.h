// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/analysis/analyze.h"
#include "tests/support/frame_bytes.h"
#include "tests/support/test_folder.h"

#include <QtGlobal>
#include <string>
#include <vector>

namespace packetloom::test {

/// What a run tells of a capture that is its one input.
inline InputTotals totalsOf(const std::string& bytes, Options options = {})
{
    const TestFolder folder;
    options.inputs = {folder.write("in", bytes)};
    const auto analysis = analyze(options, [](const Progress&) { return true; });
    if (!analysis)
        qFatal("the analysis fails");
    return (*analysis)->totals.inputs.at(0);
}

/// Frames of raw IP.
inline InputTotals totalsOfPackets(const std::vector<std::string>& packets, const Options& options = {})
{
    PcapFile file(101);
    for (const auto& packet : packets)
        file.add(1, 0, packet);
    return totalsOf(file.bytes(), options);
}

inline std::string tcp4(const std::string& payload = "odd")
{
    return ipv4({.options = {}}, tcp({}, payload));
}

inline std::string udp4(const std::string& payload = "odd")
{
    return ipv4({.protocol = 17, .options = {}}, udp(53, 5353, payload));
}

} // namespace packetloom::test
