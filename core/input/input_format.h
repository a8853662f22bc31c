// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/bytes/byte_source.h"
#include "core/input/capture_facts.h"
#include "core/input/input_spec.h"
#include "core/input/packet_source.h"
#include "core/support/result.h"
#include "core/support/stop_event.h"

#include <cstddef>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>

namespace packetloom {

/// The bytes of an input, decompressed, from the first on, and how they are to be read.
struct InputBytes
{
    InputSpec spec;
    std::unique_ptr<ByteSource> source;
    std::size_t blockSize = 0; ///< bytes read at once
};

/// Something that packets can be read from.
struct InputFormat
{
    std::string_view id; ///< a stable name
    /// Whether an input is one, by its first bytes (ByteSource::head()).
    bool (*recognise)(std::string_view head);
    /// Adds what its beginning tells. Errors: those of open().
    Result<void> (*inspect)(InputBytes bytes, CaptureFacts& facts);
    /// Reads as much as is needed to know that it can be read. Errors name the file.
    Result<std::unique_ptr<OpenedInput>> (*open)(InputBytes bytes);
};

/// All that there are; an input is read as the first that recognises it.
std::span<const InputFormat> inputFormats();

/// The one that an input is read as whose first bytes these are. Errors, which name `file`, when it is none:
/// FlowTable, and those of whyNoText().
Result<const InputFormat*> inputFormatOf(std::string_view head, const std::filesystem::path& file);

/// Opens an input of whatever format. `blockSize`, in bytes, is how much is read at once; `stop`, which must
/// outlive what comes out, ends what waits for a pipe. Errors: those of openByteSource(), inputFormatOf() and
/// InputFormat::open(); Cancelled.
Result<std::unique_ptr<OpenedInput>> openInput(const InputSpec& spec, std::size_t blockSize,
                                               const StopEvent* stop = nullptr);

} // namespace packetloom
