// SPDX-FileCopyrightText: The Packetloom developers
// SPDX-License-Identifier: GPL-3.0-or-later

#pragma once

#include "core/flow/packed_flow.h"
#include "core/model/address_table.h"
#include "core/shard/block_ends.h"
#include "core/shard/block_file.h"
#include "core/shard/job.h"
#include "core/shard/packed_bytes.h"
#include "core/shard/packet_shapes.h"
#include "core/shard/quick_bytes.h"
#include "core/support/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace packetloom {

inline constexpr std::string_view flowsFile = "flows";
BlockFileName flowFileName(const Job& job, std::size_t shard);

/// The flows of a part, in the order in which they were judged, and the rows of all their first packets
/// (docs/scale.md, 6). PackedFlow::number is the place among those of the part.
class FlowFileWriter final : public FlowSink
{
public:
    FlowFileWriter(const std::filesystem::path& folder, const BlockFileName& name,
                   const AddressTable& addresses);

    /// What comes now was judged at the end of this read chunk; they grow.
    void judgedAt(std::uint64_t chunk);
    bool take(const PackedFlow& flow) override;
    /// Rows of the first packets of all flows that will be taken, in order.
    void opened(const std::vector<std::uint64_t>& rows);
    [[nodiscard]] const std::optional<Error>& failure() const { return error_; }
    Result<void> finish();

private:
    void endBlock();
    void endOpened();
    void writeLong(const PackedFlow& flow);
    static bool areShort(std::span<const FlowPacket> packets);
    void putOthers(std::span<const FlowPacket> packets);
    std::string_view restOf(const PackedFlow& flow, FlowPacket& first);

    BlockWriter file_;
    BlockEndsOut ends_;
    PacketShapes shapes_; ///< of the block's flows, each of its first packet
    QuickOut flows_;
    std::int64_t lastTime_ = 0;
    BytesOut block_, opened_;
    std::uint64_t chunk_ = 0, count_ = 0, firstRow_ = 0, lastRow_ = 0, lastOpened_ = 0;
    std::uint64_t openedRows_ = 0; ///< of the block
    std::vector<std::uint8_t> bytes_;
    std::optional<Error> error_;
};

/// What one block of flows has, as far as the list of blocks tells.
struct FlowBlock
{
    std::pair<std::uint64_t, std::uint64_t> place; ///< their judgement, and the first row of the first one
    std::uint64_t flows = 0;                       ///< how many
    std::size_t block = 0;                         ///< index into BlockReader::blocks()
};

class FlowFileReader
{
public:
    using Flow = PackedFlow;
    using Place = std::pair<std::uint64_t, std::uint64_t>; ///< judgement, row of the first packet

    /// What is no such file, though its checksums are right, is JobTrouble::Damaged here or when it is met.
    /// Errors: JobTrouble::Damaged, Open, Read.
    static Result<std::unique_ptr<FlowFileReader>> open(const std::filesystem::path& folder,
                                                        const BlockFileName& name, AddressTable& addresses);

    [[nodiscard]] const std::vector<FlowBlock>& blocks() const { return blocks_; }
    /// As many rows as all blocks have flows. False of `each` ends it with Cancelled.
    Result<void> forEachOpened(const std::function<bool(std::uint64_t row)>& each) const;

    /// The next flow is the first of this one of blocks().
    void goTo(std::size_t block);
    /// Null at the end. Valid until the next call.
    Result<const PackedFlow*> next();
    /// Of the flow that next() gave.
    [[nodiscard]] Place place() const { return {blocks_[at_].place.first, row_}; }

private:
    FlowFileReader(BlockReader file, AddressTable& addresses) : file_(std::move(file)), addresses_(addresses)
    {
    }
    Result<void> readList();
    Result<void> readBlock();
    Result<std::shared_ptr<const SpilledPackets>> readLong();
    bool takePackets(unsigned bits);
    bool takeOthers();

    BlockReader file_;
    AddressTable& addresses_;
    std::weak_ptr<File> raw_; ///< the same file, while long flows that stand in it are in use
    std::vector<FlowBlock> blocks_;
    std::size_t at_ = 0, next_ = 0; ///< in blocks_: at hand, and after that
    std::string bytes_, longBytes_;
    QuickIn in_; ///< in bytes_: the flows that are left of the block
    BlockEndsIn ends_;
    PacketShapes shapes_;
    std::int64_t lastTime_ = 0;        ///< of the first packet of the last flow in the block
    std::vector<FlowPacket> plain_;    ///< of the flow at hand, if they are few
    std::vector<std::uint8_t> packed_; ///< else
    std::uint64_t left_ = 0;           ///< how many
    std::uint64_t row_ = 0;
    PackedFlow flow_;
};

} // namespace packetloom
