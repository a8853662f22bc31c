// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/input/dataset/dataset_elements.h"
#include "core/model/flow_life.h"
#include "core/support/wide_sum.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>

namespace packetloom {

/// One end of a flow as text.
struct EndText
{
    std::string_view address;
    std::int64_t port = 0;
};

/// An entry of flows_index.json. Texts are valid during the visit, and hostile.
struct IndexEntry
{
    std::uint64_t number = 0; ///< the N of "flow_N", from 1
    std::string_view key;
    std::optional<EndText> initiator, responder; ///< both or none
    FlowState state{};
    CloseType closeType{};
    InvalidReason invalidReason{};
    std::int64_t start = 0, end = 0; ///< microseconds since the epoch, start <= end
    std::uint64_t packets = 0;       ///< at least 1
    WideSum bytes;
    bool establishmentComplete = false, dataTransferStarted = false, closingStarted = false, ongoing = false;
    std::string_view chunkFile; ///< the plain name of a file in the folder flows
    std::uint32_t chunkIndex = 0;
};

/// In the order of the file. Errors: those of forEachElement(); DatasetSyntax for an entry that is none.
Result<void> readFlowIndex(const std::filesystem::path& file, const ReadBeat& goOn,
                           const std::function<Result<void>(const IndexEntry&)>& visit);

/// Whether the text names a file in a folder, whatever the system: no way out of the folder.
bool isPlainFileName(std::string_view name);

} // namespace packetloom
