// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/flow_engine.h"
#include "core/model/address_table.h"
#include "core/run/options.h"
#include "core/run/output.h"
#include "core/support/task_pool.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace packetloom {

/// Something that a run can be written as.
struct OutputFormat
{
    std::string_view id; ///< a stable name
    /// About how much so many packets take, in bytes.
    std::uint64_t (*estimatedBytes)(std::uint64_t packets, const Options& options);
    /// `folder` exists and is empty; `engine` judges the flows. All must outlive the output.
    std::unique_ptr<Output> (*open)(const std::filesystem::path& folder, const AddressTable& addresses,
                                    TaskPool& pool, const Options& options, const FlowEngine& engine);
};

/// All that there are.
std::span<const OutputFormat> outputFormats();
/// The one that is written unless another is asked for.
inline const OutputFormat& defaultOutputFormat()
{
    return outputFormats().front();
}

} // namespace packetloom
