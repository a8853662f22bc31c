// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"
#include "core/model/address_table.h"
#include "core/shard/block_file.h"
#include "core/shard/packed_bytes.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <tsl/robin_map.h>
#include <utility>
#include <vector>

namespace packetloom {

/// In which order the exact engine's flows stand in an output: by the time of their first packet, then by its
/// row.
using ExactPlace = std::pair<std::int64_t, std::uint64_t>;
inline ExactPlace placeOf(const ExactFlowHead& flow)
{
    return {flow.start, flow.firstRow};
}

/// Flows of the exact engine in the order of their places (docs/scale.md, 6).
class ExactFlowWriter
{
public:
    /// `path` must not exist. `addresses` has those of the flows.
    ExactFlowWriter(const std::filesystem::path& path, const BlockFileName& name,
                    const AddressTable& addresses)
        : file_(path, name), addresses_(addresses)
    {
    }

    void add(ExactFlow flow);
    [[nodiscard]] bool failed() const { return file_.failed(); }
    [[nodiscard]] const Error& error() const { return file_.error(); }
    Result<void> finish();

private:
    void endBlock();
    AddressId numberOf(AddressId id);

    BlockWriter file_;
    const AddressTable& addresses_;
    tsl::robin_map<std::uint32_t, std::uint32_t> numbers_; ///< of addresses in the block
    BytesOut texts_, lengths_, block_;
    std::vector<std::uint8_t> flows_;
    std::uint64_t count_ = 0;
    ExactPlace first_; ///< of the block
};

/// See MergedFlows.
class ExactFlowReader
{
public:
    using Flow = ExactFlow;
    using Place = ExactPlace;
    struct Block
    {
        Place place; ///< of its first flow
        std::uint64_t flows = 0;
    };

    /// `addresses` receives those of the flows. Errors: JobTrouble::Damaged, Open, Read.
    static Result<std::unique_ptr<ExactFlowReader>> open(const std::filesystem::path& path,
                                                         const BlockFileName& name, AddressTable& addresses);

    [[nodiscard]] const std::vector<Block>& blocks() const { return blocks_; }
    /// The next flow is the first of this one of blocks().
    void goTo(std::size_t block)
    {
        next_ = block;
        left_ = 0;
    }
    /// Null at the end. Valid until the next call.
    Result<const ExactFlow*> next();
    [[nodiscard]] Place place() const { return placeOf(flow_); }

private:
    ExactFlowReader(BlockReader file, AddressTable& addresses) : file_(std::move(file)), addresses_(addresses)
    {
    }
    Result<void> readBlock();

    BlockReader file_;
    AddressTable& addresses_;
    std::vector<Block> blocks_;
    std::size_t next_ = 0; ///< block
    std::string bytes_;
    const std::uint8_t* at_ = nullptr;   ///< in bytes_: the flows that are left of the block
    std::uint64_t left_ = 0;             ///< how many
    std::vector<std::uint64_t> lengths_; ///< of the block's flows, packed
    std::vector<AddressId> ids_;
    ExactFlow flow_;
};

} // namespace packetloom
