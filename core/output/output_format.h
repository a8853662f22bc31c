// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/flow_engine.h"
#include "core/model/address_table.h"
#include "core/output/flow_lines.h"
#include "core/run/options.h"
#include "core/run/output.h"
#include "core/support/task_pool.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <variant>

namespace packetloom {

/// A folder that a run writes while it goes on, with the flows of an engine that judges them as they end.
struct DatasetFormat
{
    /// About how much so many packets take, in bytes.
    std::uint64_t (*estimatedBytes)(std::uint64_t packets, const Options& options);
    /// `folder` exists and is empty; `engine` judges the flows. All must outlive the output.
    std::unique_ptr<Output> (*open)(const std::filesystem::path& folder, const AddressTable& addresses,
                                    TaskPool& pool, const Options& options, const FlowEngine& engine);
};

/// What packets or flows can be written as. An output is either a folder that a run of the reference's engine
/// fills (DatasetFormat), or one file of lines that are made of the exact engine's flows, once all of them
/// are known (FlowLinesFormat): their figures are no part of what the other engine knows.
struct OutputFormat
{
    std::string_view id; ///< a stable name
    std::variant<DatasetFormat, const FlowLinesFormat*> made;

    /// Null for a file of flows.
    [[nodiscard]] const DatasetFormat* dataset() const { return std::get_if<DatasetFormat>(&made); }
    /// Null for a folder.
    [[nodiscard]] const FlowLinesFormat* flowLines() const
    {
        const auto* const lines = std::get_if<const FlowLinesFormat*>(&made);
        return lines ? *lines : nullptr;
    }
    [[nodiscard]] bool isFolder() const { return dataset() != nullptr; }
    [[nodiscard]] bool needsExactFlows() const { return flowLines() != nullptr; }
};

/// All that there are.
std::span<const OutputFormat> outputFormats();
/// Null for none.
const OutputFormat* outputFormatNamed(std::string_view id);
/// The dataset that is written unless another output is asked for.
const DatasetFormat& defaultDatasetFormat();

} // namespace packetloom
