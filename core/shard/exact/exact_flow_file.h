// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/exact/exact_flow.h"
#include "core/model/address_table.h"
#include "core/shard/block_ends.h"
#include "core/shard/block_file.h"
#include "core/shard/packed_bytes.h"
#include "core/shard/quick_bytes.h"
#include "core/support/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
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

/// What many flows of a block have in common (the rest of packExactFlow()), each once as long as it is one of
/// those that were told last: of a scan's or flood's flows it is most of them. Both sides keep them alike.
class ToldRests
{
public:
    static constexpr unsigned most = 255; ///< numbers are below

    /// The number of the next one, which takes the place of the oldest.
    unsigned next()
    {
        const unsigned number = next_;
        next_ = next_ + 1 == most ? 0 : next_ + 1;
        return number;
    }
    std::string_view& operator[](unsigned number) { return rests_[number]; }

private:
    std::array<std::string_view, most> rests_{};
    unsigned next_ = 0;
};

/// Flows of the exact engine in the order of their places (docs/scale.md, 6).
class ExactFlowWriter
{
public:
    /// `path` must not exist. `addresses` has those of the flows.
    ExactFlowWriter(const std::filesystem::path& path, const BlockFileName& name,
                    const AddressTable& addresses);

    void add(const ExactFlow& flow);
    /// One that packExactFlow() wrote.
    void add(std::span<const std::uint8_t> packed);
    [[nodiscard]] bool failed() const { return file_.failed(); }
    [[nodiscard]] const Error& error() const { return file_.error(); }
    Result<void> finish();

private:
    void endBlock();
    void putRest(std::string_view rest);

    BlockWriter file_;
    BlockEndsOut ends_;
    ToldRests told_;
    std::string toldTexts_; ///< of told_, a place for each
    // Numbers of told_ by a hash, the last one of each.
    std::array<std::uint8_t, std::size_t{1} << 10> places_{};
    QuickOut flows_;
    BytesOut block_;
    std::vector<std::uint8_t> packed_;
    ExactFlow flow_;          ///< of which its own is known
    ExactPlace first_, last_; ///< of the block
    std::uint64_t count_ = 0;
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
    bool takeFlow();

    BlockReader file_;
    AddressTable& addresses_;
    std::vector<Block> blocks_;
    std::size_t next_ = 0; ///< block
    std::string bytes_;
    QuickIn in_;             ///< in bytes_: the flows that are left of the block
    std::uint64_t left_ = 0; ///< how many
    BlockEndsIn ends_;
    ToldRests told_;                   ///< in bytes_
    unsigned known_ = ToldRests::most; ///< whose rest flow_ has; none of the block
    std::int64_t lasting_ = 0;         ///< from its first to its last packet
    ExactFlow flow_;
};

} // namespace packetloom
