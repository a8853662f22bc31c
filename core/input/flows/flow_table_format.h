// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/flows/flow_source.h"
#include "core/support/result.h"
#include "core/support/stop_event.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace packetloom {

/// What a table of flows is opened from.
struct FlowTableBytes
{
    std::filesystem::path file; ///< opened once more by a format that has to look at all of it first
    std::unique_ptr<ByteSource> source;
    std::size_t blockSize = 0;
    const StopEvent* stop = nullptr; ///< ends that look; must outlive the opening
};

/// A kind of table of flows, of another tool: to be looked at. It has no packets, so nothing is judged and no
/// dataset is made of it.
struct FlowTableFormat
{
    std::string_view id;   ///< a stable name
    std::string_view name; ///< what people call it
    /// By its first bytes (ByteSource::head()). None takes a table of packets for its own.
    bool (*recognise)(std::string_view head);
    /// Errors, which name the file: those of reading.
    Result<std::unique_ptr<FlowSource>> (*open)(FlowTableBytes bytes);
};

/// All that there are: docs/flow-tables.md, 1.
std::span<const FlowTableFormat> flowTableFormats();
/// The first that recognises it; null when none does.
const FlowTableFormat* flowTableFormatOf(std::string_view head);
/// The same of a file; null also for what is no regular file, or cannot be read: whoever opens it will say.
const FlowTableFormat* flowTableFormatOf(const std::filesystem::path& file);

} // namespace packetloom
