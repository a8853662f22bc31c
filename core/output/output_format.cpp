// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#include "core/output/output_format.h"

#include "core/output/timearcs_v2/dataset_output.h"

#include <array>

namespace packetloom {
namespace {

constexpr std::array formats{
    OutputFormat{"timearcs-v2", estimatedDatasetBytes, DatasetOutput::open},
};

} // namespace

std::span<const OutputFormat> outputFormats()
{
    return formats;
}

} // namespace packetloom
