// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/packet_source.h"
#include "core/shard/job.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace packetloom {

/// A stretch of a table as an input, with the header of its file, whose head tells how it is read
/// (sniffTable()). Errors: those of openInput().
Result<std::unique_ptr<OpenedInput>> openStretch(const InputSpec& spec, const MapTask& task,
                                                 std::size_t blockSize);

/// Cuts a plain table into stretches of about so many bytes, each of whole read chunks. One for the whole
/// file where it is no plain table, or has a quote, a NUL byte or a lone carriage return anywhere: what these
/// mean cannot be told without reading what lies before. `goOn` is asked now and then. Errors: Open, Read,
/// Cancelled.
Result<std::vector<MapTask>> stretchesOf(const InputSpec& spec, std::size_t input, std::uint64_t chunkRows,
                                         std::uint64_t taskBytes, const std::function<bool()>& goOn);

} // namespace packetloom
