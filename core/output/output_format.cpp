// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/output_format.h"

#include "core/output/conn_log/conn_json.h"
#include "core/output/conn_log/conn_log.h"
#include "core/output/timearcs_v2/dataset_output.h"

#include <algorithm>
#include <array>

namespace packetloom {
namespace {

constexpr DatasetFormat timeArcs{estimatedDatasetBytes, DatasetOutput::open};

constexpr std::array formats{
    OutputFormat{"timearcs-v2", timeArcs},
    OutputFormat{"conn-log", &connLog},
    OutputFormat{"conn-json", &connJson},
};

} // namespace

std::span<const OutputFormat> outputFormats()
{
    return formats;
}

const OutputFormat* outputFormatNamed(std::string_view id)
{
    const auto* const found = std::ranges::find(formats, id, &OutputFormat::id);
    return found == formats.end() ? nullptr : found;
}

const DatasetFormat& defaultDatasetFormat()
{
    return timeArcs;
}

} // namespace packetloom
