// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/packet_source.h"
#include "core/shard/job.h"
#include "core/shard/stretch_list.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace packetloom {

/// A stretch of an input, with what is read before it; the first bytes of the file tell what it is. All that
/// it tells of lines, packets and bytes is of the whole file. Errors: those of openInput().
Result<std::unique_ptr<OpenedInput>> openStretch(const InputSpec& spec, const MapTask& task,
                                                 std::size_t blockSize);

/// Cuts a plain table or packet capture into stretches of about so many bytes, each of whole read chunks
/// (docs/scale.md, 9); into too many only as far as to say so. One for the whole file where it is nothing of
/// the kind, or its borders cannot be told. Errors: Open, Read, Cancelled; those of opening a capture.
Result<std::vector<MapTask>> stretchesOf(const InputSpec& spec, const StretchRules& rules,
                                         const GoOnScan& goOn);

/// How much a task reads.
std::uint64_t stretchBytes(const Job& job, const MapTask& task);

} // namespace packetloom
